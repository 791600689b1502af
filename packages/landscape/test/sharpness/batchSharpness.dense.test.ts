// Oracle: gradients and whole Hessian matrices of every batch, formed in float64.
import { hessian } from '@hyperribbon/curvature';
import { materialize } from '@hyperribbon/linop';
import { type AnyExamples, examplesAt, squaredError } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { batchSharpness, planBatchSharpness } from '../../src/index.js';
import { examples, network, params, size } from '../small.js';

const weights = Float64Array.from(params);
const targets = stream({ seed: 4, purpose: 'targets' }).normal(new Float64Array(3 * examples.count));
const regression = { inputs: examples.inputs, count: examples.count, features: 5, targets, outputs: 3 };

/** gᵀ H g and ‖g‖² of each batch */
async function formed(given: AnyExamples, batchSize: number, seed: number, loss?: typeof squaredError) {
  const order = stream({ seed, purpose: 'batch-sharpness', index: 0 }).permutation(given.count);
  const numbers: { readonly curvature: number; readonly square: number }[] = [];
  for (let first = 0; first + batchSize <= given.count; first += batchSize) {
    const batch = examplesAt(given, order.subarray(first, first + batchSize));
    const H = hessian(network, weights, batch, { dtype: 'float64', ...(loss && { loss }) });
    const [matrix, g] = [await materialize(H), H.gradient()];
    let [curvature, square] = [0, 0];
    for (let i = 0; i < size; i++) {
      square += g[i] * g[i];
      for (let j = 0; j < size; j++) curvature += g[i] * matrix[i * size + j] * g[j];
    }
    numbers.push({ curvature, square });
  }
  return numbers;
}

function expectNear(found: number, wanted: number, tol = 1e-10): void {
  expect(Math.abs(found - wanted)).toBeLessThan(tol * Math.abs(wanted));
  expect(Math.abs(found - wanted * (1 + 10 * tol))).toBeGreaterThan(tol * Math.abs(wanted));
}

describe('batchSharpness', () => {
  it('is the mean over batches of gᵀHg / ‖g‖², with its standard error and the ratio of means', async () => {
    const numbers = await formed(examples, 6, 3);
    const found = await batchSharpness(network, weights, examples, { batchSize: 6, seed: 3, dtype: 'float64' });
    expect(found.batches).toBe(6);
    expect(numbers.length).toBe(6);
    const ratios = numbers.map(({ curvature, square }) => curvature / square);
    const mean = ratios.reduce((a, b) => a + b) / 6;
    expectNear(found.meanOfRatios.mean, mean);
    const variance = ratios.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 5;
    expectNear(found.meanOfRatios.standardError, Math.sqrt(variance / 6));
    const sum = (name: 'curvature' | 'square') => numbers.reduce((total, each) => total + each[name], 0);
    expectNear(found.ratioOfMeans, sum('curvature') / sum('square'));
    expect(Math.abs(found.ratioOfMeans - found.meanOfRatios.mean)).toBeGreaterThan(1e-3 * mean);
  });

  it('holds for squared errors and for examples with weights', async () => {
    const weighted = { ...regression, weights: Float64Array.from({ length: 40 }, (_, i) => 1 + (i % 3)) };
    const numbers = await formed(weighted, 8, 1, squaredError);
    const options = { batchSize: 8, seed: 1, dtype: 'float64', loss: { kind: 'squared-error' } } as const;
    const found = await batchSharpness(network, weights, weighted, options);
    expectNear(
      found.meanOfRatios.mean,
      numbers.reduce((sum, { curvature, square }) => sum + curvature / square, 0) / numbers.length,
    );
    const plain = await batchSharpness(network, weights, regression, options);
    expect(plain.meanOfRatios.mean).not.toBeCloseTo(found.meanOfRatios.mean, 3);
  });

  it('does not depend on chunks but through rounding, and not at all on when it is asked', async () => {
    const options = { batchSize: 10, dtype: 'float64', batches: 3 } as const;
    const plan = planBatchSharpness(network, examples, options);
    const first = await plan.measure(weights);
    const other = await plan.measure(weights, { permutation: 1 });
    expect(await plan.measure(weights)).toEqual(first);
    expect(other.meanOfRatios.mean).not.toBe(first.meanOfRatios.mean);
    const cut = await batchSharpness(network, weights, examples, { ...options, chunkSize: 4 });
    expectNear(cut.meanOfRatios.mean, first.meanOfRatios.mean, 1e-12);
    const single = await batchSharpness(network, params, examples, { batchSize: 10, batches: 3 });
    expectNear(single.meanOfRatios.mean, first.meanOfRatios.mean, 1e-3);
  });
});

describe('batchSharpness of degenerate input', () => {
  it('has no error from one batch, and is then the curvature along the gradient', async () => {
    const found = await batchSharpness(network, weights, examples, { batchSize: 40, dtype: 'float64' });
    const [{ curvature, square }] = await formed(examples, 40, 0);
    expectNear(found.meanOfRatios.mean, curvature / square);
    expect(found.meanOfRatios.standardError).toBeNaN();
    expectNear(found.ratioOfMeans, curvature / square);
  });

  it('says NaN where a batch has no gradient', async () => {
    const dead = { ...regression, targets: new Float64Array(120) };
    const options = { batchSize: 8, dtype: 'float64', loss: { kind: 'squared-error' } } as const;
    const found = await batchSharpness(network, new Float64Array(size), dead, options);
    expect(found.meanOfRatios.mean).toBeNaN();
    expect(found.ratioOfMeans).toBeNaN();
  });

  it('keeps to the same ratio for gradients whose squares leave the range', async () => {
    const linear = (scale: number) => ({ ...regression, targets: targets.map((y) => scale * y) });
    const options = { batchSize: 20, dtype: 'float64', loss: { kind: 'squared-error' } } as const;
    const still = new Float64Array(size).fill(0);
    // at zero weights the gradient is that of the last bias alone, where the curvature is 1
    for (const scale of [1e-200, 1, 1e200]) {
      const found = await batchSharpness(network, still, linear(scale), options);
      expectNear(found.meanOfRatios.mean, 1, 1e-14);
      expectNear(found.ratioOfMeans, 1, 1e-14);
    }
  });

  it('refuses batches that there are not, and options that it does not know', async () => {
    const call = (options: object) => batchSharpness(network, weights, examples, options as { batchSize: number });
    await expect(call({ batchSize: 41 })).rejects.toThrow('batchSize');
    await expect(call({ batchSize: 0 })).rejects.toThrow('batchSize');
    await expect(call({ batchSize: 20, batches: 3 })).rejects.toThrow('batches');
    await expect(call({ batchSize: 20, batch: 3 })).rejects.toThrow('there is no option batch');
    await expect(batchSharpness(network, new Float64Array(3), examples, { batchSize: 4 })).rejects.toThrow('params');
    const controller = new AbortController();
    const watched = { batchSize: 4, signal: controller.signal, onProgress: () => controller.abort() };
    await expect(call(watched)).rejects.toThrow('aborted');
  });
});
