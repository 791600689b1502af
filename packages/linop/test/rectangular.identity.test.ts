import { runInNewContext } from 'node:vm';
import type { FloatArray } from '@hyperribbon/kernels';
import { describe, expect, it } from 'vitest';
import {
  asDtype,
  assertRectangular,
  cyclicOperator,
  ContractError,
  diagonal,
  fromDense,
  fromDenseRectangular,
  fromMatvec,
  fromMatvecs,
  guardOperator,
  isRectangular,
  materialize,
  NonFiniteError,
  normalOperator,
  type LinearOperator,
} from '@hyperribbon/linop';

const a = Float64Array.of(1, 2, 3, 4, 5, 6);
const A = fromDenseRectangular(a, 2, 3);
const slow = fromMatvecs(2, 3, {
  apply: async (x) => Float64Array.of(x[0] + 2 * x[1] + 3 * x[2], 4 * x[0] + 5 * x[1] + 6 * x[2]),
  applyTranspose: async (y, out) => void out.set([y[0] + 4 * y[1], 2 * y[0] + 5 * y[1], 3 * y[0] + 6 * y[1]]),
});

describe('rectangular operators', () => {
  it('the cyclic operator is [[0, A], [Aᵀ, 0]], the normal one the smaller of AᵀA and AAᵀ', async () => {
    for (const op of [A, slow]) {
      // prettier-ignore
      expect(await materialize(cyclicOperator(op))).toEqual(Float64Array.of(
        0, 0, 1, 2, 3,  0, 0, 4, 5, 6,  1, 4, 0, 0, 0,  2, 5, 0, 0, 0,  3, 6, 0, 0, 0));
      expect(await materialize(normalOperator(op))).toEqual(Float64Array.of(14, 32, 32, 77));
    }
    const tall = fromDenseRectangular(Float64Array.of(1, 4, 2, 5, 3, 6), 3, 2);
    expect(await materialize(normalOperator(tall))).toEqual(Float64Array.of(14, 32, 32, 77));
  });
  it('sizes, dtypes and functions are checked', () => {
    expect(() => fromDenseRectangular(a, 2, 2)).toThrow(/a must have length 4, got 6/);
    expect(() => assertRectangular({ ...A, rows: -1 }, 'svds')).toThrow(/^svds: op.rows .*got op.rows=-1/);
    expect(() => assertRectangular({ ...A, applyTranspose: 3 } as never, 'svds')).toThrow(/^svds: .*applyTranspose/);
    expect(() => assertRectangular({ ...A, dtype: 'int8' } as never, 'svds')).toThrow(/int8/);
    expect(() => fromMatvecs(1.5, 2, { apply: () => undefined, applyTranspose: () => undefined })).toThrow(/1.5/);
    expect([isRectangular(A), isRectangular(diagonal(a))]).toEqual([true, false]);
  });
  it('what a product returns is checked against the right side', async () => {
    const wrong = fromMatvecs(2, 3, { apply: () => new Float64Array(3), applyTranspose: () => new Float64Array(3) });
    await expect(async () => wrong.apply(new Float64Array(3), new Float64Array(2))).rejects.toThrow(
      /returned length 3, expected 2/,
    );
  });
});

describe('asDtype', () => {
  it('converts both ways, blocks too, and is the operator itself where nothing changes', async () => {
    const op = fromDense(Float64Array.of(2, 1, 1, 1 / 3), 2);
    expect(asDtype(op, 'float64')).toBe(op);
    const narrow = asDtype(op, 'float32');
    const out = new Float32Array(2);
    await narrow.apply(Float32Array.of(1, 1), out);
    expect(Array.from(out)).toEqual([3, Math.fround(4 / 3)]);
    expect(narrow.applyBlock).toBeUndefined();
    const block: LinearOperator = { ...diagonal(Float32Array.of(2, 3)), applyBlock: async (x, y) => void y.set(x) };
    const wide = asDtype(block, 'float64');
    const y = new Float64Array(4);
    await wide.applyBlock!(Float64Array.of(1, 2, 3, 4), y, 2);
    expect(Array.from(y)).toEqual([1, 2, 3, 4]);
    expect(() => asDtype(op, 'float16' as 'float32')).toThrow(/float16/);
  });
});

describe('operators that break the contract, at call 1', () => {
  const x = Float64Array.of(1, 2, 3);
  const detached = (): Float64Array => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const view = new Float64Array(memory.buffer, 0, 3);
    memory.grow(1);
    return view;
  };
  const cases: [string, () => unknown, RegExp][] = [
    ['wrong length', () => new Float64Array(2), /length 2, expected 3/],
    ['another dtype', () => new Float32Array(3), /Float32Array/],
    ['a plain array', () => [1, 2, 3], /an array of length 3/],
    ['a number', () => 7, /returned 7;/],
    ['null', () => null, /returned null;/],
    ['a view that memory.grow detached', detached, /length 0, expected 3 .*detached/],
  ];
  for (const [name, result, message] of cases) {
    it(`${name}: a ContractError, returned or promised`, async () => {
      for (const matvec of [result, async () => result()]) {
        const guard = guardOperator(fromMatvec(3, matvec as never), 1, 'solver');
        const error = await Promise.resolve()
          .then(() => guard.multiply(x))
          .catch((e: unknown) => e);
        expect(error).toBeInstanceOf(ContractError);
        expect((error as Error).message).toMatch(message);
        expect(guard.matvecs).toBe(0);
      }
    });
  }
  it('its own input', () => {
    const guard = guardOperator(
      fromMatvec(3, (v) => v),
      1,
      'solver',
    );
    expect(() => guard.multiply(x)).toThrow(/own input/);
  });
  it('nothing written, nothing returned: the entry is named', () => {
    const guard = guardOperator(
      fromMatvec(3, () => undefined),
      1,
      'solver',
    );
    expect(() => guard.multiply(x)).toThrow(NonFiniteError);
    expect(() => guard.multiply(x)).toThrow(/product 1 has NaN at position 0 .*write every entry/);
  });
  it('an apply that returns in place of writing, or detaches out: a ContractError that says which', async () => {
    const faults: [apply: unknown, message: RegExp][] = [
      [
        (v: Float64Array) => v.slice(),
        /returned a Float64Array of length 3 at product 1 and left out unwritten at position 0/,
      ],
      [async (v: Float64Array) => v.slice(), /returned a Float64Array of length 3 at product 1/],
      [(_: Float64Array, out: Float64Array) => void structuredClone(out, { transfer: [out.buffer] }), /detached out/],
    ];
    for (const [apply, message] of faults) {
      const guard = guardOperator({ size: 3, dtype: 'float64', apply } as LinearOperator, 1, 'solver');
      const error = await Promise.resolve()
        .then(() => guard.multiply(x))
        .catch((e: unknown) => e);
      expect(error).toBeInstanceOf(ContractError);
      expect((error as Error).message).toMatch(message);
    }
    // written and returned: nothing wrong; NaN that was computed: not the contract's fault
    const both = { ...diagonal(x), apply: (v: FloatArray, out: FloatArray) => out.fill(v[0]) } as never;
    expect(Array.from(await guardOperator(both, 1, 'solver').multiply(x))).toEqual([1, 1, 1]);
    const computed = { ...diagonal(x), apply: (_: FloatArray, out: FloatArray) => out.fill(NaN) } as never;
    expect(() => guardOperator(computed, 1, 'solver').multiply(x)).toThrow(NonFiniteError);
  });
  it('a promise of another realm, no instance of Promise here, is waited for', async () => {
    const foreign = runInNewContext('(f) => Promise.resolve().then(f)') as (f: () => void) => Promise<void>;
    const op: LinearOperator = { size: 3, dtype: 'float64', apply: (_, out) => foreign(() => void out.fill(4)) };
    expect(op.apply(x, x.slice())).not.toBeInstanceOf(Promise);
    expect(Array.from(await guardOperator(op, 1, 'solver').multiply(x))).toEqual([4, 4, 4]);
  });
  it('one lane of a block is not finite: call and position are those of the lane', () => {
    const op: LinearOperator = {
      ...diagonal(Float64Array.of(1, 1, 1)),
      applyBlock: (v, out) => {
        out.set(v);
        out[7] = Infinity;
      },
    };
    const guard = guardOperator(op, 4, 'solver');
    guard.matvecs = 10;
    let error: unknown;
    try {
      void guard.multiply(new Float64Array(12), 4);
    } catch (e) {
      error = e;
    }
    expect(error).toMatchObject({ name: 'NonFiniteError', call: 13, position: 1 });
  });
  it('sends its input away, or changes one entry of it: the next product has another one', async () => {
    const misdeeds: ((v: Float64Array) => void)[] = [
      (v) => void structuredClone(v, { transfer: [v.buffer as ArrayBuffer] }),
      (v) => void (v[2] = -7),
    ];
    for (const misdeed of misdeeds) {
      const guard = guardOperator(
        fromMatvec(3, (v, out) => {
          out.set(v);
          misdeed(v as Float64Array);
        }),
        1,
        'solver',
      );
      for (let i = 0; i < 4; i++) expect(Array.from(await guard.multiply(x))).toEqual([1, 2, 3]);
    }
  });
  it('keeps its input and changes it later: the caller’s vector stays', async () => {
    let kept: Float64Array = new Float64Array(3);
    const guard = guardOperator(
      fromMatvec(3, (v, out) => {
        kept.fill(9);
        kept = v;
        out.set(v);
      }),
      1,
      'solver',
    );
    const mine = x.slice();
    for (let i = 0; i < 3; i++) expect(Array.from(await guard.multiply(mine))).toEqual([1, 2, 3]);
    expect(mine).toEqual(x);
  });
});
