// Oracle: eigenpairs of the same matrices, formed and diagonalised in float64.
import { isArgumentError } from '@hyperribbon/contract';
import { kroneckerFactors } from '@hyperribbon/curvature';
import { directionsDefect } from '@hyperribbon/linop/directions';
import { describe, expect, it } from 'vitest';
import { fisherDirections, hessianDirections, kroneckerBasis, type FisherKind } from '../src/index.js';
import { dense, examples, network, params, sharesIn, size } from './small.js';

const [k, seed] = [6, 7];
const directions = (kind?: FisherKind) =>
  fisherDirections(network, params, examples, { k, seed, ...(kind === undefined ? {} : { kind }) });

describe('directions of a Fisher matrix', () => {
  it.each([
    ['sampled', 'fisher'],
    ['exact', 'exact-fisher'],
    ['empirical', 'empirical-fisher'],
  ] as const)('%s: eigenpairs of the dense matrix', async (kind, name) => {
    const { values, vectors } = await dense(name, seed);
    const found = await directions(kind);
    expect(found.evidence).toContain(`${kind} Fisher matrix of 40 inputs`);
    expect(directionsDefect(found.directions, size)).toBeLessThan(1e-6);
    for (let i = 0; i < k; i++) expect(Math.abs(found.eigenvalues[i] / values[i] - 1)).toBeLessThan(1e-4);
    // the spaces of the next k directions are others
    for (const share of sharesIn(found.directions, vectors, k + 1)) expect(share).toBeGreaterThan(1 - 1e-4);
    const next = vectors.subarray((k + 1) * size, (2 * k + 1) * size);
    for (const share of sharesIn(found.directions, next, k)) expect(share).toBeLessThan(1e-3);
  });

  it('are sampled unless asked otherwise, and the three kinds differ', async () => {
    const [byDefault, sampled, exact, empirical] = await Promise.all([
      directions(),
      directions('sampled'),
      directions('exact'),
      directions('empirical'),
    ]);
    expect(byDefault).toEqual(sampled);
    expect(Math.abs(exact.eigenvalues[0] / sampled.eigenvalues[0] - 1)).toBeGreaterThan(1e-3);
    expect(Math.abs(empirical.eigenvalues[0] / sampled.eigenvalues[0] - 1)).toBeGreaterThan(1e-3);
  });

  it('are as many as the rank of the matrix, however many are asked for', async () => {
    const one = {
      ...examples,
      inputs: examples.inputs.subarray(0, 5),
      labels: examples.labels.subarray(0, 1),
      count: 1,
    };
    const found = await fisherDirections(network, params, one, { k: 4 });
    expect(found.eigenvalues).toHaveLength(1);
    expect(found.directions).toHaveLength(size);
    // every one of them where the matrix has full rank: none is cut off at the end of the list
    const all = await fisherDirections(network, params, examples, { k: 40 });
    const { values } = await dense('fisher', 0);
    expect(all.eigenvalues).toHaveLength(values.filter((value) => value > 1e-7 * values[0]).length);
  });

  it('are none where the gradients vanish', async () => {
    // empty inputs, no bias: the logits are zero whatever the weights of the first layer, and labels are as likely as predicted
    const sure = params.slice().fill(0);
    sure[size - 1] = 60;
    const same = { ...examples, labels: examples.labels.map(() => 2) };
    const found = await fisherDirections(network, sure, same, { k: 3, kind: 'empirical' });
    expect(found.directions).toHaveLength(found.eigenvalues.length * size);
    for (const value of found.eigenvalues) expect(value).toBeLessThan(1e-20);
  });

  it('refuse k = 0, and end with AbortError', async () => {
    await expect(fisherDirections(network, params, examples, { k: 0 })).rejects.toSatisfy(isArgumentError);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(fisherDirections(network, params, examples, { k, signal })).rejects.toMatchObject({
      name: 'AbortError',
      cause: new Error('enough'),
    });
  });
});

describe('directions of the Hessian', () => {
  it('are eigenvectors of the dense matrix, largest magnitudes first', async () => {
    const { values, vectors } = await dense('hessian', 0);
    const found = await hessianDirections(network, params, examples, { k: 8, seed });
    const byMagnitude = [...values.keys()].sort((a, b) => Math.abs(values[b]) - Math.abs(values[a]));
    const tops = Float64Array.from(
      byMagnitude.slice(0, 9).flatMap((i) => [...vectors.subarray(i * size, (i + 1) * size)]),
    );
    for (const share of sharesIn(found.directions.subarray(0, 3 * size), tops, 9)) expect(share).toBeGreaterThan(0.99);
    expect(Math.abs(found.eigenvalues[0] / values[0] - 1)).toBeLessThan(0.01);
    expect(directionsDefect(found.directions, size)).toBeLessThan(1e-6);
    expect(found.evidence).toMatch(/^Hessian of 40 examples by \d+ Lanczos products, largest residual/);
  });

  it('end with a word on all 3 k products', async () => {
    const heard: unknown[] = [];
    await hessianDirections(network, params, examples, { k: 2, onProgress: (progress) => heard.push(progress) });
    expect(heard.at(-1)).toEqual({ done: 6, of: 6, detail: '2 directions' });
  });

  it('refuse more directions than weights, and end with AbortError', async () => {
    const options = { k: size + 1 };
    await expect(hessianDirections(network, params, examples, options)).rejects.toThrow(
      `k must be an integer in [1, ${size}]`,
    );
    const signal = AbortSignal.abort();
    await expect(hessianDirections(network, params, examples, { k, signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});

describe('the Kronecker basis', () => {
  const factors = kroneckerFactors(network, params, examples.inputs, examples.count, {});

  it('diagonalises both factors of every layer when it turns all sides', () => {
    const { basis, spectrum } = kroneckerBasis(network, params, examples, { turn: 'full' });
    expect(basis.layers).toHaveLength(factors.length);
    factors.forEach(({ input, output, inputs, outputs }, l) => {
      for (const [matrix, n, side] of [
        [input, inputs, 'input'],
        [output, outputs, 'output'],
      ] as const) {
        const [rows, values] = [basis.layers[l][side]!, spectrum.layers[l][side]];
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) {
            let product = 0;
            for (let a = 0; a < n; a++)
              for (let b = 0; b < n; b++) product += rows[i * n + a] * matrix[a * n + b] * rows[j * n + b];
            expect(Math.abs(product - (i === j ? values[i] : 0))).toBeLessThan(1e-10 * values[0]);
          }
        }
      }
    });
  });

  it('leaves all sides but the inputs of the first layer as they are when it turns those only', () => {
    const { basis, spectrum } = kroneckerBasis(network, params, examples, { turn: 'input' });
    const [first, ...others] = basis.layers;
    expect(first.input).toHaveLength(factors[0].inputs ** 2);
    expect(first.output).toBeUndefined();
    for (const layer of others) expect(Object.keys(layer)).toEqual([]);
    const { output, outputs } = factors[0];
    expect(Array.from(spectrum.layers[0].output)).toEqual(
      Array.from({ length: outputs }, (_, i) => output[i * outputs + i]),
    );
  });
});
