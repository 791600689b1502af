import { adamW, createUpdate, muon, type MuonOptions } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';

type Matrix = number[][];
const product = (A: Matrix, B: Matrix): Matrix =>
  A.map((row) => B[0].map((_, j) => row.reduce((s, a, k) => s + a * B[k][j], 0)));
const transposed = (A: Matrix): Matrix => A[0].map((_, j) => A.map((row) => row[j]));
const combined = (a: number, A: Matrix, b: number, B: Matrix): Matrix =>
  A.map((row, i) => row.map((x, j) => a * x + b * B[i][j]));

/** Five steps of the quintic iteration as its author writes them, without the transposition of tall matrices. */
function orthogonalized(G: Matrix, steps = 5): Matrix {
  const norm = Math.sqrt(G.flat().reduce((s, x) => s + x * x, 0));
  let X = G.map((row) => row.map((x) => x / norm));
  for (let step = 0; step < steps; step++) {
    const A = product(X, transposed(X));
    const B = combined(-4.775, A, 2.0315, product(A, A));
    X = combined(3.4445, X, 1, product(B, X));
  }
  return X;
}

const parameters = [
  { name: 'kernel', shape: [3, 2, 2, 1] },
  { name: 'bias', shape: [3] },
  { name: 'tall', shape: [5, 2] },
  { name: 'embedding', shape: [2, 2] },
];
const size = 12 + 3 + 10 + 4;
const options: MuonOptions = { momentum: 0.9, weightDecay: 0.1, beta1: 0.8, epsilon: 1e-3, except: ['embedding'] };
const gradients = Array.from({ length: 6 }, (_, t) =>
  stream({ seed: 3, purpose: 'muon', index: t }).normal(new Float64Array(size)),
);
const start = stream({ seed: 4, purpose: 'muon', index: 0 }).normal(new Float64Array(size));
const reshaped = (flat: ArrayLike<number>, rows: number, columns: number, from: number): Matrix =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => flat[from + i * columns + j]));

/** Weights after the steps, by the matrices alone; AdamW's arrays come from adamW itself. */
function expectedWeights({ nesterov = true, learningRate = 0.02 }): Float64Array {
  const w = start.slice();
  const rest = createUpdate(adamW({ weightDecay: 0.1, beta1: 0.8, epsilon: 1e-3 }), w);
  const others = start.slice();
  for (const g of gradients) rest.apply(others, g, learningRate);
  for (const [from, rows, columns] of [
    [0, 3, 4],
    [15, 5, 2],
  ] as const) {
    let M = reshaped(new Float64Array(size), rows, columns, 0);
    let W = reshaped(start, rows, columns, from);
    for (const g of gradients) {
      const G = reshaped(g, rows, columns, from);
      M = combined(0.9, M, 0.1, G);
      const O = orthogonalized(nesterov ? combined(0.1, G, 0.9, M) : M);
      W = combined(1 - learningRate * 0.1, W, -learningRate * 0.2 * Math.sqrt(Math.max(rows, columns)), O);
    }
    w.set(W.flat(), from);
  }
  w.set(others.subarray(12, 15), 12);
  w.set(others.subarray(25), 25);
  return w;
}

function found(
  optimizer: MuonOptions,
  FloatArray: Float64ArrayConstructor | Float32ArrayConstructor = Float64Array,
): ArrayLike<number> {
  const w = FloatArray.from(start);
  const update = createUpdate(muon(optimizer), w, { parameters, deterministic: true });
  for (const g of gradients) update.apply(w, FloatArray.from(g), 0.02);
  return w;
}

const gap = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (x, i) => Math.abs(x - b[i])));

describe('Muon', () => {
  it('moves kernels, matrices, biases and exceptions as its definition says', () => {
    expect(gap(found(options), expectedWeights({}))).toBeLessThan(1e-13);
    expect(gap(found(options, Float32Array), expectedWeights({}))).toBeLessThan(2e-5);
    expect(gap(found({ ...options, nesterov: false }), expectedWeights({ nesterov: false }))).toBeLessThan(1e-13);
    expect(gap(found(options), expectedWeights({ nesterov: false }))).toBeGreaterThan(1e-4);
    expect(gap(found({ ...options, except: [] }), expectedWeights({}))).toBeGreaterThan(1e-4);
    expect(gap(found({ ...options, steps: 4 }), expectedWeights({}))).toBeGreaterThan(1e-4);
  });

  it('steps in directions whose singular values are in [0.68, 1.13], whatever the size of the gradient', () => {
    const matrix = [{ name: 'W', shape: [2, 3] }];
    const step = (scale: number): Float64Array => {
      const w = new Float64Array(6);
      const update = createUpdate(muon({ weightDecay: 0 }), w, { parameters: matrix });
      update.apply(
        w,
        Float64Array.of(3, -1, 2, 0.5, 1, -1).map((x) => scale * x),
        1 / (0.2 * Math.sqrt(3)),
      );
      return w;
    };
    const w = step(1);
    const [[p, q], [, r]] = product(reshaped(w, 2, 3, 0), transposed(reshaped(w, 2, 3, 0)));
    const half = Math.sqrt(((p - r) / 2) ** 2 + q * q);
    for (const sign of [-1, 1]) {
      const value = Math.sqrt((p + r) / 2 + sign * half);
      expect(value).toBeGreaterThan(0.68);
      expect(value).toBeLessThan(1.13);
    }
    for (const scale of [1e-30, 1e30]) expect(gap(step(scale), w)).toBeLessThan(1e-12);
  });

  it('leaves weights where they are whose gradient is zero', () => {
    const w = Float32Array.from(start);
    createUpdate(muon(), w, { parameters }).apply(w, new Float32Array(size), 0.1);
    expect(w).toEqual(Float32Array.from(start));
  });

  it('needs the shapes of the weights', () => {
    expect(() => createUpdate(muon(), start)).toThrow(
      'createUpdate: muon needs the shapes of the weights: give the network’s parameters',
    );
    expect(() => createUpdate(muon({ except: ['head'] }), start, { parameters })).toThrow(
      'muon: except names head, which is no parameter of the network',
    );
    expect(() => createUpdate(adamW({ decayOf: 'matrices' }), start)).toThrow('decayOf: matrices needs the shapes');
    expect(() => muon({ steps: 0 })).toThrow('muon: steps must be an integer >= 1, got steps=0');
  });
});
