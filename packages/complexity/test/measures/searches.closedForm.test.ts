// Oracle: a linear model on unit vectors. Example i is right where wᵢ > 0, so noise σ on wᵢ = w makes a share Φ(−w/σ) wrong, and the worst of a box of side α the
// share of weights below α.
import { alphaSearch, sigmaSearch } from '@hyperribbon/complexity';
import { describe, expect, it } from 'vitest';
import { linear, unitVectors } from './linear.js';

const features = 400;
const net = linear(features);
const examples = unitVectors(features);
/** Φ⁻¹(0.9) */
const quantile = 1.2815515655446004;
/** of the fall by ln σ where it is 0.1: φ(q) q */
const slope = (quantile * Math.exp(-(quantile ** 2) / 2)) / Math.sqrt(2 * Math.PI);
const equal = (w: number): Float32Array => new Float32Array(features).fill(w);
/** of the mean fall over 10 draws of 400 independent signs */
const error = Math.sqrt(0.09 / (10 * features));
/** allowed: the tolerance of the search and four of its errors, over the slope */
const allowed = (0.01 + 4 * error) / slope;

describe('the noise that costs a linear model a tenth of its accuracy', () => {
  it('is w/Φ⁻¹(0.9), to the tolerance and the error of the draws', async () => {
    for (const [w, seed] of [
      [0.3, 1],
      [1.1, 2],
    ]) {
      const found = await sigmaSearch(net, equal(w), examples, { seed });
      expect(found.reason).toBe('found');
      expect(Math.abs(found.sigma / (w / quantile) - 1)).toBeLessThan(allowed);
      expect(Math.abs(found.drop - 0.1)).toBeLessThan(0.01);
      expect([found.accuracy, found.rows, found.noiseScale]).toEqual([1, 400, 'std']);
    }
  });

  it('has an error bar as wide as its estimates are scattered', async () => {
    const runs = [];
    // no tolerance to speak of: the draws alone decide
    for (let seed = 0; seed < 24; seed++)
      runs.push(await sigmaSearch(net, equal(0.5), examples, { seed, tolerance: 1e-9, steps: 9, limit: 0.8 }));
    const logs = runs.map(({ sigma }) => Math.log(sigma));
    const mean = logs.reduce((sum, x) => sum + x, 0) / 24;
    const spread = Math.sqrt(logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 23);
    const told = runs.reduce((sum, { sigma, standardError }) => sum + standardError! / sigma / 24, 0);
    expect(told / (error / slope)).toBeGreaterThan(0.8);
    expect(told / (error / slope)).toBeLessThan(1.25);
    expect(spread / told).toBeGreaterThan(0.6);
    expect(spread / told).toBeLessThan(1.6);
    expect(Math.abs(mean - Math.log(0.5 / quantile))).toBeLessThan((4 * told) / Math.sqrt(24));
  });

  it('is the root of that where variances are taken for deviations, as behind the published numbers', async () => {
    const found = await sigmaSearch(net, equal(0.3), examples, { seed: 1, noiseScale: 'variance-as-std' });
    expect(Math.abs(found.sigma ** 2 / (0.3 / quantile) - 1)).toBeLessThan(2 * allowed);
    expect(found.noiseScale).toBe('variance-as-std');
  });

  it('in proportion to the weights is 1/Φ⁻¹(0.9) whatever they are, with ε added', async () => {
    const uneven = Float32Array.from({ length: features }, (_, i) => 0.1 + i);
    const found = await sigmaSearch(net, uneven, examples, { seed: 3, magnitude: true });
    expect(Math.abs(found.sigma * quantile - 1)).toBeLessThan(allowed);
    // σ² w² + ε² = (w/q)²
    const floored = await sigmaSearch(net, equal(1), examples, { seed: 3, magnitude: true, epsilon: 0.6 });
    expect(Math.abs(Math.sqrt(floored.sigma ** 2 + 0.36) * quantile - 1)).toBeLessThan(allowed);
    // σ² w² + ε² itself is the deviation
    const published = await sigmaSearch(net, equal(2), examples, {
      seed: 3,
      magnitude: true,
      epsilon: 0.6,
      noiseScale: 'variance-as-std',
    });
    expect(Math.abs(((4 * published.sigma ** 2 + 0.36) * quantile) / 2 - 1)).toBeLessThan(allowed);
  });
});

describe('the box whose worst corner costs a linear model a tenth of its accuracy', () => {
  const ramp = Float32Array.from({ length: features }, (_, i) => (i + 1) / features);
  const options = { batchSize: features, tolerance: 0.003 };

  it('has the side below which a tenth of the weights are', async () => {
    const found = await alphaSearch(net, ramp, examples, { ...options, seed: 1 });
    expect(found.reason).toBe('found');
    expect(Math.abs(found.alpha - 0.1)).toBeLessThan(0.003 + 1.5 / features);
    expect(Math.abs(found.drop - 0.1)).toBeLessThan(0.003);
  });

  it('in proportion to the weights has side 1 less what ε gives: all fall at once', async () => {
    const found = await alphaSearch(net, ramp, examples, { ...options, magnitude: true, epsilon: 0, steps: 12 });
    expect(found.reason).toBe('jumps');
    expect(Math.abs(found.alpha - 1)).toBeLessThan(2 ** -10);
    // α wᵢ + ε > wᵢ for the tenth below ε/(1 − α)
    const floored = await alphaSearch(net, ramp, examples, { ...options, magnitude: true, epsilon: 0.05 });
    expect(Math.abs(floored.alpha - 0.5)).toBeLessThan(0.04);
  });

  it('is smaller than the noise that costs as much: the worst is worse than the mean', async () => {
    const { alpha } = await alphaSearch(net, ramp, examples, { seed: 2 });
    const { sigma } = await sigmaSearch(net, ramp, examples, { seed: 2 });
    expect(alpha).toBeLessThan(sigma);
  });
});
