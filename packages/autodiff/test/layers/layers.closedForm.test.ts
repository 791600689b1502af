import { describe, expect, it } from 'vitest';
import * as ad from '../everything.js';
import type { DataArray, Tensor } from '../everything.js';

type Value = { data: DataArray; shape: readonly number[] };
const given = (data: readonly number[], ...shape: number[]): Value => ({ data: Float64Array.from(data), shape });
const single = (data: readonly number[], ...shape: number[]): Value => ({ data: Float32Array.from(data), shape });
const run = (f: (...args: never[]) => Tensor, ...args: readonly Value[]): number[] => [
  ...(ad.evaluateFunction(f, args) as DataArray),
];
const far = (got: readonly number[], expected: readonly number[]): number =>
  got.reduce((most, x, i) => Math.max(most, Math.abs(x - expected[i])), got.length === expected.length ? 0 : Infinity);
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => ((i * 37 + 5) % 23) / 7 - 1.3);

describe('normalisations', () => {
  it('have mean 0 and variance v/(v + epsilon), and batch statistics are those of plain sums', () => {
    const x = numbers(24);
    const shape = [4, 3, 2];
    const f = (t: Tensor): Tensor => ad.batchNormTraining(t, { axis: 1, epsilon: 0.5 }).output;
    const y = run(f, given(x, ...shape));
    for (let c = 0; c < 3; c++) {
      const own = (z: readonly number[]): number[] => z.filter((_, i) => Math.floor(i / 2) % 3 === c);
      const [xs, ys] = [own(x), own(y)];
      const mean = xs.reduce((a, b) => a + b) / 8;
      const variance = xs.reduce((a, b) => a + (b - mean) ** 2, 0) / 8;
      expect(
        far(
          ys,
          xs.map((v) => (v - mean) / Math.sqrt(variance + 0.5)),
        ),
      ).toBeLessThan(1e-14);
      const stats = (name: 'mean' | 'variance' | 'unbiasedVariance'): number =>
        run((t: Tensor) => ad.batchNormTraining(t, { axis: 1 })[name], given(x, ...shape))[c];
      expect(Math.abs(stats('mean') - mean)).toBeLessThan(1e-15);
      expect(Math.abs(stats('variance') - variance)).toBeLessThan(1e-15);
      expect(Math.abs(stats('unbiasedVariance') - (variance * 8) / 7)).toBeLessThan(1e-15);
    }
  });

  it('keep the variance of numbers far from 0: two passes, not E x² − (E x)²', () => {
    const x = [1e7 + 1, 1e7 - 1, 1e7 + 1, 1e7 - 1];
    expect(run((t: Tensor) => ad.layerNorm(t, { epsilon: 1e-6 }), single(x, 4)).map(Math.round)).toEqual([
      1, -1, 1, -1,
    ]);
    expect(run((t: Tensor) => ad.variance(t), single(x, 4))).toEqual([1]);
  });

  it('turn constant rows and rows of one number into the shift', () => {
    const shift = given([5, 6], 2);
    expect(run((t: Tensor, s: Tensor) => ad.layerNorm(t, { shift: s }), given([3, 3], 1, 2), shift)).toEqual([5, 6]);
    expect(run((t: Tensor) => ad.layerNorm(t), given([3, 9], 2, 1))).toEqual([0, 0]);
    expect(run((t: Tensor) => ad.rmsNorm(t), given([0, 0], 2))).toEqual([0, 0]);
    const gradient = ad.grad((t: Tensor) => ad.sum(ad.layerNorm(t)));
    expect(run(gradient as never, given([3, 3], 1, 2))).toEqual([0, 0]);
    expect(run((t: Tensor) => ad.batchNormTraining(t).output, given([2, 2, 2], 3, 1))).toEqual([0, 0, 0]);
  });

  it('by groups lie between those of single channels and of all: one group is a layer norm, a group per channel an instance norm', () => {
    const x = given(numbers(24), 2, 3, 4);
    const all = run((t: Tensor) => ad.layerNorm(t, { axes: [1, 2] }), x);
    expect(
      far(
        run((t: Tensor) => ad.groupNorm(t, 1), x),
        all,
      ),
    ).toBeLessThan(1e-15);
    const each = run((t: Tensor) => ad.instanceNorm(t), x);
    expect(run((t: Tensor) => ad.groupNorm(t, 4), x)).toEqual(each);
    expect(far(all, each)).toBeGreaterThan(0.1);
    const swapped = (t: Tensor): Tensor => ad.transpose(t, [0, 2, 1]);
    const first = run((t: Tensor) => swapped(ad.groupNorm(swapped(t), 2, { axis: 1 })), x);
    expect(
      far(
        first,
        run((t: Tensor) => ad.groupNorm(t, 2), x),
      ),
    ).toBeLessThan(1e-14);
  });

  it('refuse one number per channel, groups that do not divide, channels among the examples, epsilon 0', () => {
    const at =
      (f: (t: Tensor) => Tensor, ...shape: number[]): (() => unknown) =>
      () =>
        ad.trace(f, [ad.float64(...shape)]);
    expect(at((t) => ad.batchNormTraining(t).output, 1, 3)).toThrow(/batchNormTraining: one number per channel has no/);
    expect(at((t) => ad.groupNorm(t, 2), 4, 3)).toThrow(/groupNorm: groups must divide the 3 channels, got 2/);
    expect(at((t) => ad.groupNorm(t, 1, { axis: 0 }), 4, 3)).toThrow(/groupNorm: channels cannot be on the first axis/);
    expect(at((t) => ad.layerNorm(t, { epsilon: 0 }), 3)).toThrow(/layerNorm: epsilon must be > 0, got 0/);
    expect(at((t) => ad.layerNorm(t, { scale: ad.full([2], 1) }), 2, 3)).toThrow(/scale must be \(3,\), got \(2,\)/);
    expect(at((t) => ad.rmsNorm(t, { shift: t } as never), 2, 3)).toThrow(/rmsNorm: there is no option shift/);
    expect(at((t) => ad.variance(t, 0, { correction: 1 }), 1)).toThrow(/variance: correction must be below/);
  });
});

describe('attention', () => {
  const [T, S, d, e] = [3, 4, 2, 3];
  const q = given(numbers(T * d), T, d);
  const k = given(numbers(S * d).toReversed(), S, d);
  const v = given(numbers(S * e), S, e);
  /** by plain loops, over the keys that `sees` allows */
  const plain = (sees: (t: number, s: number) => boolean, scale = 1 / Math.sqrt(d)): number[] =>
    Array.from({ length: T * e }, (_, i) => {
      const [t, c] = [Math.floor(i / e), i % e];
      const weights = Array.from({ length: S }, (__, s) => {
        if (!sees(t, s)) return 0;
        let dot = 0;
        for (let a = 0; a < d; a++) dot += q.data[t * d + a] * k.data[s * d + a];
        return Math.exp(dot * scale);
      });
      const total = weights.reduce((a, b) => a + b);
      return total === 0 ? 0 : weights.reduce((sum, w, s) => sum + (w / total) * v.data[s * e + c], 0);
    });

  it('weighs the values of all keys, of those before, of those that a mask allows', () => {
    const f = (options?: ad.AttentionOptions) => (a: Tensor, b: Tensor, c: Tensor) => ad.attention(a, b, c, options);
    expect(
      far(
        run(f(), q, k, v),
        plain(() => true),
      ),
    ).toBeLessThan(1e-14);
    expect(
      far(
        run(f({ causal: true }), q, k, v),
        plain((t, s) => s <= t),
      ),
    ).toBeLessThan(1e-14);
    expect(
      far(
        run(f({ scale: 2 }), q, k, v),
        plain(() => true, 2),
      ),
    ).toBeLessThan(1e-14);
    expect(
      far(
        run(f({ causal: true }), q, k, v),
        plain(() => true),
      ),
    ).toBeGreaterThan(0.1);
    const mask = given([1, 0, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1], T, S);
    const masked = (causal: boolean) => (a: Tensor, b: Tensor, c: Tensor, m: Tensor) =>
      ad.attention(a, b, c, { mask: m, causal });
    const sees = (t: number, s: number): boolean => mask.data[t * S + s] !== 0;
    expect(far(run(masked(false), q, k, v, mask), plain(sees))).toBeLessThan(1e-14);
    expect(
      far(
        run(masked(true), q, k, v, mask),
        plain((t, s) => s <= t && sees(t, s)),
      ),
    ).toBeLessThan(1e-14);
  });

  it('gives exact zeros, value and derivative, to a query that sees nothing, whatever stands in hidden places', () => {
    const mask = given([0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1], T, S);
    const f = (a: Tensor, b: Tensor, c: Tensor, m: Tensor): Tensor => ad.attention(a, b, c, { mask: m });
    const huge = given([1e200, 1e200, ...q.data.slice(2)], T, d);
    expect(run(f, huge, k, v, mask).slice(0, e)).toEqual([0, 0, 0]);
    const gradient = ad.grad((a: Tensor, b: Tensor, c: Tensor, m: Tensor) => ad.sum(ad.square(f(a, b, c, m))));
    expect(run(gradient as never, huge, k, v, mask).slice(0, d)).toEqual([0, 0]);
  });

  it('keeps what stands behind a query out of it, NaN too', () => {
    const f = (a: Tensor, b: Tensor, c: Tensor): Tensor => ad.attention(a, b, c, { causal: true });
    const late = given([...k.data.slice(0, (S - 2) * d), NaN, NaN, NaN, NaN], S, d);
    expect(run(f, q, late, v).slice(0, 2 * e)).toEqual(run(f, q, k, v).slice(0, 2 * e));
    expect(run(f, q, late, v).slice(2 * e)).toEqual([NaN, NaN, NaN]);
  });

  it('takes heads as leading axes, and shares keys among them', () => {
    const heads = (t: Tensor, shape: number[]): Tensor => ad.reshape(t, shape);
    const f = (a: Tensor, b: Tensor, c: Tensor): Tensor =>
      ad.attention(heads(a, [2, 1, 3, 2]), heads(b, [1, 4, 2]), heads(c, [1, 4, 3]), { causal: true });
    const both = run(f, given([...q.data, ...numbers(6).map((z) => 2 * z)], 12), k, v);
    expect(
      far(
        both.slice(0, 9),
        plain((t, s) => s <= t),
      ),
    ).toBeLessThan(1e-14);
  });

  it('without softmax is Q Kᵀ V, by either order of products', () => {
    const f = (causal: boolean) => (a: Tensor, b: Tensor, c: Tensor) => ad.linearAttention(a, b, c, { causal });
    const product = (sees: (t: number, s: number) => boolean): number[] =>
      Array.from({ length: T * e }, (_, i) => {
        let sum = 0;
        for (let s = 0; s < S; s++)
          for (let a = 0; a < d; a++)
            if (sees(Math.floor(i / e), s))
              sum += q.data[Math.floor(i / e) * d + a] * k.data[s * d + a] * v.data[s * e + (i % e)];
        return sum;
      });
    expect(
      far(
        run(f(false), q, k, v),
        product(() => true),
      ),
    ).toBeLessThan(1e-13);
    expect(
      far(
        run(f(true), q, k, v),
        product((t, s) => s <= t),
      ),
    ).toBeLessThan(1e-13);
  });

  it('refuses shapes that do not go together', () => {
    const at =
      (...shapes: number[][]): (() => unknown) =>
      () =>
        ad.trace(
          (a: Tensor, b: Tensor, c: Tensor) => ad.attention(a, b, c),
          shapes.map((s) => ad.float64(...s)) as never,
        );
    expect(at([3, 2], [4, 3], [4, 2])).toThrow(/attention: needs q/);
    expect(at([3, 2], [4, 2], [3, 2])).toThrow(/attention: needs q/);
    expect(at([2], [4, 2], [3, 2])).toThrow(/two axes or more/);
  });
});

describe('masked softmax', () => {
  it('is the softmax of what is left, −∞ and 0 elsewhere', () => {
    const mask = given([1, 0, 1], 3);
    const x = given([1, 1e308, 2], 3);
    const kept = run((t: Tensor) => ad.logSoftmax(t), given([1, 2], 2));
    expect(run(ad.maskedLogSoftmax, x, mask)).toEqual([kept[0], -Infinity, kept[1]]);
    expect(run(ad.maskedSoftmax, given([1, NaN, 2], 3), mask)[1]).toBe(0);
    expect(run(ad.maskedSoftmax, x, given([0, 0, 0], 3))).toEqual([0, 0, 0]);
    expect(run(ad.maskedLogSoftmax, x, given([0, 0, 0], 3))).toEqual([-Infinity, -Infinity, -Infinity]);
  });
});

describe('embedding', () => {
  const table = given([1, 2, 3, 4, 5, 6], 3, 2);
  it('takes whole numbers in float arrays, and refuses numbers outside the vocabulary', () => {
    expect(run(ad.embedding, table, given([2, 0], 2))).toEqual([5, 6, 1, 2]);
    expect(() => run(ad.embedding, table, given([3], 1))).toThrow(/index must be in \[0, 3\), got 3/);
    const planned = ad.compile(ad.embedding as never, [ad.float64(3, 2), ad.float64(1)]) as unknown as (
      ...a: DataArray[]
    ) => DataArray;
    expect([...planned(table.data, Float64Array.of(1))]).toEqual([3, 4]);
    expect(() => planned(table.data, Float64Array.of(-1))).toThrow(/index must be in \[0, 3\), got -1/);
  });

  it('adds up in its derivative what a token received', () => {
    const gradient = ad.grad((t: Tensor, i: Tensor) => ad.sum(ad.embedding(t, i)));
    expect(run(gradient as never, table, given([2, 0, 2], 3))).toEqual([1, 1, 0, 0, 2, 2]);
  });
});

describe('activations of two pieces', () => {
  const x = given([-1000, -2, -0.5, 0, 0.5, 2, 1000], 7);
  const maps: Readonly<Record<string, [(t: Tensor) => Tensor, (z: number) => number]>> = {
    leakyRelu: [(t) => ad.leakyRelu(t, 0.2), (z) => (z > 0 ? z : 0.2 * z)],
    elu: [(t) => ad.elu(t, 0.7), (z) => (z > 0 ? z : 0.7 * Math.expm1(z))],
    celu: [(t) => ad.celu(t, 0.7), (z) => (z > 0 ? z : 0.7 * Math.expm1(z / 0.7))],
    selu: [ad.selu, (z) => 1.0507009873554805 * (z > 0 ? z : 1.6732632423543772 * Math.expm1(z))],
    hardSigmoid: [(t) => ad.hardSigmoid(t, 0.2, 0.5), (z) => Math.min(1, Math.max(0, 0.2 * z + 0.5))],
    hardSwish: [ad.hardSwish, (z) => z * Math.min(1, Math.max(0, z / 6 + 0.5))],
    softsign: [ad.softsign, (z) => z / (1 + Math.abs(z))],
    thresholdedRelu: [(t) => ad.thresholdedRelu(t, 0.5), (z) => (z > 0.5 ? z : 0)],
    mish: [ad.mish, (z) => z * Math.tanh(Math.log1p(Math.exp(Math.min(z, 700))))],
  };
  it.each(Object.entries(maps))('%s has its formula, finite derivatives at 1000, NaN at NaN', (_, [f, formula]) => {
    const expected = [...x.data].map(formula);
    const got = run(f, x);
    expect(
      far(
        got.map((y, i) => y / Math.max(1, Math.abs(expected[i]))),
        expected.map((y) => y / Math.max(1, Math.abs(y))),
      ),
    ).toBeLessThan(1e-14);
    expect(run(ad.grad((t: Tensor) => ad.sum(f(t))) as never, x).every(Number.isFinite)).toBe(true);
    expect(run(f, given([NaN], 1))).toEqual([NaN]);
  });

  it('take the slope of the left piece at a kink', () => {
    const slope = (f: (t: Tensor) => Tensor, at: number): number =>
      run(ad.grad((t: Tensor) => ad.sum(f(t))) as never, given([at], 1))[0];
    expect(slope((t) => ad.leakyRelu(t, 0.2), 0)).toBe(0.2);
    expect(slope((t) => ad.elu(t, 0.7), 0)).toBe(0.7);
    expect(slope((t) => ad.clip(t, 0, 6), 0)).toBe(1);
    expect(slope((t) => ad.clip(t, 0, 6), 6)).toBe(1);
    expect(slope((t) => ad.clip(t, 0, 6), 6.1)).toBe(0);
  });
});
