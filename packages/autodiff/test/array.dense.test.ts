import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as ad from './everything.js';
import type { DataArray, Tensor } from './everything.js';

type Value = { data: DataArray; shape: readonly number[] };
const given = (data: readonly number[], ...shape: number[]): Value => ({ data: Float64Array.from(data), shape });
const at = (data: readonly number[], ...shape: number[]): Value => ({ data: Int32Array.from(data), shape });
/** the function on numbers, by the planned executor and by plain evaluation, which must agree to the bit */
function run(f: (...args: never[]) => Tensor, ...args: readonly Value[]): number[] {
  const specs = args.map(({ data, shape }) =>
    data instanceof Int32Array
      ? ad.int32(...shape)
      : data instanceof Float32Array
        ? ad.float32(...shape)
        : ad.float64(...shape),
  );
  const planned = ad.compile(f as never, specs, { deterministic: true }) as unknown as (...a: DataArray[]) => DataArray;
  const compiled = [...planned(...args.map(({ data }) => data))];
  expect(compiled).toEqual([...(ad.evaluateFunction(f, args) as DataArray)]);
  return compiled;
}
const specials = [NaN, -Infinity, Infinity, 0, -0, 1, -1, 5e-324, -1e308, 2 ** 52 + 1, 0.5, 2.5];

describe('comparisons', () => {
  const pairs = specials.flatMap((x) => specials.map((y) => [x, y] as const));
  const left = given(
    pairs.map(([x]) => x),
    pairs.length,
  );
  const right = given(
    pairs.map(([, y]) => y),
    pairs.length,
  );
  const truth = (test: (x: number, y: number) => boolean): number[] => pairs.map(([x, y]) => (test(x, y) ? 1 : 0));

  it('are those of IEEE, NaN and infinities included', () => {
    expect(run(ad.less, left, right)).toEqual(truth((x, y) => x < y));
    expect(run(ad.lessEqual, left, right)).toEqual(truth((x, y) => x <= y));
    expect(run(ad.greaterEqual, left, right)).toEqual(truth((x, y) => x >= y));
    expect(run(ad.equal, left, right)).toEqual(truth((x, y) => x === y));
    expect(run(ad.notEqual, left, right)).toEqual(truth((x, y) => x !== y));
    expect(run(ad.isNaN, left)).toEqual(truth((x) => Number.isNaN(x)));
    expect(run(ad.logicalNot, left)).toEqual(truth((x) => x === 0));
  });

  it('take int32 up to its ends', () => {
    const [x, y] = [at([2147483647, -2147483648, 3], 3), at([2147483646, 0, 3], 3)];
    expect(run(ad.equal, x, y)).toEqual([0, 0, 1]);
    expect(run(ad.less, x, y)).toEqual([0, 1, 0]);
  });
});

describe('rounding', () => {
  const even = (x: number): number => {
    const low = Math.floor(x);
    if (x - low !== 0.5) return Math.round(x);
    return low % 2 === 0 ? low : low + 1;
  };

  it('is exact over the range of float64', () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { minLength: 1, maxLength: 20 }), (numbers) => {
        const x = given(numbers, numbers.length);
        const plus = (values: number[]): number[] => values.map((v) => v + 0);
        expect(plus(run(ad.floor, x))).toEqual(plus(numbers.map(Math.floor)));
        expect(plus(run(ad.ceil, x))).toEqual(plus(numbers.map(Math.ceil)));
        expect(plus(run(ad.round, x))).toEqual(plus(numbers.map(even)));
      }),
      { seed: 3, numRuns: 60 },
    );
  });

  it('is exact in float32 on both sides of 2^23', () => {
    const numbers = [2 ** 23 - 0.5, 2 ** 23 + 1, 2 ** 22 + 0.5, -(2 ** 22) - 1.5, 0.49999997, 1e38, -1e-38];
    const x = { data: Float32Array.from(numbers), shape: [numbers.length] };
    expect(run(ad.floor, x).map((v) => v + 0)).toEqual(Array.from(x.data, (v) => Math.floor(v) + 0));
    expect(run(ad.ceil, x).map((v) => v + 0)).toEqual(Array.from(x.data, (v) => Math.ceil(v) + 0));
  });

  it('has no derivative', () => {
    expect(run(ad.grad((x: Tensor) => ad.sum(ad.floor(x))) as never, given([1.5, 2], 2))).toEqual([0, 0]);
  });
});

describe('order along an axis', () => {
  it('argsort is stable and puts NaN last, whichever way', () => {
    const x = given([2, NaN, 1, 2, -Infinity, 1], 6);
    expect(run((t: Tensor) => ad.argsort(t), x)).toEqual([4, 2, 5, 0, 3, 1]);
    expect(run((t: Tensor) => ad.argsort(t, -1, { descending: true }), x)).toEqual([0, 3, 2, 5, 4, 1]);
  });

  it('sort, topK, argmax and argmin agree with plain loops on any axis', () => {
    const shape = [3, 5, 2];
    const data = Array.from({ length: 30 }, (_, i) => ((i * 37 + 5) % 11) - 4);
    const x = given(data, ...shape);
    for (const axis of [0, 1, 2, -1]) {
      const line = axis < 0 ? axis + 3 : axis;
      const stride = [10, 2, 1][line];
      const lines = data.flatMap((_, i) => (Math.floor(i / stride) % shape[line] === 0 ? [i] : []));
      const entries = lines.map((first) => Array.from({ length: shape[line] }, (_, k) => data[first + k * stride]));
      const sorted = run((t: Tensor) => ad.sort(t, axis), x);
      lines.forEach((first, i) =>
        expect(entries[i].map((_, k) => sorted[first + k * stride])).toEqual(entries[i].toSorted((a, b) => a - b)),
      );
      expect(run((t: Tensor) => ad.argmax(t, axis), x)).toEqual(entries.map((e) => e.indexOf(Math.max(...e))));
      expect(run((t: Tensor) => ad.argmin(t, axis), x)).toEqual(entries.map((e) => e.indexOf(Math.min(...e))));
    }
    expect(run((t: Tensor) => ad.topK(t, 2).values, given([1, 5, 3, 9, 2, 9], 2, 3))).toEqual([5, 3, 9, 9]);
    expect(run((t: Tensor) => ad.topK(t, 2).positions, given([1, 5, 3, 9, 2, 9], 2, 3))).toEqual([1, 2, 0, 2]);
  });

  it('argmax takes NaN for the largest, one entry, int32 and a stack of examples', () => {
    expect(run((t: Tensor) => ad.argmax(t), given([1, NaN, 3], 3))).toEqual([1]);
    expect(run((t: Tensor) => ad.argmax(t, 0), given([7], 1))).toEqual([0]);
    expect(run((t: Tensor) => ad.argmax(t), at([3, 9, 9], 3))).toEqual([1]);
    expect(run(ad.vmap((t: Tensor) => ad.argmax(t)) as never, given([1, 2, 3, 9, 8, 7], 2, 3))).toEqual([2, 0]);
    expect(run((t: Tensor) => ad.argsort(t), given([], 2, 0))).toEqual([]);
  });
});

describe('positions', () => {
  it('take reads whole slices, on any axis', () => {
    const x = given(
      Array.from({ length: 12 }, (_, i) => i),
      2,
      3,
      2,
    );
    expect(run((t: Tensor, i: Tensor) => ad.take(t, i, 1), x, at([2, 0], 2))).toEqual([4, 5, 0, 1, 10, 11, 6, 7]);
    expect(run((t: Tensor, i: Tensor) => ad.take(t, i, -1), x, at([1], 1, 1))).toEqual([1, 3, 5, 7, 9, 11]);
    expect(run((t: Tensor, i: Tensor) => ad.take(t, i), x, at([], 0))).toEqual([]);
    expect(run((t: Tensor, i: Tensor) => ad.take(t, i), x, { data: Int32Array.of(1), shape: [] })).toEqual([
      6, 7, 8, 9, 10, 11,
    ]);
  });

  it('refuses what is outside the axis though it is inside the array', () => {
    const x = given([1, 2, 3, 4, 5, 6], 2, 3);
    for (const bad of [3, -1]) {
      const call = (f: (t: Tensor, i: Tensor) => Tensor, i: Value) => (): DataArray =>
        ad.evaluateFunction(f as never, [x, i]) as DataArray;
      expect(call((t, i) => ad.take(t, i, 1), at([bad], 1))).toThrow(`index must be in [0, 3), got ${bad}`);
      expect(call((t, i) => ad.takeAlong(t, i, 1), at([0, bad], 2, 1))).toThrow(`index must be in [0, 3), got ${bad}`);
      const planned = ad.compile((t: Tensor, i: Tensor) => ad.take(t, i, 1), [ad.float64(2, 3), ad.int32(1)]);
      expect(() => planned(Float64Array.of(1, 2, 3, 4, 5, 6), Int32Array.of(bad))).toThrow(`got ${bad}`);
    }
  });

  it('an embedding receives the sum of what its tokens get', () => {
    const f = ad.grad((table: Tensor, tokens: Tensor) => ad.sum(ad.mul(ad.take(table, tokens), constant)));
    const constant = ad.constant(Float64Array.of(1, 2, 3, 4, 5, 6), [3, 2]);
    expect(run(f as never, given([0, 0, 0, 0, 0, 0], 3, 2), at([2, 0, 2], 3))).toEqual([3, 4, 0, 0, 6, 8]);
  });

  it('oneHot keeps the shape of the labels', () => {
    expect(run((y: Tensor) => ad.oneHot(y, 2, 'float32'), at([1, 0, 0, 1], 2, 2))).toEqual([0, 1, 1, 0, 1, 0, 0, 1]);
  });
});

describe('sums by letters', () => {
  const [a, b] = [given([1, 2, 3, 4, 5, 6], 2, 3), given([1, -1, 2, 0.5, 3, 4], 3, 2)];
  it.each([
    ['ij->ji', [a], [1, 4, 2, 5, 3, 6]],
    ['ij->', [a], [21]],
    ['ij->j', [a], [5, 7, 9]],
    ['ij,jk->ik', [a, b], [14, 12, 32, 22.5]],
    ['ij,jk', [a, b], [14, 12, 32, 22.5]],
    ['ij,ji->', [a, b], [36.5]],
    ['ii->i', [given([1, 2, 3, 4], 2, 2)], [1, 4]],
    ['ii', [given([1, 2, 3, 4], 2, 2)], [5]],
    ['i,j->ji', [given([1, 2], 2), given([3, 4], 2)], [3, 6, 4, 8]],
    [',i->i', [{ data: Float64Array.of(2), shape: [] }, given([3, 4], 2)], [6, 8]],
    ['ij->ij', [given([], 0, 3)], []],
    ['ij,jk->ik', [given([], 2, 0), given([], 0, 2)], [0, 0, 0, 0]],
  ] as const)('%s', (subscripts, operands, expected) => {
    const f = (...tensors: Tensor[]): Tensor => ad.einsum(subscripts, ...tensors);
    expect(run(f as never, ...(operands as readonly Value[]))).toEqual(expected);
  });

  it('agrees with loops on random subscripts', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 3 });
    const lengths: Record<string, number> = { a: 2, b: 3, c: 1, d: 2 };
    fc.assert(
      fc.property(fc.array(letters, { minLength: 1, maxLength: 3 }), fc.integer(), (inputs, salt) => {
        const all = [...new Set(inputs.flat())];
        const output = all.filter((_, i) => ((salt >> i) & 1) === 1);
        const operands = inputs.map((own, k) => {
          const shape = own.map((letter) => lengths[letter]);
          const n = shape.reduce((x, y) => x * y, 1);
          return given(
            Array.from({ length: n }, (_, i) => ((i * 7 + k * 3 + 2) % 9) - 4),
            ...shape,
          );
        });
        const expected = new Map<string, number>();
        const visit = (depth: number, index: Record<string, number>): void => {
          if (depth < all.length) {
            for (let i = 0; i < lengths[all[depth]]; i++) visit(depth + 1, { ...index, [all[depth]]: i });
            return;
          }
          const term = operands.reduce((product, { data, shape }, k) => {
            return product * data[inputs[k].reduce((p, letter, axis) => p * shape[axis] + index[letter], 0)];
          }, 1);
          const key = output.map((letter) => index[letter]).join();
          expected.set(key, (expected.get(key) ?? 0) + term);
        };
        visit(0, {});
        const text = `${inputs.map((own) => own.join('')).join(',')}->${output.join('')}`;
        const actual = run(((...t: Tensor[]) => ad.einsum(text, ...t)) as never, ...operands);
        expect(actual.map((x) => x + 0)).toEqual([...expected.values()].map((x) => x + 0));
      }),
      { seed: 5, numRuns: 80 },
    );
  });

  it.each([
    ['ij,j->i', 'subscripts name 2 operands, got 1'],
    ['ijk->i', "operand 0 is (2, 3), its letters 'ijk'"],
    ['ij->ik', "no operand has the result's letter k"],
    ['ii->i', 'i stands for 2 and for 3'],
    ['ij->ii', 'the result has a letter twice'],
    ['i.->', 'subscripts must be letters'],
  ])('refuses %s', (subscripts, words) => {
    expect(() => ad.trace((x: Tensor) => ad.einsum(subscripts, x), [ad.float64(2, 3)])).toThrow(words);
  });
});

describe('cumulativeSum', () => {
  it('is the plain one for integers, on lengths 0, 1 and no power of two', () => {
    for (const n of [0, 1, 2, 7, 33]) {
      let total = 0;
      const expected = Array.from({ length: n }, (_, i) => (total += i - 3));
      expect(
        run(
          (x: Tensor) => ad.cumulativeSum(x),
          given(
            Array.from({ length: n }, (_, i) => i - 3),
            n,
          ),
        ),
      ).toEqual(expected);
    }
  });
});

describe('dropout', () => {
  it('drops by the draws it is given, whole rows where they have fewer axes', () => {
    const x = given([1, 2, 3, 4], 2, 2);
    expect(run((t: Tensor, u: Tensor) => ad.dropout(t, u, 0.2), x, given([0.19, 0.2], 2, 1))).toEqual([0, 0, 3.75, 5]);
    expect(run((t: Tensor, u: Tensor) => ad.dropout(t, u, 0), x, given([0, 0], 2))).toEqual([1, 2, 3, 4]);
    expect(() => ad.trace((t: Tensor) => ad.dropout(t, t, 1), [ad.float64(2)])).toThrow(
      'rate must be in [0, 1), got 1',
    );
  });
});

describe('pooling with padding', () => {
  const image = given([1, -2, 3, -4, -5, -6, 7, 8, 9], 1, 3, 3, 1);
  const pool = (f: typeof ad.maxPool2d, options: ad.AveragePoolingOptions): number[] =>
    run((x: Tensor) => f(x, options), image);

  it('of maxima never sees the padding, though all is negative', () => {
    const below = given([-1, -2, -3, -4], 1, 2, 2, 1);
    expect(run((x: Tensor) => ad.maxPool2d(x, { size: 2, padding: 1 }), below)).toEqual([-1, -2, -3, -4]);
    expect(pool(ad.maxPool2d, { size: 2, stride: 2, padding: 'same' })).toEqual([1, 3, 8, 9]);
  });

  it('of means counts it or not', () => {
    expect(pool(ad.averagePool2d, { size: 2, stride: 2, padding: 'same' })).toEqual([-2.5, -0.75, 3.75, 2.25]);
    const own = [-2.5, -1.5, 7.5, 9];
    expect(pool(ad.averagePool2d, { size: 2, stride: 2, padding: 'same', countPadding: false })).toEqual(own);
  });

  it('refuses a window of nothing but padding', () => {
    expect(() => pool(ad.maxPool2d, { size: 2, padding: 2 })).toThrow(
      'padding must be smaller than the 2x2 window, got 2',
    );
  });
});
