import {
  powerLawFit,
  powerLawTest,
  spectrumMetrics,
  tailAlternatives,
  hillExponent,
} from '@hyperribbon/complexity/weights';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { expectNear } from '../near.js';

/** Quantiles of a density x^−α from 1 on. */
const quantiles = (n: number, alpha: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => (1 - (i + 0.5) / n) ** (-1 / (alpha - 1)));

const pareto = (n: number, alpha: number, index: number): Float64Array =>
  stream({ seed: 3, purpose: 'pareto', index })
    .uniform(new Float64Array(n))
    .map((u) => (1 - u) ** (-1 / (alpha - 1)));

/** Every candidate in full, as the definition reads. */
function naive(values: Float64Array): { alpha: number; D: number; xmin: number } {
  const x = values.filter((v) => v > 1e-5).sort();
  let best = { alpha: NaN, D: Infinity, xmin: NaN };
  for (let i = 0; i < x.length - 1; i++) {
    const tail = x.slice(i);
    const n = tail.length;
    const alpha = 1 + n / tail.reduce((sum, v) => sum + Math.log(v / x[i]), 0);
    const D = tail.reduce((most, v, j) => Math.max(most, Math.abs(1 - (v / x[i]) ** (1 - alpha) - j / n)), 0);
    if (D < best.D) best = { alpha, D, xmin: x[i] };
  }
  return best;
}

describe('the power law of eigenvalues', () => {
  // numpy 2, float64, the definition written out; ten decimals, so 4e-9 of D
  it('has the exponent, distance and beginning of the definition on 50 quantiles of exponent 3', () => {
    const fit = powerLawFit(quantiles(50, 3));
    expectNear(fit.alpha, 3.034515849);
    expectNear(fit.xmin, 1.0050378153);
    expectNear(fit.D, 0.013479894, 4e-9);
    expectNear(fit.sigma, 0.2877239907);
    expect([fit.tail, fit.values]).toEqual([50, 50]);
  });
  it('does not change with a bulk below it', () => {
    const bulk = Float64Array.from({ length: 30 }, (_, i) => 0.05 + (0.9 * i) / 29);
    const { alpha, D, tail } = powerLawFit(Float64Array.from([...quantiles(50, 3), ...bulk]));
    const alone = powerLawFit(quantiles(50, 3));
    expect([alpha, D, tail]).toEqual([alone.alpha, alone.D, 50]);
  });
  it('is the best of all candidates in full, on samples with bulk and ties', () => {
    for (let index = 0; index < 12; index++) {
      const x = pareto(40 + 7 * index, 1.6 + 0.3 * index, index).map((v, i) => (i % 3 === 0 ? v * 0.1 : v));
      const values = index % 2 === 0 ? x : x.map((v) => Math.round(v * 8) / 8 + 0.01);
      const fit = powerLawFit(values);
      const reference = naive(values);
      expectNear(fit.alpha, reference.alpha, 1e-10);
      expectNear(fit.D, reference.D, 1e-10);
      expectNear(fit.xmin, reference.xmin, 1e-15);
    }
  });
  it('finds 2.5 among 20,000 draws to three standard errors', () => {
    const x = pareto(20000, 2.5, 99);
    const { alpha } = powerLawFit(x, { xmin: x.reduce((least, v) => Math.min(least, v)) });
    expect(Math.abs(alpha - 2.5)).toBeLessThan(0.032);
    expect(Math.abs(alpha - 2.65)).toBeGreaterThan(0.032);
  });
  it('has α = ∞ where the top is tied, and D = (n − 1)/n', () => {
    const { alpha, D } = powerLawFit(Float64Array.of(2, 2));
    expect([alpha, D]).toEqual([Infinity, 0.5]);
    expect(powerLawTest(Float64Array.of(2, 2, 2)).interval).toBe(undefined);
  });
  it('refuses NaN, infinities and fewer than two values, and options there are none of', () => {
    expect(() => powerLawFit(Float64Array.of(1, NaN))).toThrow(/powerLawFit: every value must be finite, found NaN/);
    expect(() => powerLawFit(Float64Array.of(1, 2, Infinity))).toThrow(/found Infinity/);
    expect(() => powerLawFit(Float64Array.of(1e-6, 1))).toThrow(/needs at least 2 values above 0.00001, got 1 of 2/);
    expect(() => powerLawFit(new Float64Array(0))).toThrow(/got 0 of 0/);
    expect(() => powerLawFit(Float64Array.of(1, 2), { xmn: 1 } as object)).toThrow(/xmn/);
    expect(() => powerLawTest(Float64Array.of(1, 2), { draws: 0 })).toThrow(/draws/);
  });
  it('takes a threshold', () => {
    const x = Float64Array.of(1e-7, 2e-7, 3e-7, 5e-7);
    expect(powerLawFit(x, { threshold: 1e-9 }).values).toBe(4);
    expect(() => powerLawFit(x)).toThrow(/got 0 of 4/);
  });
});

describe('the metrics of a spectrum', () => {
  const x = quantiles(50, 3);
  const fit = powerLawFit(x);
  it('are those of the golden values', () => {
    const metrics = spectrumMetrics(x, fit, 50);
    expectNear(metrics.logNorm, 1.9810169242);
    expectNear(metrics.logSpectralNorm, 1, 1e-12);
    expectNear(metrics.alphaWeighted, 3.034515849);
    expectNear(metrics.logAlphaNorm, 3.2298091272);
    expectNear(metrics.stableRank, 9.5723137322);
  });
  it('have entropy 0 at rank 1, 1 where all are equal', () => {
    expect(spectrumMetrics(Float64Array.of(0, 0, 4), fit, 1).entropy).toBe(0);
    expectNear(spectrumMetrics(Float64Array.of(4, 4, 4), fit, 3).entropy, 1, 1e-14);
  });
  it('overflow nowhere: 1e±150', () => {
    for (const size of [1e-150, 1e150]) {
      const { logAlphaNorm, logNorm } = spectrumMetrics(
        x.map((v) => v * size),
        fit,
        50,
      );
      expectNear(logNorm, 1.9810169242 + Math.log10(size));
      expectNear(logAlphaNorm, 3.2298091272 + fit.alpha * Math.log10(size));
    }
  });
  it('count the eigenvalues whose scaled logarithms add up to at least zero', () => {
    // mean 1: ln of 3, 0.5, 0.5, 0.0…: 1.0986 − 0.693 ≥ 0 but − 1.386 < 0
    expect(spectrumMetrics(Float64Array.of(1e-9, 0.5, 0.5, 3), { alpha: 2, xmin: 0.5 }, 4).determinantTail).toBe(2);
    const { tailLogDeterminant } = spectrumMetrics(Float64Array.of(1, 2, 3, 6), { alpha: 2, xmin: 3 }, 4);
    expectNear(tailLogDeterminant, Math.log(1) + Math.log(2), 1e-12);
  });
});

describe('how sure an exponent is', () => {
  it('covers the truth, and its p is uniform, on power laws', () => {
    // 60 sets of 40 values: the study has 500
    let covered = 0;
    const ps: number[] = [];
    for (let index = 0; index < 60; index++) {
      const { interval, p } = powerLawTest(pareto(40, 2.5, 1000 + index), { draws: 99, seed: index });
      if (interval![0] <= 2.5 && 2.5 <= interval![1]) covered++;
      ps.push(p);
    }
    // binomial(60, 0.95): below 52 has probability 0.4 %
    expect(covered).toBeGreaterThanOrEqual(52);
    ps.sort((a, b) => a - b);
    const D = ps.reduce((most, p, i) => Math.max(most, Math.abs(p - i / 60), Math.abs(p - (i + 1) / 60)), 0);
    expect(D).toBeLessThan(1.628 / Math.sqrt(60) + 0.01);
  });
  it('says of an exponential that it is no power law', () => {
    const x = Float64Array.from({ length: 400 }, (_, i) => 5 + 0.1 * Math.sin(i) + i / 400);
    expect(powerLawTest(x, { draws: 99 }).p).toBeLessThan(0.05);
  });
  it('is the same for the same seed and differs for another', () => {
    const x = pareto(30, 3, 5);
    const first = powerLawTest(x, { draws: 20, seed: 1 });
    expect(powerLawTest(x, { draws: 20, seed: 1 })).toEqual(first);
    expect(powerLawTest(x, { draws: 20, seed: 2 }).interval).not.toEqual(first.interval);
  });
});

describe('other laws of the tail', () => {
  it('are nearer to a sample of their own, and level on a power law', () => {
    const normal = stream({ seed: 1, purpose: 'tail' }).normal(new Float64Array(400));
    const [lognormal] = tailAlternatives(
      normal.map((z) => Math.exp(1 + 0.3 * z)),
      2,
    );
    expect(lognormal.ratio).toBeLessThan(0);
    expect(lognormal.p).toBeLessThan(0.01);
    const exponential = stream({ seed: 2, purpose: 'tail' })
      .uniform(new Float64Array(2000))
      .map((u) => 1 - Math.log(1 - u) / 0.7);
    const [, truncated] = tailAlternatives(exponential, 1);
    // x^0 e^(−0.7 x): exponent 0, rate 0.7, to five standard errors
    expect(Math.abs(truncated.parameters[0])).toBeLessThan(0.35);
    expect(Math.abs(truncated.parameters[1] - 0.7)).toBeLessThan(0.15);
    expect(truncated.p).toBeLessThan(1e-6);
    for (const { p } of tailAlternatives(pareto(300, 2.5, 1), 1)) expect(p).toBeGreaterThan(0.01);
  });
  it('finds the lognormal law that made the values', () => {
    const normal = stream({ seed: 4, purpose: 'tail' }).normal(new Float64Array(4000));
    const [{ parameters }] = tailAlternatives(
      normal.map((z) => Math.exp(1 + 0.5 * z)),
      1,
    );
    expect(Math.abs(parameters[0] - 1)).toBeLessThan(0.05);
    expect(Math.abs(parameters[1] - 0.5)).toBeLessThan(0.05);
  });
  it('have the likelihoods that scipy finds for 100 quantiles of an exponential', () => {
    // scipy.optimize.minimize, Nelder–Mead to 1e-13, normalised by log_ndtr and quad; places of maxima are good to the root of that
    const x = Float64Array.from({ length: 100 }, (_, i) => 1 - 1.3 * Math.log(1 - (i + 0.5) / 100));
    const [lognormal, truncated] = tailAlternatives(x, 1);
    expectNear(lognormal.ratio, -10.105741923382553, 1e-11);
    expectNear(lognormal.parameters[0], 0.4189192565, 1e-6);
    expectNear(lognormal.parameters[1], 0.656708258, 1e-6);
    expectNear(truncated.ratio, -10.495839755817393, 1e-11);
    expectNear(truncated.parameters[0], -0.0544461613, 1e-5);
    expectNear(truncated.parameters[1], 0.791020866, 1e-6);
  });
  it('falls back to the power law where no lognormal law is nearer, and moves there without a step', () => {
    // E y²/(E y)² above, near and below 2, the ratio of an exponential: x = e^y
    const tail = (second: number): Float64Array => Float64Array.of(1, Math.E, Math.exp(second));
    expect(tailAlternatives(tail(6), 1)[0]).toMatchObject({ same: true, ratio: 0, p: 1 });
    const near = [2.9, 3.2, 3.3].map((second) => tailAlternatives(tail(second), 1)[0].ratio);
    for (const ratio of near) expect(ratio).toBeLessThanOrEqual(1e-9);
  });
  it('refuse a tail of equal values', () => {
    expect(() => tailAlternatives(Float64Array.of(2, 2), 2)).toThrow(/two different values/);
  });
});

describe("Hill's estimate", () => {
  it('is 1 + k/Σ ln(x/x_(k+1))', () => {
    expectNear(hillExponent(Float64Array.of(8, 1, 2, 4), 2), 1 + 2 / (Math.log(4) + Math.log(2)), 1e-14);
    expect(() => hillExponent(Float64Array.of(1, 2), 2)).toThrow(/k must be/);
  });
});
