// Oracle: gradients of every example under every label, formed, and the four second moments made of them as matrices.
import { exampleGradients, fisher, gaussNewton } from '@hyperribbon/curvature';
import { eigh } from '@hyperribbon/lanczos';
import { materialize } from '@hyperribbon/linop';
import { type Examples, logits, mlp } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { outlierStructure } from '../../src/index.js';
import { examples as plain, network as three, params, size } from '../small.js';

const K = 4;
const network = mlp([5, 7, 6, K], { activation: 'tanh' });
const P = network.size;
const count = 30;
const labels = Int32Array.from(stream({ seed: 1, purpose: 'labels' }).uniform(new Float64Array(count)), (u) =>
  Math.floor(K * u),
);
const examples: Examples = {
  inputs: stream({ seed: 1, purpose: 'inputs' }).normal(new Float64Array(5 * count)),
  labels,
  count,
  features: 5,
  classes: K,
};
const weights = (network.init(1, 'float64') as Float64Array).map((w) => 1.5 * w);

type Matrix = Float64Array;
const outer = (into: Matrix, w: number, a: ArrayLike<number>): void => {
  for (let i = 0; i < P; i++) for (let j = 0; j < P; j++) into[i * P + j] += w * a[i] * a[j];
};

/** the parts as matrices */
function formed() {
  const g = Array.from({ length: K }, (_, c) => {
    const { matrix } = exampleGradients(
      network,
      weights,
      { ...examples, labels: new Int32Array(count).fill(c) },
      { dtype: 'float64' },
    );
    return (i: number) => matrix.subarray(i * P, (i + 1) * P);
  });
  const z = logits(network, weights, examples, { dtype: 'float64' });
  const p = (i: number, c: number) => {
    const e = Array.from(z.subarray(K * i, K * i + K), Math.exp);
    return e[c] / e.reduce((a, b) => a + b);
  };
  const [same, within, cross, ofClass] = [1, 2, 3, 4].map(() => new Float64Array(P * P));
  const W = new Float64Array(K * K);
  for (let i = 0; i < count; i++) outer(same, p(i, labels[i]) / count, g[labels[i]](i));
  for (let c = 0; c < K; c++) {
    const members = Array.from({ length: count }, (_, i) => i).filter((i) => labels[i] === c);
    const others = [0, 1, 2, 3].filter((d) => d !== c);
    const means = others.map((d) => {
      const mean = new Float64Array(P);
      for (const i of members) {
        W[c * K + d] += p(i, d) / count;
        g[d](i).forEach((x, j) => (mean[j] += (p(i, d) / count) * x));
      }
      mean.forEach((x, j) => (mean[j] = x / W[c * K + d]));
      for (const i of members)
        outer(
          within,
          p(i, d) / count,
          mean.map((x, j) => g[d](i)[j] - x),
        );
      return mean;
    });
    const total = others.reduce((sum, d) => sum + W[c * K + d], 0);
    const centre = new Float64Array(P).map((_, j) =>
      others.reduce((sum, d, at) => sum + (W[c * K + d] / total) * means[at][j], 0),
    );
    others.forEach((d, at) =>
      outer(
        cross,
        W[c * K + d],
        means[at].map((x, j) => x - centre[j]),
      ),
    );
    outer(ofClass, total, centre);
  }
  return { same, within, cross, class: ofClass, W };
}

const traceOf = (matrix: Matrix) => {
  let trace = 0;
  for (let i = 0; i < P; i++) trace += matrix[i * P + i];
  return trace;
};
function expectNear(found: number, wanted: number, tol = 1e-10): void {
  expect(Math.abs(found - wanted)).toBeLessThan(tol * Math.abs(wanted));
  expect(Math.abs(found - wanted * (1 + 10 * tol))).toBeGreaterThan(tol * Math.abs(wanted));
}

describe('outlierStructure', () => {
  it('is four parts whose sum is the Gauss-Newton matrix, which is the Fisher matrix of the model', async () => {
    const parts = formed();
    const options = { dtype: 'float64' } as const;
    const G = await materialize(gaussNewton(network, weights, examples, options));
    const F = await materialize(fisher(network, weights, examples, { ...options, kind: 'exact' }));
    const scale = Math.sqrt(G.reduce((sum: number, x: number) => sum + x * x, 0));
    let [apart, fromFisher] = [0, 0];
    for (let i = 0; i < G.length; i++) {
      apart += (parts.same[i] + parts.within[i] + parts.cross[i] + parts.class[i] - G[i]) ** 2;
      fromFisher += (F[i] - G[i]) ** 2;
    }
    expect(Math.sqrt(apart)).toBeLessThan(1e-12 * scale);
    expect(Math.sqrt(fromFisher)).toBeLessThan(1e-12 * scale);
  });

  it('has the spectrum of every part, with the ranks that it can have', async () => {
    const parts = formed();
    const found = await outlierStructure(network, weights, examples, { tol: 1e-12 });
    for (const name of ['same', 'within', 'cross', 'class'] as const) {
      const { values } = eigh(parts[name].slice(), P);
      expectNear(found[name].trace, traceOf(parts[name]));
      for (let i = 0; i < K; i++) expectNear(found[name].values[i], values[i], 1e-9);
      expect(found[name].converged).toBe(true);
    }
    expect([found.class.rank, found.cross.rank, found.within.rank]).toEqual([K, K * (K - 2), undefined]);
    const { trace } = found.gaussNewton;
    expectNear(found.same.trace + found.within.trace + found.cross.trace + found.class.trace, trace, 1e-13);
    expect(found.gaussNewton.values.length).toBe(K);
    Array.from(parts.W).forEach((w, i) => expect(Math.abs(found.weights[i] - w)).toBeLessThan(1e-14));
  });

  it('has the same in float32 to its rounding', async () => {
    const [wide, narrow] = [
      await outlierStructure(network, weights, examples),
      await outlierStructure(network, weights, examples, { dtype: 'float32' }),
    ];
    for (const name of ['same', 'within', 'cross', 'class', 'gaussNewton'] as const) {
      expectNear(narrow[name].trace, wide[name].trace, 1e-4);
      expectNear(narrow[name].values[0], wide[name].values[0], 1e-3);
    }
  });

  it('takes as many eigenvalues as are asked for', async () => {
    const found = await outlierStructure(network, weights, examples, { count: 2 });
    expect([found.within.values.length, found.class.values.length, found.cross.values.length]).toEqual([2, K, 12]);
  });
});

describe('outlierStructure of degenerate input', () => {
  const few = (own: Int32Array): Examples => ({ ...plain, labels: own });

  it('has one class mean where all examples have one label', async () => {
    const found = await outlierStructure(three, Float64Array.from(params), few(new Int32Array(40)));
    expect([found.class.rank, found.cross.rank]).toEqual([1, 1]);
    expectNear(
      found.same.trace + found.within.trace + found.cross.trace + found.class.trace,
      found.gaussNewton.trace,
      1e-12,
    );
  });

  it('has nothing but means and the true label for one example', async () => {
    const one: Examples = {
      inputs: plain.inputs.slice(0, 5),
      labels: Int32Array.of(1),
      count: 1,
      features: 5,
      classes: 3,
    };
    const found = await outlierStructure(three, Float64Array.from(params), one, { count: 1 });
    expect(found.within.trace).toBeLessThan(1e-14 * found.gaussNewton.trace);
  });

  it('keeps its parts where probabilities of other labels are below 1e-100', async () => {
    const at = Float64Array.from(params, (w, i) => (i < 24 ? w : 200 * w));
    const z = logits(three, at, plain, { dtype: 'float64' });
    // every label is what the network says
    const own = Int32Array.from({ length: 40 }, (_, i) => {
      const row = Array.from(z.subarray(3 * i, 3 * i + 3));
      return row.indexOf(Math.max(...row));
    });
    const found = await outlierStructure(three, at, few(own));
    const sum = found.same.trace + found.within.trace + found.cross.trace + found.class.trace;
    expectNear(sum, found.gaussNewton.trace, 1e-10);
    expect(Number.isFinite(found.class.values[0])).toBe(true);
  });

  it('is of the last layer alone where all weights are zero', async () => {
    const found = await outlierStructure(three, new Float64Array(size), plain);
    // diag(p) − ppᵀ at p = 1/3 on the last bias: its trace is 2/3
    expectNear(found.gaussNewton.trace, 2 / 3, 1e-12);
    expect(found.within.trace).toBeLessThan(1e-14);
  });

  it('refuses weights of examples and what it does not know', async () => {
    const call = (given: Examples, options = {}) => outlierStructure(three, Float64Array.from(params), given, options);
    await expect(call({ ...plain, weights: new Float64Array(40).fill(1) })).rejects.toThrow('weights');
    await expect(call(plain, { k: 3 })).rejects.toThrow('k');
    await expect(call(plain, { count: 0 })).rejects.toThrow('count');
    await expect(call(plain, { signal: AbortSignal.abort() })).rejects.toThrow('abort');
  });
});
