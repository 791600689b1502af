import {
  analyzeTensor,
  marchenkoPasturEdges,
  marchenkoPasturMedian,
  noiseFit,
  shiftedEdge,
  tracyWidomEdge,
  tracyWidomQuantile,
  tracyWidomTail,
  weightMatrices,
  weightSpectrum,
} from '@hyperribbon/complexity/weights';
import { eigvalsh } from '@hyperribbon/lanczos';
import { product } from '@hyperribbon/kernels';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { expectNear } from '../near.js';

describe('the Marchenko–Pastur law', () => {
  it('has the edges of the golden values', () => {
    const { lower, upper } = marchenkoPasturEdges(2);
    expectNear(lower, 0.0857864376);
    expectNear(upper, 2.9142135624);
    expectNear(shiftedEdge(upper, 2, 1000), 3.0343246112);
    expect(() => marchenkoPasturEdges(0.5)).toThrow(/Q = N\/M must be at least 1/);
  });
  it('has the median of a square matrix: that of the quarter circle, squared', () => {
    // half the area of the quarter circle of radius 2: t + sin(t) cos(t) = π/4 with x = 2 sin t
    let [low, high] = [0, Math.PI / 2];
    for (let i = 0; i < 60; i++) {
      const t = (low + high) / 2;
      if (t + Math.sin(t) * Math.cos(t) < Math.PI / 4) low = t;
      else high = t;
    }
    expectNear(marchenkoPasturMedian(1), (2 * Math.sin(low)) ** 2, 1e-9);
    // scipy 1.x: quad and brentq
    expectNear(marchenkoPasturMedian(2), 0.830465881581364, 1e-9);
    expectNear(marchenkoPasturMedian(10), 0.9665651474028223, 1e-9);
  });
  it('bounds the eigenvalues of a Gaussian matrix of 2,000 rows and 1,000 columns: they lie in [0.08, 2.95]', () => {
    const W = stream({ seed: 1, purpose: 'gaussian' }).normal(new Float64Array(2_000_000));
    const gram = product({ m: 1000, n: 1000, k: 2000, a: W, b: W, transposeA: true });
    const values = eigvalsh(gram, 1000);
    const noise = noiseFit(values, 2000, 1000);
    expect(values[999] / noise.mean).toBeGreaterThan(0.08);
    expect(values[0] / noise.mean).toBeLessThan(2.95);
    expect(Math.abs(noise.sigma - 1)).toBeLessThan(0.01);
    expect(noise.shiftedSpikes).toBe(0);
    expect(noise.p).toBeGreaterThan(0.01);
    expect(noise.tracyWidomEdge).toBeLessThan(noise.shiftedEdge);
  });
  it('is the same at any scale, and names what is not finite', () => {
    const { mean, ...small } = noiseFit(Float64Array.of(1, 2, 2, 8, 1), 9, 5);
    const { mean: huge, ...large } = noiseFit(
      Float64Array.of(2 ** 1020, 2 ** 1021, 2 ** 1021, 2 ** 1023, 2 ** 1020),
      9,
      5,
    );
    expect(large).toEqual(small);
    expect(huge / 2 ** 1020).toBe(mean);
    expect(() => noiseFit(Float64Array.of(1, NaN), 9, 5)).toThrow(/noiseFit: .*eigenvalues.*NaN/);
    expect(() => noiseFit(new Float64Array(5), 9, 5)).toThrow(/the largest is 0/);
  });
  it('counts no rounding of matrices of rank 12 for spikes', () => {
    // whether what is left after the last one is above 0 or below is chance: twelve of them
    for (let index = 0; index < 12; index++) {
      const values = Float64Array.from({ length: 30 }, (_, i) =>
        i < 18 ? 1e-30 : (1.1 + Math.sin(i * i + index)) ** 3,
      );
      const { tracyWidomSpikes } = noiseFit(values, 40, 30);
      expect(tracyWidomSpikes).toBeLessThanOrEqual(12);
    }
  });
  it('tells a spike, and how likely it is none', () => {
    const W = stream({ seed: 2, purpose: 'gaussian' }).normal(new Float64Array(60 * 40));
    for (let i = 0; i < 60; i++) for (let j = 0; j < 40; j++) W[i * 40 + j] += 0.5;
    const { eigenvalues } = weightSpectrum(weightMatrices([60, 40], W));
    const noise = noiseFit(eigenvalues, 60, 40);
    expect(noise.tracyWidomSpikes).toBe(1);
    expect(noise.p).toBeLessThan(1e-6);
    expect(noise.softRank).toBeLessThan(0.5);
  });
});

describe('the Tracy–Widom law', () => {
  it('has the published quantiles', () => {
    // [bejan2005, table 2]: four decimals
    for (const [p, s] of [
      [0.1, 0.4501],
      [0.05, 0.9793],
      [0.01, 2.0234],
    ]) {
      expect(Math.abs(tracyWidomQuantile(p) - s)).toBeLessThan(6e-5);
    }
  });
  it('has the tail of its determinant to 1e-8, by quadrature with 120 points in numpy', () => {
    for (const [s, tail] of [
      [-5, 0.9997220822450777],
      [-3, 0.9303998811326374],
      [0, 0.16809193379706752],
      [2, 0.0104024289151747],
      [8, 8.045424879871048e-9],
    ])
      expectNear(tracyWidomTail(s), tail, 1e-8);
  });
  it('is centred at (√(N − 1) + √M)², with the scale that goes with it', () => {
    const { centre, scale } = tracyWidomEdge(101, 100);
    expectNear(centre, 400, 1e-14);
    expectNear(scale, 20 * Math.cbrt(0.2), 1e-12);
  });
  it('falls, and joins where its pieces meet', () => {
    let last = 1;
    for (let s = -8; s < 14; s += 0.01) {
      const tail = tracyWidomTail(s);
      expect(tail).toBeLessThanOrEqual(last);
      last = tail;
    }
    expectNear(tracyWidomTail(12 + 1e-9), tracyWidomTail(12), 1e-4);
  });
  it('is how the largest eigenvalue of noise falls: p below 0.1 in about a tenth of matrices', () => {
    let small = 0;
    for (let index = 0; index < 200; index++) {
      const W = stream({ seed: 5, purpose: 'gaussian', index }).normal(new Float64Array(60 * 30));
      const { eigenvalues } = weightSpectrum(weightMatrices([60, 30], W));
      if (noiseFit(eigenvalues, 60, 30).p < 0.1) small++;
    }
    // binomial(200, 0.1): four deviations of 4.2
    expect(Math.abs(small - 20)).toBeLessThan(17);
  });
});

describe('the shuffled twin', () => {
  it('keeps the entries and loses a low rank', () => {
    const u = stream({ seed: 1, purpose: 'u' }).normal(new Float64Array(50));
    const W = Float64Array.from({ length: 50 * 50 }, (_, i) => u[Math.floor(i / 50)] * u[i % 50]);
    const noise = stream({ seed: 1, purpose: 'n' }).normal(new Float64Array(2500));
    const report = analyzeTensor(
      { name: 'w', shape: [50, 50], data: W.map((w, i) => w + 0.1 * noise[i]) },
      { draws: 0 },
    );
    if (!report.analyzed) throw new Error(report.sentence);
    expect(report.metrics.stableRank).toBeLessThan(2);
    expect(report.twin!.stableRank).toBeGreaterThan(5);
    expectNear(report.twin!.stableRank * report.twin!.largest, report.metrics.norm, 1e-9);
  });
  it('has a trap where one entry is large', () => {
    const W = stream({ seed: 1, purpose: 'n' }).normal(new Float64Array(3600));
    W[77] = 60;
    const report = analyzeTensor({ name: 'w', shape: [60, 60], data: W }, { draws: 0 });
    if (!report.analyzed) throw new Error(report.sentence);
    expect(report.twin!.noise.tracyWidomSpikes).toBe(1);
    expect(report.twin!.noise.p).toBeLessThan(1e-6);
  });
});
