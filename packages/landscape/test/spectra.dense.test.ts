// Oracle: the same matrices, formed and diagonalised in float64; for densities their own integral.
import { isArgumentError } from '@hyperribbon/contract';
import { spectralDensity } from '@hyperribbon/lanczos/density';
import { fromDense } from '@hyperribbon/linop';
import { allCnn } from '@hyperribbon/nn/models';
import { describe, expect, it } from 'vitest';
import { curvatureNames, densityCurve, fisherSpectrum, networkSpectrum } from '../src/index.js';
import { dense, examples, network, params, size, sloppy } from './small.js';

const weights = Float64Array.from(params);
const seed = 5;

/** Trapezium rule. */
function integral(x: readonly number[], y: readonly number[]): number {
  let sum = 0;
  for (let i = 1; i < x.length; i++) sum += ((y[i] + y[i - 1]) / 2) * (x[i] - x[i - 1]);
  return sum;
}

describe('networkSpectrum', () => {
  it.each(curvatureNames)(
    '%s: the top of the dense spectrum, from products and from the formed matrix',
    async (operator) => {
      const { values } = await dense(operator, seed);
      const options = { operator, seed, dtype: 'float64', deterministic: true } as const;
      const top = await networkSpectrum(network, weights, examples, { ...options, count: 5 });
      const all = await networkSpectrum(network, weights, examples, { ...options, count: 'all', vectors: true });
      expect(top.converged).toBe(true);
      for (let i = 0; i < 5; i++) expect(Math.abs(top.values[i] - values[i])).toBeLessThan(1e-9 * values[0]);
      for (let i = 0; i < size; i++) expect(Math.abs(all.values[i] - values[i])).toBeLessThan(1e-12 * values[0]);
      expect(all.reason).toBe('dense');
      expect(all.matvecs).toBe(size);
      expect(Math.max(...all.residualNorms)).toBeLessThan(1e-13 * values[0] * size);
      expect(all.vectors).toHaveLength(size * size);
      expect(top.vectors).toBeUndefined();
      expect(top.noiseFloor).toBeCloseTo(10 * 2 ** -52 * Math.abs(top.values[0]), 20);
    },
  );

  it('takes the end that is asked for', async () => {
    const { values } = await dense('hessian', 0);
    const { values: low } = await networkSpectrum(network, weights, examples, {
      count: 2,
      which: 'SA',
      dtype: 'float64',
    });
    expect(Math.abs(low[1] - values[size - 1])).toBeLessThan(1e-9 * values[0]);
  });

  it('measures a density whose trace is that of the matrix, if asked', async () => {
    const { values } = await dense('ggn', 0);
    const options = { operator: 'ggn', count: 3, dtype: 'float64', vectors: true } as const;
    const { density } = await networkSpectrum(network, weights, examples, {
      ...options,
      density: { steps: 20, probes: 4 },
    });
    const trace = values.reduce((a, b) => a + b, 0);
    expect(Math.abs(density!.trace.value - trace)).toBeLessThan(4 * density!.trace.standardError + 1e-6 * trace);
    expect((await networkSpectrum(network, weights, examples, options)).density).toBeUndefined();
  });

  it('returns what there is when it is aborted: eigenvalues without a density', async () => {
    const controller = new AbortController();
    const result = await networkSpectrum(network, params, examples, {
      count: 'all',
      density: { steps: 10, probes: 2 },
      signal: controller.signal,
      onProgress: ({ detail }) => {
        if (detail === 'diagonalising it') controller.abort();
      },
    });
    expect(result.values).toHaveLength(size);
    expect(result.density).toBeUndefined();
  });

  it('returns no pairs, with the reason, when it is aborted before there are any', async () => {
    const signal = AbortSignal.abort();
    const density = { steps: 4, probes: 2 };
    const result = await networkSpectrum(network, params, examples, { count: 3, density, signal });
    expect(result).toMatchObject({ reason: 'aborted', converged: false });
    expect(result.values).toHaveLength(0);
    expect(result.density).toBeUndefined();
  });

  it('refuses counts beyond the network and names that no matrix has', async () => {
    const call = (options: object) => networkSpectrum(network, params, examples, { count: 1, ...options });
    await expect(call({ count: size + 1 })).rejects.toSatisfy(isArgumentError);
    await expect(call({ operator: 'jacobian' })).rejects.toThrow(/operator must be one of 'hessian'/);
  });
});

describe('fisherSpectrum', () => {
  it('has the non-zero eigenvalues of the sampled Fisher matrix', async () => {
    const { values } = await dense('fisher', seed);
    const stages: string[] = [];
    const found = fisherSpectrum(network, weights, examples, { seed, onStage: (words) => stages.push(words) });
    expect(found.eigenvalues).toHaveLength(40);
    for (let i = 0; i < size; i++)
      expect(Math.abs(found.eigenvalues[i] - values[i])).toBeLessThan(found.noiseFloor + 1e-13 * values[0]);
    expect(stages).toEqual(['Gram matrix of the gradients', 'diagonalising it']);
  });

  it('draws other labels with another seed', () => {
    const at = (seed: number) => fisherSpectrum(network, weights, examples, { seed }).eigenvalues[0];
    expect(at(1)).not.toBe(at(2));
    expect(at(0)).toBe(fisherSpectrum(network, weights, examples).eigenvalues[0]);
  });

  it('takes convolutional networks, too', async () => {
    const cnn = allCnn({ channels: [2, 2], classes: 3, image: { height: 4, width: 4, channels: 1 } });
    const { inputs, labels } = sloppy(128, 4);
    const images = {
      inputs: inputs.subarray(0, 640),
      labels: labels.subarray(0, 40),
      count: 40,
      features: 16,
      classes: 3,
    };
    const weights = cnn.init(1, 'float64');
    const options = { operator: 'fisher', count: 'all', dtype: 'float64', seed } as const;
    const { values } = await networkSpectrum(cnn, weights, images, options);
    const { eigenvalues } = fisherSpectrum(cnn, weights, images, { seed });
    for (let i = 0; i < 20; i++) expect(Math.abs(eigenvalues[i] - values[i])).toBeLessThan(1e-12 * values[0]);
  });
});

describe('densityCurve', () => {
  const diagonal = (values: readonly number[]) => {
    const n = values.length;
    return fromDense(
      Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? values[i / (n + 1)] : 0)),
      n,
    );
  };
  const curveOf = async (values: readonly number[], noiseFloor = 1e-9) =>
    densityCurve(await spectralDensity(diagonal(values), { steps: values.length, probes: 8, seed: 1 }), noiseFloor);

  it('integrates to one over both sides of zero, with nothing at zero', async () => {
    const { x, density, lower, upper, zero } = await curveOf([3, 1, 0.3, -0.5, -2]);
    expect(x).toEqual([...x].sort((a, b) => a - b));
    expect(x.filter((at) => at < 0)).toHaveLength(160);
    expect(Math.abs(integral(x, density) - 1)).toBeLessThan(0.002);
    expect(zero.share).toBeLessThan(2e-4);
    expect(zero.below).toBe(Math.min(...x.map(Math.abs)));
    density.forEach((value, i) => {
      expect(lower[i]).toBeLessThanOrEqual(value);
      expect(upper[i]).toBeGreaterThanOrEqual(value);
    });
  });

  it.each([
    [[3, 1, 0.3, 0, 0, 0, 0, 0, 0, 0], 0.7],
    [[3, -1, 0.3, 1e-8, -1e-8, 0, 1e-12, 0, 0, 0], 0.7],
    [[2, 1, 0, 0], 0.5],
    [[-2, 0], 0.5],
    [[0, 0, 0], 1],
    [[1e-20, 0, 5e-21], 1 / 3],
  ])('and the share at zero add up to one: %j', async (values, share) => {
    const { x, density, lower, upper, zero } = await curveOf(values, Math.max(...values.map(Math.abs)) * 1e-9);
    const middle = x.findIndex((at) => at > 0);
    const sides =
      middle > 0
        ? [
            [0, middle],
            [middle, x.length],
          ]
        : [[0, x.length]];
    const mass = sides.reduce((sum, [a, b]) => sum + integral(x.slice(a, b), density.slice(a, b)), 0);
    expect(Math.abs(mass + zero.share - 1)).toBeLessThan(0.002);
    expect(Math.abs(zero.share - share)).toBeLessThan(0.002);
    expect(zero.lower).toBeLessThanOrEqual(zero.share);
    expect(zero.upper).toBeGreaterThanOrEqual(zero.share);
    expect(lower.length).toBe(upper.length);
  });

  it('has one side where the spectrum has one, and none below the noise floor', async () => {
    expect((await curveOf([3, 1, 0.3])).x[0]).toBeGreaterThan(0);
    expect((await curveOf([-3, -1, -0.3])).x.at(-1)).toBeLessThan(0);
    expect((await curveOf([3, 1, 0.3], 0.5)).x[0]).toBe(0.5);
    expect((await curveOf([1, 0.5], 100)).x).toEqual([]);
  });
});
