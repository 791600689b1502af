import { describe, expect, it } from 'vitest';
import * as ad from '../everything.js';
import type { DataArray, Tensor } from '../everything.js';

type Value = { data: DataArray; shape: readonly number[] };
const given = (data: readonly number[], ...shape: number[]): Value => ({ data: Float64Array.from(data), shape });
const run = (f: (...args: never[]) => Tensor, ...args: readonly Value[]): number[] => [
  ...(ad.evaluateFunction(f, args) as DataArray),
];

describe('strided slices', () => {
  const python = (n: number, start: number | undefined, limit: number | undefined, step: number): number[] => {
    // the definition of Python's slice.indices, one place after the other
    const [low, high] = step > 0 ? [0, n] : [-1, n - 1];
    const clip = (at: number | undefined, end: number): number =>
      at === undefined ? end : Math.max(low, Math.min(high, at < 0 ? at + n : at));
    const [first, last] = [clip(start, step > 0 ? 0 : n - 1), clip(limit, step > 0 ? n : -1)];
    const places: number[] = [];
    for (let i = first; step > 0 ? i < last : i > last; i += step) places.push(i);
    return places;
  };

  it('follow Python for all starts, ends and steps around a vector of 4', () => {
    const x = given([10, 11, 12, 13], 4);
    const ends = [undefined, -6, -4, -1, 0, 1, 3, 4, 9];
    for (const start of ends)
      for (const limit of ends)
        for (const step of [1, 2, 3, -1, -2, -7])
          expect(run((t: Tensor) => ad.strided(t, [start], [limit], [step]), x)).toEqual(
            python(4, start, limit, step).map((i) => 10 + i),
          );
  });

  it('refuse a step of 0 and more places than axes', () => {
    const at =
      (f: (t: Tensor) => Tensor): (() => unknown) =>
      () =>
        ad.trace(f, [ad.float64(3)]);
    expect(at((t) => ad.strided(t, [0], [3], [0]))).toThrow(/strided: step must be an integer other than 0, got 0/);
    expect(at((t) => ad.strided(t, [0, 0]))).toThrow(/strided: more places than axes/);
  });
});

describe('arranging', () => {
  const x = given([1, 2, 3, 4, 5, 6], 2, 3);
  it('tiles, flips and keeps triangles as NumPy does', () => {
    expect(run((t: Tensor) => ad.tile(t, [1, 2]), x)).toEqual([1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6]);
    expect(run((t: Tensor) => ad.tile(t, [2, 0]), x)).toEqual([]);
    expect(run((t: Tensor) => ad.flip(t, 0), x)).toEqual([4, 5, 6, 1, 2, 3]);
    expect(run((t: Tensor) => ad.flip(t), x)).toEqual([6, 5, 4, 3, 2, 1]);
    expect(run((t: Tensor) => ad.tril(t, -1), x)).toEqual([0, 0, 0, 4, 0, 0]);
    expect(run((t: Tensor) => ad.triu(t, 1), x)).toEqual([0, 2, 3, 0, 0, 6]);
    expect(run((t: Tensor) => ad.tril(t), given([1, NaN, 3, 4], 2, 2))).toEqual([1, 0, 3, 4]);
  });

  it('sums from either end, with or without the entry itself', () => {
    const v = given([1, 2, 3, 4, 5], 5);
    const sums = (options: ad.CumulativeOptions): number[] => run((t: Tensor) => ad.cumulativeSum(t, 0, options), v);
    expect(sums({ exclusive: true })).toEqual([0, 1, 3, 6, 10]);
    expect(sums({ reverse: true })).toEqual([15, 14, 12, 9, 5]);
    expect(sums({ exclusive: true, reverse: true })).toEqual([14, 12, 9, 5, 0]);
    expect(run((t: Tensor) => ad.cumulativeSum(t, 0, { exclusive: true }), given([7], 1))).toEqual([0]);
  });

  it('adds updates where positions say, and takes them back in its derivative', () => {
    const at = { data: Int32Array.of(2, 2, 0), shape: [1, 3] };
    expect(
      run(
        (t: Tensor, i: Tensor, u: Tensor) => ad.scatterAdd(t, i, u),
        given([1, 2, 3], 1, 3),
        at,
        given([5, 6, 7], 1, 3),
      ),
    ).toEqual([8, 2, 14]);
    expect(() =>
      run((t: Tensor, i: Tensor, u: Tensor) => ad.scatterAdd(t, i, u), given([1], 1, 1), at, given([5, 6, 7], 1, 3)),
    ).toThrow(/index must be in \[0, 1\)/);
  });
});

describe('reductions', () => {
  it('multiply, with derivatives that are right at zeros', () => {
    const gradient = ad.grad((t: Tensor) => ad.sum(ad.product(t)));
    expect(run(gradient as never, given([2, 0, 5, 3, 1], 5))).toEqual([0, 30, 0, 0, 0]);
    expect(run(gradient as never, given([2, 0, 5, 0, 1], 5))).toEqual([0, 0, 0, 0, 0]);
    expect(run((t: Tensor) => ad.product(t, 0), given([], 0, 2))).toEqual([1, 1]);
  });

  it('measure, 0 included', () => {
    expect(run((t: Tensor) => ad.norm(t, 1, { keepDims: true }), given([3, 4, 0, 0], 2, 2))).toEqual([5, 0]);
    expect(run((t: Tensor) => ad.norm(t, 1, { order: 1 }), given([3, -4, 0, 0], 2, 2))).toEqual([7, 0]);
    expect(run(ad.grad((t: Tensor) => ad.sum(ad.norm(t))) as never, given([0, 0], 2))).toEqual([0, 0]);
    expect(run((t: Tensor) => ad.norm(t), given([NaN, 0], 2))).toEqual([NaN]);
    expect(run((t: Tensor) => ad.variance(t, 0, { correction: 1 }), given([1, 3], 2))).toEqual([2]);
  });
});

describe('remainders', () => {
  it('have the sign of the divisor (remainder) or of the dividend (fmod)', () => {
    const [x, y] = [given([5, -5, 5, -5, 4.5], 5), given([3, 3, -3, -3, 1.5], 5)];
    expect(run(ad.remainder, x, y)).toEqual([2, 1, -1, -2, 0]);
    expect(run(ad.fmod, x, y)).toEqual([2, -2, 2, -2, 0]);
    const gradient = ad.grad((b: Tensor) => ad.sum(ad.remainder(ad.full([1], -5), b)));
    expect(run(gradient as never, given([3], 1))).toEqual([2]);
  });
});

describe('trigonometry', () => {
  const near = (f: (t: Tensor) => Tensor, formula: (z: number) => number, points: readonly number[]): void => {
    const got = run(f, given(points, points.length));
    got.forEach((y, i) => {
      const expected = formula(points[i]);
      expect(Math.abs(y - expected) / (Math.abs(expected) || 1), `at ${points[i]}`).toBeLessThan(4e-15);
    });
  };
  it('agrees with the functions of JavaScript to some ulp, near 0 and at the ends too', () => {
    near(ad.tan, Math.tan, [1e-9, 0.5, 1.5, -3]);
    near(ad.asin, Math.asin, [-1, -0.3, 1e-9, 0.999, 1]);
    near(ad.acos, Math.acos, [-1, -0.3, 0, 0.999999, 1]);
    near(ad.sinh, Math.sinh, [-20, -1e-9, 0.3, 5]);
    near(ad.cosh, Math.cosh, [-20, 0, 0.3, 5]);
    near(ad.acosh, Math.acosh, [1, 1.0000001, 2, 1e6]);
    near(ad.atanh, Math.atanh, [-0.999, -1e-9, 0.3]);
  });
});
