// Oracles: brute force. Hessians by finite differences, minima by gradient flow, moments by sampling, alignment along a real run.
import {
  deepLinearNet,
  endToEnd,
  gradientFlow,
  inContextRegression,
  layerAlignment,
  layerDescent,
  layerHessian,
  logisticLoss,
  rankOneBound,
  squareLoss,
  unconstrainedFeatures,
} from '@hyperribbon/linear-dynamics';
import { eigvalsh } from '@hyperribbon/lanczos';
import { describe, expect, test } from 'vitest';
import { chain, flat, gap, gaussian, mul, normals, rowsOf, scaled, split, sub, T } from './matrices.js';

test('the Hessian of one layer is the Kronecker product, entry by entry', () => {
  const widths = [5, 4, 3, 2];
  const net = deepLinearNet(
    widths,
    widths.slice(1).map((h, j) => normals(10 + j, h * widths[j]!)),
  );
  const X = gaussian(20, 5, 9);
  const Y = gaussian(21, 2, 9);
  const Sxx = flat(scaled(mul(X, T(X)), 1 / 9));
  for (const layer of [1, 2, 3]) {
    const [before, after] = [widths[layer - 1]!, widths[layer]!];
    const ws = split(
      widths,
      net.weights.flatMap((w) => [...w]),
    );
    const base = ws[layer - 1]!;
    // column-stacked entry p is row p mod after, column floor(p / after)
    const loss = (shift: readonly number[]): number => {
      const moved = base.map((row, i) => row.map((v, j) => v + (shift[j * after + i] ?? 0)));
      const E = sub(mul(chain(ws.map((w, j) => (j === layer - 1 ? moved : w))), X), Y);
      return E.flat().reduce((s, v) => s + v * v, 0) / 18;
    };
    const size = before * after;
    const unit = (p: number, q = -1): number[] => Array.from({ length: size }, (_, k) => +(k === p) + +(k === q));
    const zero = loss([]);
    const single = Array.from({ length: size }, (_, p) => loss(unit(p)));
    const { inputFactor, outputFactor, eigenvalues } = layerHessian(net, layer, Sxx);
    const matrix = new Float64Array(size * size);
    for (let p = 0; p < size; p++) {
      for (let q = 0; q < size; q++) {
        const second = loss(unit(p, q)) - single[p]! - single[q]! + zero;
        // p = q: unit(p, p) is one shift of 1 + 1 = 2 entries' worth, the second difference with step 1 along 2e
        const value = p === q ? loss(unit(p).map((v) => 2 * v)) - 2 * single[p]! + zero : second;
        matrix[p * size + q] = value;
        const [i, j] = [Math.floor(p / after), Math.floor(q / after)];
        const entry = inputFactor[i * before + j]! * outputFactor[(p % after) * after + (q % after)]!;
        expect(Math.abs(value - entry)).toBeLessThan(1e-10);
      }
    }
    expect(gap(eigvalsh(matrix, size), eigenvalues)).toBeLessThan(1e-10);
  }
});

describe('the unconstrained-feature model', () => {
  const [K, n, width] = [3, 4, 5];
  const decays = [1e-3, 3e-3, 2e-3]; // H, W_1, W_2
  const model = unconstrainedFeatures({
    classes: K,
    samplesPerClass: n,
    featureDecay: 1e-3,
    layerDecays: [3e-3, 2e-3],
  });
  // features are a first layer fed with the identity: a deep linear network of its own
  const count = K * n;
  const Y = Array.from({ length: K }, (_, k) => Array.from({ length: count }, (_, i) => +(Math.floor(i / n) === k)));
  const loss = squareLoss({
    inputs: count,
    outputs: K,
    inputOutput: flat(scaled(Y, 1 / count)),
    inputCorrelation: Float64Array.from({ length: count * count }, (_, p) => (p % (count + 1) === 0 ? 1 / count : 0)),
  });
  const widths = [count, width, width, K];
  const start = deepLinearNet(
    widths,
    widths.slice(1).map((h, j) => normals(30 + j, h * widths[j]!).map((v) => 0.7 * v)),
  );
  const flow = gradientFlow(start, { loss, times: [40_000], weightDecay: decays, tol: 1e-8 });
  const end = flow.states[0]!;

  test('gradient flow from random weights ends at K times the scalar minimum', () => {
    const decay = end.weights.reduce((s, w, j) => s + (decays[j]! / 2) * w.reduce((q, v) => q + v * v, 0), 0);
    expect(flow.gradientNorms[0]).toBeLessThan(1e-9);
    expect(Math.abs(flow.losses[0]! + decay - model.value)).toBeLessThan(1e-9);
    const gram = mul(rowsOf(endToEnd(end), K, count), T(rowsOf(endToEnd(end), K, count)));
    for (const v of eigvalsh(flat(gram), K)) expect(Math.abs(Math.sqrt(v) - model.singularValue)).toBeLessThan(1e-7);
  });
  test('features have collapsed to their class means, layers to K equal singular values', () => {
    const H = rowsOf(end.weights[0]!, width, count);
    const spread = H.flatMap((row) => row.map((v, i) => v - row[Math.floor(i / n) * n]!));
    expect(Math.max(...spread.map(Math.abs))).toBeLessThan(1e-6);
    [1, 2].forEach((j) => {
      const W = rowsOf(end.weights[j]!, widths[j + 1]!, widths[j]!);
      const top = eigvalsh(flat(mul(W, T(W))), widths[j + 1]!).slice(0, K);
      for (const v of top) expect(Math.abs(Math.sqrt(v) - model.layerValues[j - 1]!)).toBeLessThan(1e-6);
    });
  });
  test('each layer has K² equal Hessian outliers of the stated size and nothing else', () => {
    const white = Float64Array.from({ length: count * count }, (_, p) => (p % (count + 1) === 0 ? 1 / count : 0));
    [1, 2].forEach((j) => {
      const { eigenvalues } = layerHessian(end, j + 1, white);
      for (let i = 0; i < K * K; i++)
        expect(Math.abs(eigenvalues[i]! / model.outlierValues[j - 1]! - 1)).toBeLessThan(1e-5);
      for (let i = K * K; i < eigenvalues.length; i++) expect(Math.abs(eigenvalues[i]!)).toBeLessThan(1e-6);
    });
    expect(model.outliers).toBe(9);
  });
  test('the scalar minimum is stationary and lowest on a grid, for every number of factors; strong decay collapses', () => {
    for (const layers of [1, 2, 3, 6]) {
      for (const decay of [1e-4, 1e-3, 5e-3, 0.05, 1]) {
        const M = layers + 1;
        const model2 = unconstrainedFeatures({
          classes: 2,
          samplesPerClass: 5,
          layerDecays: Array(layers).fill(decay),
          featureDecay: decay,
        });
        const f = (s: number): number => (s - Math.sqrt(5)) ** 2 / 20 + (M / 2) * decay * s ** (2 / M);
        let best = f(0);
        for (let s = 0; s < 3; s += 1e-3) best = Math.min(best, f(s));
        expect(model2.value / 2).toBeLessThanOrEqual(best + 1e-15);
        expect(model2.value / 2).toBeGreaterThan(best - 1e-6);
        expect(model2.collapsed).toBe(model2.singularValue === 0);
        if (decay === 1) expect(model2).toMatchObject({ collapsed: true, outliers: 0, value: 2 * f(0) });
      }
    }
  });
});

describe('in-context linear regression', () => {
  const Lam = mul(gaussian(40, 3, 3), T(gaussian(40, 3, 3)));

  test('the matrix solves the normal equations of sampled moments, with and without noise', () => {
    const [N, rounds] = [7, 40_000];
    for (const noiseVariance of [0, 0.5]) {
      const root = cholesky(Lam);
      const z = normals(41, rounds * (N * 4 + 3));
      let p = 0;
      const E1 = scaled(Lam, 0);
      const E2 = scaled(Lam, 0);
      for (let r = 0; r < rounds; r++) {
        const w = [z[p++]!, z[p++]!, z[p++]!];
        const beta = [0, 0, 0];
        for (let i = 0; i < N; i++) {
          const g = [z[p++]!, z[p++]!, z[p++]!];
          const x = root.map((row) => row.reduce((s, v, k) => s + v * g[k]!, 0));
          const label = x.reduce((s, v, k) => s + v * w[k]!, 0) + Math.sqrt(noiseVariance) * z[p++]!;
          for (let k = 0; k < 3; k++) beta[k]! += (x[k]! * label) / N;
        }
        for (let a = 0; a < 3; a++) {
          for (let b = 0; b < 3; b++) {
            E1[a]![b]! += (beta[a]! * w[b]!) / rounds;
            E2[a]![b]! += (beta[a]! * beta[b]!) / rounds;
          }
        }
      }
      const report = inContextRegression({ inputs: 3, inputCovariance: flat(Lam), contextLength: N, noiseVariance });
      // E[ββᵀ] M = E[βwᵀ]; 40,000 draws leave about 1 %
      const left = mul(E2, rowsOf(report.matrix, 3, 3));
      const size = Math.sqrt(E1.flat().reduce((s, v) => s + v * v, 0));
      expect(
        Math.sqrt(
          sub(left, E1)
            .flat()
            .reduce((s, v) => s + v * v, 0),
        ) / size,
      ).toBeLessThan(0.03);
      const without = inContextRegression({
        inputs: 3,
        inputCovariance: flat(Lam),
        contextLength: N,
        noiseVariance: noiseVariance + 40,
      });
      expect(
        Math.sqrt(
          sub(mul(E2, rowsOf(without.matrix, 3, 3)), E1)
            .flat()
            .reduce((s, v) => s + v * v, 0),
        ) / size,
      ).toBeGreaterThan(0.1);
    }
  });
  test('the loss is the quadratic form at its minimum: second moments of a Gaussian sample covariance', () => {
    const N = 5;
    const { matrix, loss } = inContextRegression({ inputs: 3, inputCovariance: flat(Lam), contextLength: N });
    const trace = Lam[0]![0]! + Lam[1]![1]! + Lam[2]![2]!;
    const S2 = mul(Lam, Lam).map((row, i) => row.map((v, j) => v + (v + trace * Lam[i]![j]!) / N));
    const at = (M: number[][]): number => {
      // E‖Λ^{1/2}(Mᵀ S − I)w‖² = tr Λ − 2 tr(Λ Mᵀ Λ) + tr(Λ Mᵀ E[S²] M)
      const tr = (A: number[][]): number => A.reduce((s, row, i) => s + row[i]!, 0);
      return trace - 2 * tr(mul(mul(Lam, T(M)), Lam)) + tr(mul(mul(Lam, T(M)), mul(S2, M)));
    };
    const M = rowsOf(matrix, 3, 3);
    expect(at(M)).toBeCloseTo(loss, 12);
    for (let seed = 50; seed < 60; seed++) {
      const D = gaussian(seed, 3, 3, 0.01);
      expect(at(M.map((row, i) => row.map((v, j) => v + D[i]![j]!)))).toBeGreaterThan(loss);
    }
  });
  test('plateaus fall from tr Λ to the loss, and a long context brings Λ⁻¹', () => {
    const { plateaus, loss } = inContextRegression({ inputs: 3, inputCovariance: flat(Lam), contextLength: 7 });
    expect(plateaus[0]).toBeCloseTo(Lam[0]![0]! + Lam[1]![1]! + Lam[2]![2]!, 12);
    expect(plateaus[3]).toBe(loss);
    for (let m = 1; m <= 3; m++) expect(plateaus[m]).toBeLessThan(plateaus[m - 1]!);
    const long = inContextRegression({ inputs: 3, inputCovariance: flat(Lam), contextLength: 10 ** 9 });
    expect(gap(flat(mul(rowsOf(long.matrix, 3, 3), Lam)), [1, 0, 0, 0, 1, 0, 0, 0, 1])).toBeLessThan(1e-6);
  });
});

describe('alignment under logistic loss', () => {
  const n = 20;
  const X = gaussian(60, n, 5);
  const w = normals(61, 5);
  const labels = X.map((row) => (row.reduce((s, v, j) => s + v * w[j]!, 0) > 0 ? 1 : -1));
  const size = Math.sqrt(w.reduce((s, v) => s + v * v, 0));
  const separated = X.map((row, i) => row.map((v, j) => v + (0.3 * w[j]! * labels[i]!) / size));
  const loss = logisticLoss({ inputs: flat(separated), labels });
  const widths = [5, 4, 4, 1];
  const net = deepLinearNet(
    widths,
    widths.slice(1).map((h, j) => normals(62 + j, h * widths[j]!).map((v) => 0.5 * v)),
  );
  const bound = rankOneBound(net);

  test('what is not rank one stays below the bound of the start at all times, and the share rises', () => {
    const times = [0, 1, 3, 10, 30, 100, 300];
    const flow = gradientFlow(net, { loss, times });
    expect(flow.balanceDrift).toBeLessThan(1e-12);
    const layers = flow.states.map(layerAlignment);
    for (const at of layers) for (const { excess } of at) expect(excess).toBeLessThanOrEqual(bound);
    for (const j of [0, 1, 2]) {
      for (const i of [5, 6])
        expect(layers[i]![j]!.rankOneShare).toBeGreaterThan(layers[i - 1]![j]!.rankOneShare - 1e-12);
    }
    expect(layers[6]![2]!.rankOneShare).toBe(1);
    expect(layers[6]![0]!.withNext).toBeGreaterThan(layers[0]![0]!.withNext!);
    expect(layers[6]![2]!.withNext).toBeNull();
  });
  test('gradient descent keeps it up to 1e-3', () => {
    const record = [0, 2000, 5000, 10_000, 20_000];
    const descent = layerDescent(net, { loss, learningRate: 2e-3, steps: 20_000, record });
    const shares = descent.states.map((state) => layerAlignment(state).map((l) => l.rankOneShare));
    for (const state of descent.states) {
      for (const { excess } of layerAlignment(state)) expect(excess).toBeLessThanOrEqual(bound + 1e-3);
    }
    for (const j of [0, 1]) for (const i of [3, 4]) expect(shares[i]![j]).toBeGreaterThan(shares[i - 1]![j]!);
    expect(descent.balanceDrift).toBeLessThan(1e-2);
    expect(descent.balanceDrift).toBeGreaterThan(1e-6);
  });
  test('is 0 for balanced rank-one weights, and asks for a single output', () => {
    expect(rankOneBound(deepLinearNet([1, 1, 1], [[2], [2]]))).toBe(0);
    expect(() => rankOneBound(deepLinearNet([1, 2], [[2, 1]]))).toThrow(
      /^rankOneBound: net must have one output, got 2/,
    );
  });
});

function cholesky(A: number[][]): number[][] {
  const L = A.map((row) => row.map(() => 0));
  for (let i = 0; i < A.length; i++) {
    for (let j = 0; j <= i; j++) {
      const s = A[i]![j]! - L[i]!.slice(0, j).reduce((q, v, k) => q + v * L[j]![k]!, 0);
      L[i]![j] = i === j ? Math.sqrt(s) : s / L[j]![j]!;
    }
  }
  return L;
}
