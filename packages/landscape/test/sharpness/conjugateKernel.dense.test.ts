// Oracle: Jacobians of all outputs formed by finite products, the Gauss-Newton matrix formed in float64, and the layers' factors written out.
import { exampleGradients, gaussNewton } from '@hyperribbon/curvature';
import { eigh } from '@hyperribbon/lanczos';
import { materialize } from '@hyperribbon/linop';
import { type AnyExamples, logits, mlp, squaredError } from '@hyperribbon/nn';
import { stack } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { conjugateKernel, curvatureSplit } from '../../src/index.js';
import { network, params, size, sloppy } from '../small.js';

const weights = Float64Array.from(params);
const [count, k] = [12, 3];
const examples = sloppy(count, 2);
const rows = count * k;
const targets = stream({ seed: 4, purpose: 'targets' }).normal(new Float64Array(rows));
const regression: AnyExamples = { inputs: examples.inputs, count, features: 5, targets, outputs: k };

const norm = (x: Float64Array) => Math.sqrt(x.reduce((sum, v) => sum + v * v, 0));
function expectClose(found: Float64Array, wanted: Float64Array, tol = 1e-12): void {
  expect(norm(found.map((x, i) => x - wanted[i]))).toBeLessThan(tol * norm(wanted));
  expect(norm(found.map((x, i) => x - wanted[i] * (1 + 10 * tol)))).toBeGreaterThan(tol * norm(wanted));
}

/** M (rows, size): n^{-1/2} Bᵀ D f, with B = diag(√p) − p √pᵀ for cross-entropy, which is another root of D²c than the symmetric one */
function formedM(given: AnyExamples, root: 'softmax' | 'identity'): Float64Array {
  const J = Array.from(
    { length: k },
    (_, c) => exampleGradients(network, weights, given, { of: c, dtype: 'float64' }).matrix,
  );
  const z = logits(network, weights, given, { dtype: 'float64' });
  const M = new Float64Array(rows * size);
  for (let i = 0; i < count; i++) {
    const e = Array.from(z.subarray(k * i, k * i + k), Math.exp);
    const p = e.map((x) => x / e.reduce((a, b) => a + b));
    for (let a = 0; a < k; a++)
      for (let c = 0; c < k; c++) {
        const B = root === 'identity' ? (a === c ? 1 : 0) : (a === c ? Math.sqrt(p[a]) : 0) - p[c] * Math.sqrt(p[a]);
        for (let j = 0; j < size; j++) M[(i * k + a) * size + j] += (B * J[c][i * size + j]) / Math.sqrt(count);
      }
  }
  return M;
}

const squareOf = (M: Float64Array, [from, to]: readonly [number, number]) =>
  Float64Array.from({ length: rows * rows }, (_, at) => {
    const [a, b] = [Math.floor(at / rows), at % rows];
    let sum = 0;
    for (let j = from; j < to; j++) sum += M[a * size + j] * M[b * size + j];
    return sum;
  });

describe('conjugateKernel', () => {
  it('has the non-zero spectrum of the Gauss-Newton matrix, for cross-entropy and squared errors', async () => {
    for (const [given, loss, root] of [
      [examples, undefined, 'softmax'],
      [regression, squaredError, 'identity'],
    ] as const) {
      const G = await materialize(gaussNewton(network, weights, given, { dtype: 'float64', ...(loss && { loss }) }));
      const { values } = eigh(Float64Array.from(G), size);
      const found = await conjugateKernel(network, weights, given, {
        ...(loss && { loss: { kind: 'squared-error' } }),
      });
      expect(found.rows).toBe(rows);
      for (let i = 0; i < rows; i++) expect(Math.abs(found.values[i] - values[i])).toBeLessThan(1e-12 * values[0]);
      // another root of D²c turns rows within an example: the spectrum is the same
      const other = eigh(squareOf(formedM(given, root), [0, size]), rows).values;
      expectClose(found.values, Float64Array.from(other));
    }
  });

  it('is the sum of its layers, each the Gram matrix of its own columns', async () => {
    const found = await conjugateKernel(network, weights, regression, { loss: { kind: 'squared-error' } });
    const M = formedM(regression, 'identity');
    expect(found.layers.map(({ parameters }) => parameters)).toEqual([
      ['W1', 'b1'],
      ['W2', 'b2'],
    ]);
    const ranges = [
      [0, 24],
      [24, 39],
    ] as const;
    found.layers.forEach(({ matrix, trace, largest }, l) => {
      const wanted = squareOf(M, ranges[l]);
      expectClose(matrix, wanted);
      expectClose(Float64Array.of(largest), Float64Array.of(eigh(wanted.slice(), rows).values[0]));
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += wanted[i * rows + i];
      expectClose(Float64Array.of(trace), Float64Array.of(sum));
    });
    expectClose(found.matrix, squareOf(M, [0, size]));
  });

  it('has the factors of dense layers: Jacobians after the layer, slopes, and ⟨a_i, a_j⟩ + 1; that of the first layer by the inputs is in none', async () => {
    const { layers } = await conjugateKernel(network, weights, regression, { loss: { kind: 'squared-error' } });
    const inputOf = (i: number) => Array.from(examples.inputs.subarray(5 * i, 5 * i + 5));
    const hidden = (i: number) =>
      [0, 1, 2, 3].map((u) =>
        Math.tanh(inputOf(i).reduce((sum, x, j) => sum + x * weights[4 * j + u], weights[20 + u])),
      );
    const W2 = (u: number, a: number) => weights[24 + 3 * u + a];
    const entry = (l: number, i: number, a: number, j: number, b: number) => {
      const [hi, hj] = [hidden(i), hidden(j)];
      const dot = (x: number[], y: number[]) => x.reduce((sum, v, at) => sum + v * y[at], 1);
      if (l === 1) return a === b ? dot(hi, hj) / count : 0;
      const after = hi.reduce((sum, h, u) => sum + W2(u, a) * (1 - h * h) * (1 - hj[u] * hj[u]) * W2(u, b), 0);
      return (after * dot(inputOf(i), inputOf(j))) / count;
    };
    for (const l of [0, 1]) {
      const wanted = Float64Array.from({ length: rows * rows }, (_, at) => {
        const [r, s] = [Math.floor(at / rows), at % rows];
        return entry(l, Math.floor(r / k), r % k, Math.floor(s / k), s % k);
      });
      expectClose(layers[l].matrix, wanted);
    }
  });

  it('shares the top eigenvalue as the top eigenvector of G shares its length', async () => {
    const { layers, values } = await conjugateKernel(network, weights, examples);
    const { shares, gaussNewton: G } = await curvatureSplit(network, weights, examples, { tol: 1e-12 });
    const [W1, b1, W2, b2] = shares.map(({ share }) => share);
    expectClose(Float64Array.of(values[0]), Float64Array.of(G.value), 1e-11);
    expectClose(
      Float64Array.from(layers, ({ share }) => share),
      Float64Array.of(W1 + b1, W2 + b2),
      1e-8,
    );
  });

  it('is a constant of the inputs for one layer under squared errors', async () => {
    const net = mlp([5, 3]);
    const loss = { kind: 'squared-error' } as const;
    const at = (seed: number) => conjugateKernel(net, net.init(seed, 'float64'), regression, { loss });
    expect((await at(1)).matrix).toEqual((await at(2)).matrix);
  });

  it('holds for convolutions and what is between them', async () => {
    const net = stack({
      input: [1, 4, 4],
      layers: [
        { kind: 'conv2d', out: 2, kernel: 2 },
        { kind: 'relu' },
        { kind: 'flatten' },
        { kind: 'linear', out: 2 },
      ],
    });
    const inputs = stream({ seed: 1, purpose: 'inputs' }).normal(new Float64Array(48));
    const given: AnyExamples = { inputs, labels: Int32Array.of(0, 1, 0), count: 3, features: 16, classes: 2 };
    const at = net.init(1, 'float64') as Float64Array;
    const G = await materialize(gaussNewton(net, at, given, { dtype: 'float64' }));
    const { values } = eigh(Float64Array.from(G), net.size);
    const found = await conjugateKernel(net, at, given);
    expectClose(found.values.subarray(0, 3), Float64Array.from(values.subarray(0, 3)));
  });
});

describe('conjugateKernel of degenerate input', () => {
  it('is of the last bias alone where all weights are zero', async () => {
    const { layers, values } = await conjugateKernel(network, new Float64Array(size), regression, {
      loss: { kind: 'squared-error' },
    });
    expect(values[0]).toBeCloseTo(1, 12);
    expect(layers[0].largest).toBe(0);
    expect(layers[1].share).toBeCloseTo(1, 12);
  });

  it('is one number for one example and one output', async () => {
    const net = mlp([2, 1]);
    const given: AnyExamples = {
      inputs: Float64Array.of(2, 3),
      count: 1,
      features: 2,
      targets: Float64Array.of(0),
      outputs: 1,
    };
    const { values } = await conjugateKernel(net, new Float64Array(3), given, { loss: { kind: 'squared-error' } });
    expect(Array.from(values)).toEqual([14]);
  });

  it('says what it would need, and refuses weights of examples', async () => {
    await expect(conjugateKernel(network, weights, examples, { memoryLimit: 1000 })).rejects.toThrow('51840 bytes');
    const weighted = { ...examples, weights: new Float64Array(count).fill(1) };
    await expect(conjugateKernel(network, weights, weighted)).rejects.toThrow('weights');
    await expect(conjugateKernel(network, weights, examples, { layer: 1 } as object)).rejects.toThrow('layer');
    await expect(conjugateKernel(network, weights, examples, { signal: AbortSignal.abort() })).rejects.toThrow('abort');
  });
});
