// Oracle: Jacobians formed from central differences of the network's own function, and their singular values.
import { svd } from '@hyperribbon/lanczos/svd';
import { logits } from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';
import { inputSensitivity } from '../src/index.js';
import { examples, network, params } from './small.js';

const weights = Float64Array.from(params);
const [features, outputs, h] = [5, 3, 1e-5];

function jacobian(i: number): Float64Array {
  const J = new Float64Array(outputs * features);
  for (let k = 0; k < features; k++) {
    const [above, below] = [h, -h].map((by) => {
      const inputs = Float64Array.from(examples.inputs.subarray(i * features, (i + 1) * features));
      inputs[k] += by;
      return logits(network, weights, { ...examples, inputs, labels: Int32Array.of(0), count: 1 });
    });
    for (let c = 0; c < outputs; c++) J[c * features + k] = (above[c] - below[c]) / (2 * h);
  }
  return J;
}

describe('inputSensitivity', () => {
  it('gives the Frobenius and the spectral norm of every Jacobian', async () => {
    const { frobenius, spectral, mean, squareErrors } = await inputSensitivity(network, weights, examples, {
      chunkSize: 7,
    });
    for (const i of [0, 6, 7, 39]) {
      const { values } = svd(jacobian(i), outputs, features);
      expect(Math.abs(spectral![i] - values[0])).toBeLessThan(1e-8 * values[0]);
      const norm = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
      expect(Math.abs(frobenius[i] - norm)).toBeLessThan(1e-8 * norm);
      expect(frobenius[i]).toBeGreaterThanOrEqual(spectral![i]);
    }
    expect(mean.frobenius).toBeCloseTo(frobenius.reduce((a, b) => a + b) / 40, 12);
    expect(mean.spectral).toBeCloseTo(spectral!.reduce((a, b) => a + b) / 40, 12);
    expect(Math.max(...squareErrors)).toBe(0);
  });

  it('estimates the former from probes, within their standard errors and whatever the chunks', async () => {
    const exact = await inputSensitivity(network, weights, examples);
    const estimate = await inputSensitivity(network, weights, examples, { probes: 40, seed: 2, chunkSize: 9 });
    expect(estimate.spectral).toBeUndefined();
    const off = Array.from(
      estimate.frobenius,
      (norm, i) => Math.abs(norm ** 2 - exact.frobenius[i] ** 2) / estimate.squareErrors[i],
    );
    expect(Math.max(...off)).toBeLessThan(5);
    expect(off.filter((x) => x < 2).length).toBeGreaterThan(32);
    const other = await inputSensitivity(network, weights, examples, { probes: 40, seed: 2 });
    for (let i = 0; i < 40; i++) expect(Math.abs(other.frobenius[i] - estimate.frobenius[i])).toBeLessThan(1e-12);
  });

  it('refuses options out of range and stops when it is told to', async () => {
    await expect(inputSensitivity(network, weights, examples, { probes: 1 })).rejects.toThrow('probes');
    await expect(inputSensitivity(network, weights, examples, { chunks: 1 } as object)).rejects.toThrow('chunks');
    const controller = new AbortController();
    const rest = { chunkSize: 1, signal: controller.signal, onProgress: () => controller.abort() };
    await expect(inputSensitivity(network, weights, examples, rest)).rejects.toThrow('aborted');
  });
});
