import { describe, expect, it } from 'vitest';
import {
  add,
  compose,
  deflate,
  diagonal,
  fromDense,
  fromMatvec,
  guardOperator,
  kroneckerSum,
  materialize,
  NonFiniteError,
  OperatorError,
  scale,
  shift,
  type LinearOperator,
} from '@hyperribbon/linop';
import type { FloatArray } from '@hyperribbon/kernels';

const a = Float64Array.of(2, -1, 0, -1, 2, -1, 0, -1, 2);
const A = fromDense(a, 3);

describe('combinators against their matrices', () => {
  it('materialize returns the matrix that fromDense was given', async () => expect(await materialize(A)).toEqual(a));
  it('scale, shift, add, compose', async () => {
    expect(await materialize(scale(A, -3))).toEqual(a.map((x) => -3 * x));
    expect(await materialize(shift(A, 5))).toEqual(a.map((x, i) => (i % 4 === 0 ? x + 5 : x)));
    expect(await materialize(add(A, diagonal(Float64Array.of(1, 2, 3))))).toEqual(
      Float64Array.of(3, -1, 0, -1, 4, -1, 0, -1, 5),
    );
    expect(await materialize(compose(A, A))).toEqual(Float64Array.of(5, -4, 1, -4, 6, -4, 1, -4, 5));
    // right to left: A D scales columns, D A would scale rows
    expect(await materialize(compose(A, diagonal(Float64Array.of(1, 2, 3))))).toEqual(
      Float64Array.of(2, -2, 0, -1, 4, -3, 0, -2, 6),
    );
  });
  it('the same with an asynchronous operator', async () => {
    const slow = fromMatvec(3, async (x) => {
      await Promise.resolve();
      return Float64Array.of(2 * x[0] - x[1], 2 * x[1] - x[0] - x[2], 2 * x[2] - x[1]);
    });
    expect(await materialize(slow)).toEqual(a);
    expect(await materialize(add(shift(slow, 1), scale(slow, -1)))).toEqual(Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1));
    expect(await materialize(compose(slow, slow))).toEqual(await materialize(compose(A, A)));
  });
  it('deflate is P A P: zero on the rows, A elsewhere', async () => {
    const D = diagonal(Float64Array.of(5, 6, 7));
    expect(await materialize(deflate(D, Float64Array.of(0, 1, 0)))).toEqual(Float64Array.of(5, 0, 0, 0, 0, 0, 0, 0, 7));
  });
  it('kroneckerSum has the sums of eigenvalues', async () => {
    const K = await materialize(kroneckerSum(diagonal(Float64Array.of(1, 2)), diagonal(Float64Array.of(10, 20, 30))));
    expect(Array.from({ length: 6 }, (_, i) => K[i * 7])).toEqual([11, 21, 31, 12, 22, 32]);
    expect(K.filter((x) => x !== 0).length).toBe(6);
  });
  it('take blocks where a part does, in one call of it, with the bits of single products', async () => {
    for (const later of [false, true]) {
      const widths: number[] = [];
      const columnwise = (x: FloatArray, out: FloatArray): void => {
        for (let j = 0; j < x.length; j += 3) A.apply(x.subarray(j, j + 3), out.subarray(j, j + 3));
      };
      const block: LinearOperator = {
        ...A,
        applyBlock(x, out, columns) {
          widths.push(columns);
          columnwise(x, out);
          if (later) return Promise.resolve();
        },
      };
      const plain = fromMatvec(3, later ? async (x, out) => void A.apply(x, out) : (x, out) => void A.apply(x, out));
      const rows = Float64Array.of(0.6, 0, 0.8);
      const x = Float64Array.from({ length: 12 }, (_, i) => Math.sin(i + 1));
      for (const build of [
        (op: LinearOperator) => scale(op, -3),
        (op: LinearOperator) => shift(op, 5),
        (op: LinearOperator) => add(op, plain),
        (op: LinearOperator) => compose(plain, op),
        (op: LinearOperator) => deflate(op, rows),
      ]) {
        const out = new Float64Array(12);
        const expected = new Float64Array(12);
        await build(block).applyBlock!(x, out, 4);
        for (let j = 0; j < 12; j += 3) await build(A).apply(x.subarray(j, j + 3), expected.subarray(j, j + 3));
        expect(out).toEqual(expected);
        expect(build(A).applyBlock).toBeUndefined();
      }
      expect(widths).toEqual([4, 4, 4, 4, 4]);
      expect(await materialize(kroneckerSum(block, diagonal(Float64Array.of(1, 2))))).toEqual(
        await materialize(kroneckerSum(A, diagonal(Float64Array.of(1, 2)))),
      );
      expect(widths.slice(5)).toEqual(Array.from({ length: 6 }, () => 2));
    }
  });
  it('materialize tells how far it is, and ends with its signal or with what its listener throws', async () => {
    let calls = 0;
    const slow = fromMatvec(3, async (x, out) => {
      calls++;
      await new Promise((resolve) => setTimeout(resolve, 50));
      out.set(x);
    });
    const seen: unknown[] = [];
    await materialize(slow, { onProgress: ({ done, of, secondsLeft }) => seen.push([done, of, secondsLeft! > 0]) });
    expect(seen).toEqual([
      [1, 3, true],
      [2, 3, true],
    ]);
    const stop = new Error('enough');
    const onProgress = (): never => {
      throw stop;
    };
    await expect(materialize(slow, { onProgress })).rejects.toBe(stop);
    const controller = new AbortController();
    const aborting = materialize(slow, { signal: controller.signal, onProgress: () => controller.abort('enough') });
    await expect(aborting).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
    expect(calls).toBe(3 + 1 + 1);
  });
  it('sizes and dtypes must agree, and messages show both', () => {
    expect(() => add(A, diagonal(new Float64Array(2)))).toThrow(/^add: sizes must agree, got 3 and 2/);
    expect(() => compose(A, diagonal(new Float32Array(3)))).toThrow(
      /^compose: dtypes must agree, got float64 and float32/,
    );
    expect(() => fromDense(new Float64Array(5), 2)).toThrow(/^fromDense: a must have length 4, got 5/);
    expect(() => fromMatvec(-1, () => undefined)).toThrow(/^fromMatvec: size .*got size=-1/);
  });
});

describe('guarded products', () => {
  it('count calls and name the call that is not finite', async () => {
    let call = 0;
    const guard = guardOperator(
      fromMatvec(4, (x) => x.map((v) => (++call > 4 * 56 && v === 1 ? Infinity : v))),
      1,
      'solver',
    );
    for (let i = 0; i < 56; i++) await guard.multiply(new Float64Array(4));
    const error = await Promise.resolve()
      .then(() => guard.multiply(Float64Array.of(0, 0, 1, 0)))
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NonFiniteError);
    expect((error as NonFiniteError).call).toBe(57);
    expect((error as NonFiniteError).position).toBe(2);
    expect(guard.matvecs).toBe(56);
    expect(Array.from(await guard.multiply(Float64Array.of(5, 0, 0, 0)))).toEqual([5, 0, 0, 0]);
  });
  it('keep the very error object of the operator as cause, thrown or rejected', async () => {
    const cause = new Error('device lost');
    for (const f of [
      (): void => {
        throw cause;
      },
      () => Promise.reject(cause),
    ]) {
      const guard = guardOperator(fromMatvec(2, f), 1, 'solver');
      const error = await Promise.resolve()
        .then(() => guard.multiply(new Float64Array(2)))
        .catch((e: unknown) => e);
      expect(error).toBeInstanceOf(OperatorError);
      expect((error as OperatorError).cause).toBe(cause);
    }
  });
  it('hand out a copy of x: an operator that changes or keeps it cannot harm', async () => {
    const x = Float64Array.of(1, 2);
    const guard = guardOperator(
      fromMatvec(2, (v, out) => void (out.set(v), v.fill(9))),
      1,
      'solver',
    );
    await guard.multiply(x);
    expect(x).toEqual(Float64Array.of(1, 2));
  });
});
