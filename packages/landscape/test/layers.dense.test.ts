// Oracle: the matrix of all parameters, formed in float64; spectra of layers are those of its diagonal blocks.
import { gaussNewton, hessian } from '@hyperribbon/curvature';
import { eigh, eigvalsh } from '@hyperribbon/lanczos';
import { materialize } from '@hyperribbon/linop';
import { describe, expect, it } from 'vitest';
import { fisherDirections, fisherSpectrum, hessianDirections, layerSpectra, networkSpectrum } from '../src/index.js';
import { examples, network, params, size } from './small.js';

const weights = Float64Array.from(params);
const options = { dtype: 'float64', deterministic: true, seed: 3 } as const;
/** places of W1 and b1, and of W2 and b2 */
const layers = [
  [0, 24],
  [24, 39],
] as const;

async function blocks(make: typeof hessian): Promise<Float64Array[]> {
  const matrix = await materialize(make(network, weights, examples, { dtype: 'float64' }));
  return layers.map(([from, to]) => {
    const n = to - from;
    const block = new Float64Array(n * n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        block[i * n + j] = (matrix[(from + i) * size + from + j] + matrix[(from + j) * size + from + i]) / 2;
    return block;
  });
}

const diagonalSum = (block: Float64Array): number => {
  const n = Math.sqrt(block.length);
  return block.reduce((sum, x, ij) => sum + (ij % (n + 1) === 0 ? x : 0), 0);
};

describe('layerSpectra', () => {
  it.each([
    ['hessian', hessian],
    ['ggn', gaussNewton],
  ] as const)('%s: top, trace and density of every block', async (operator, make) => {
    const dense = await blocks(make);
    const density = { steps: 12, probes: 4 };
    const found = await layerSpectra(network, weights, examples, {
      ...options,
      operator,
      count: 4,
      trace: 12,
      density,
    });
    expect(found.map(({ name, parameters }) => [name, parameters])).toEqual([
      ['W1', ['W1', 'b1']],
      ['W2', ['W2', 'b2']],
    ]);
    found.forEach((layer, l) => {
      expect(layer.size).toBe(layers[l][1] - layers[l][0]);
      const values = eigvalsh(dense[l], layer.size);
      for (let i = 0; i < 4; i++)
        expect(Math.abs(layer.values[i] - values[i])).toBeLessThan(1e-9 * Math.max(...values.map(Math.abs)));
      const { value, standardError, matvecs } = layer.trace!;
      expect(Math.abs(value - diagonalSum(dense[l]))).toBeLessThan(4 * standardError + 1e-9);
      expect(matvecs).toBeGreaterThan(0);
      expect(layer.density!.probes).toBe(4);
    });
  });

  it('gives all eigenvalues of layers that have no more, whose sum is the trace', async () => {
    const dense = await blocks(gaussNewton);
    const found = await layerSpectra(network, weights, examples, { ...options, operator: 'ggn', count: 20 });
    expect(found.map(({ values }) => values.length)).toEqual([20, 15]);
    expect(found.map(({ reason }) => reason)[1]).toBe('dense');
    expect(Math.abs(found[1].trace!.value - diagonalSum(dense[1]))).toBeLessThan(1e-12 * diagonalSum(dense[1]));
    expect(found[1].trace!.standardError).toBe(0);
    const some = await layerSpectra(network, weights, examples, { ...options, count: 2, parameters: /^b/ });
    expect(some.map(({ parameters, size: n }) => [parameters, n])).toEqual([
      [['b1'], 4],
      [['b2'], 3],
    ]);
  });

  it('ends with the layer at which it is aborted', async () => {
    const controller = new AbortController();
    const found = await layerSpectra(network, weights, examples, {
      ...options,
      count: 2,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    expect(found).toHaveLength(1);
    expect(found[0].reason).toBe('aborted');
    expect(found[0].trace).toBeUndefined();
  });
});

describe('of some parameters', () => {
  const which = ['W2', 'b2'];

  it('a spectrum and the eigenvalues of the Fisher matrix are those of the block', async () => {
    const dense = await blocks(hessian);
    const { values } = await networkSpectrum(network, weights, examples, { ...options, count: 3, parameters: which });
    expect(Math.abs(values[0] - eigvalsh(dense[1], 15)[0])).toBeLessThan(1e-9 * values[0]);
    await expect(networkSpectrum(network, weights, examples, { count: 16, parameters: which })).rejects.toThrow(
      'count',
    );
    const fisher = await networkSpectrum(network, weights, examples, {
      ...options,
      operator: 'fisher',
      count: 'all',
      parameters: which,
    });
    const { eigenvalues } = fisherSpectrum(network, weights, examples, { seed: 3, parameters: which });
    for (let i = 0; i < 10; i++)
      expect(Math.abs(eigenvalues[i] - fisher.values[i])).toBeLessThan(1e-12 * fisher.values[0]);
  });

  it('directions are those of the block, with zeros for what stays', async () => {
    const { values, vectors } = eigh((await blocks(hessian))[1], 15, { vectors: true });
    const stiffest = values.map(Math.abs).indexOf(Math.max(...values.map(Math.abs)));
    const { directions } = await hessianDirections(network, params, examples, { k: 5, parameters: which });
    expect(directions).toHaveLength(5 * size);
    const share = vectors!
      .subarray(stiffest * 15, (stiffest + 1) * 15)
      .reduce((sum, x, i) => sum + x * directions[24 + i], 0);
    expect(Math.abs(share)).toBeGreaterThan(0.999);
    const fisher = await fisherDirections(network, params, examples, { k: 2, parameters: which });
    for (const { directions: rows } of [{ directions }, fisher])
      rows.forEach((x, i) => i % size < 24 && expect(x).toBe(0));
    const norm = fisher.directions.subarray(0, size).reduce((sum, x) => sum + x * x, 0);
    expect(norm).toBeCloseTo(1, 5);
  });
});
