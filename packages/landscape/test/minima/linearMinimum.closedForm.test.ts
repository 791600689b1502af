import { log } from '@hyperribbon/kernels';
import { describe, expect, it } from 'vitest';
import { linearMinimum, separatingFeatures, UnattainedMinimumError } from '../../src/minima.js';
import { checkSet, examplesOf, golden } from './checkSet.js';

describe('the attained minimum over affine models', () => {
  it('is the entropy of two classes that occur alike at every point', async () => {
    const found = await linearMinimum(examplesOf([[0], [0], [1], [1]], [0, 1, 0, 1], 2));
    expect(Math.abs(found.loss - log(2))).toBeLessThan(1e-15);
    expect(found.rank).toBe(2);
  });

  it('has the log odds of one binary feature as its weights', async () => {
    // at x = 0 class 1 in 1 of 4, at x = 1 in 3 of 4: z₁ − z₀ = −ln 3 + 2 ln 3 x
    const x = [[0], [0], [0], [0], [1], [1], [1], [1]];
    const found = await linearMinimum(examplesOf(x, [0, 0, 0, 1, 1, 1, 1, 0], 2));
    expect(Math.abs(found.bias[1] - found.bias[0] + log(3))).toBeLessThan(1e-13);
    expect(Math.abs(found.weights[1] - found.weights[0] - 2 * log(3))).toBeLessThan(1e-13);
    expect(found.gradient).toBeLessThan(1e-15);
    expect(found.attainment).toBeLessThan(1e-10);
  });

  for (const loss of ['softmax-cross-entropy', 'squared-error'] as const) {
    it(`is that of another program, ${loss}`, async () => {
      const { linearLoss } = golden.rows.find((row) => row.loss === loss)!;
      const found = await linearMinimum(checkSet(), { loss });
      expect(Math.abs(found.loss - linearLoss)).toBeLessThan(1e-14);
      expect(Math.abs(found.loss - (linearLoss + 1e-13))).toBeGreaterThan(1e-14);
      expect(found.gradient).toBeLessThan(1e-15);
      expect(found.rank).toBe(7);
    });
  }

  it('is the mean where all inputs are zero, and of rank one', async () => {
    const found = await linearMinimum(examplesOf([[0], [0], [0]], [0, 1, 1], 2), { loss: 'squared-error' });
    expect(found.rank).toBe(1);
    expect(Math.abs(found.bias[1] - 2 / 3)).toBeLessThan(1e-15);
    expect(found.weights[0]).toBe(0);
  });

  for (const scale of [1e-150, 1e150]) {
    it(`does not see that features have the size ${scale}`, async () => {
      const x = [[0], [0], [0], [0], [scale], [scale], [scale], [scale]];
      const found = await linearMinimum(examplesOf(x, [0, 0, 0, 1, 1, 1, 1, 0], 2));
      expect(found.rank).toBe(2);
      expect(Math.abs((found.weights[1] - found.weights[0]) * scale - 2 * log(3))).toBeLessThan(1e-12);
    });
  }

  it('interpolates one example', async () => {
    const found = await linearMinimum(examplesOf([[3, 4]], [1], 2), { loss: 'squared-error' });
    expect(found.loss).toBeLessThan(1e-30);
    expect(found.rank).toBe(1);
  });
});

describe('cross-entropy without an attained minimum', () => {
  it('is refused by name, with the feature and the classes that are to blame', async () => {
    // feature 1 is lit in two examples, both of class 1
    const x = [
      [0, 0],
      [0, 0],
      [1, 0],
      [1, 0],
      [0, 0.5],
      [1, 0.5],
    ];
    const refused = await linearMinimum(examplesOf(x, [0, 1, 0, 1, 1, 1], 2)).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UnattainedMinimumError);
    const { separation, message } = refused as UnattainedMinimumError;
    expect(message).toContain('T1');
    expect(separation.features).toEqual([{ feature: 1, side: 'above-least', bound: 0, examples: 2, missing: [0] }]);
  });

  it('blames a class that no example has', async () => {
    const refused = await linearMinimum(examplesOf([[0], [1]], [1, 1], 2)).catch((error: unknown) => error);
    expect((refused as UnattainedMinimumError).separation).toMatchObject({ evidence: 'class', classes: [0] });
  });

  it('is found along a direction of several features where no single one is to blame', async () => {
    const examples = checkSet('cleanLabels');
    const x = examples.inputs;
    // classes by a slanted line, with both classes at either end of each feature
    const labels = Array.from({ length: 120 }, (_, i) => (x[6 * i] + x[6 * i + 1] > 1 ? 1 : 0));
    const slanted = { ...examples, classes: 2, labels: Int32Array.from(labels) };
    expect(separatingFeatures(slanted)).toBeUndefined();
    const refused = await linearMinimum(slanted).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UnattainedMinimumError);
    const { separation } = refused as UnattainedMinimumError;
    expect(separation.evidence).toBe('direction');
    expect(separation.smallestGain).toBeGreaterThan(-1e-6);
  });

  it('is not seen where the squared error is asked for', async () => {
    const found = await linearMinimum(examplesOf([[0], [1]], [0, 1], 2), { loss: 'squared-error' });
    expect(found.loss).toBeLessThan(1e-30);
  });

  it('is not so for smoothed targets, which always have a minimum', async () => {
    const targets = Float64Array.of(0.9, 0.1, 0.1, 0.9);
    const found = await linearMinimum({ count: 2, features: 1, inputs: Float64Array.of(0, 1), outputs: 2, targets });
    expect(Math.abs(found.loss + 0.9 * log(0.9) + 0.1 * log(0.1))).toBeLessThan(1e-14);
  });
});

describe('what linearMinimum refuses', () => {
  it('names weights, an unknown loss, and targets that are no probabilities', async () => {
    const examples = checkSet();
    await expect(linearMinimum({ ...examples, weights: new Float64Array(120).fill(1) })).rejects.toThrow('repeat');
    await expect(linearMinimum(examples, { loss: 'hinge' as never })).rejects.toThrow('loss');
    const targets = { count: 1, features: 1, inputs: Float64Array.of(0), outputs: 2, targets: Float64Array.of(1, 1) };
    await expect(linearMinimum(targets)).rejects.toThrow('sum to 1');
    await expect(linearMinimum({ ...examples, inputs: examples.inputs.map(() => NaN) })).rejects.toThrow('NaN');
  });

  it('does not take too few iterations for a missing minimum', async () => {
    await expect(linearMinimum(checkSet(), { maxIterations: 1 })).rejects.toThrow('maxIterations must be more than 1');
  });

  it('ends at an abort', async () => {
    await expect(linearMinimum(checkSet(), { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
  });
});
