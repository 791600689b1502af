import type { LayerNorms, MatrixNorms, NetworkNorms, SampleNorms } from '../src/index.js';

/**
 * A small network whose norms are known by hand: W₁ = [[3, 4, 0], [0, 0, 1]], W₂ = [[1, −1], [−1, 1]], rectifiers, no biases; reference weights
 * [[3, 3, 0], [0, 0, 0]] and I; X = [[1, 1, 0], [0, 0, 2], [1, 0, 1], [0, −1, 1]], y = [0, 1, 0, 1]. Rows and columns of W₁ give different (2, 1) norms,
 * but L, the width, the classes, R, and γ are all 2: what confuses them needs another network.
 */
export const g0Weights = {
  W1: [3, 4, 0, 0, 0, 1],
  W2: [1, -1, -1, 1],
  W1Start: [3, 3, 0, 0, 0, 0],
  W2Start: [1, 0, 0, 1],
};
export const g0Sample = { X: [1, 1, 0, 0, 0, 2, 1, 0, 1, 0, -1, 1], y: [0, 1, 0, 1] };

const first: MatrixNorms = {
  rows: 2,
  columns: 3,
  spectral: 5,
  spectralIs: 'exact',
  singularValues: Float64Array.of(5, 1),
  frobenius: Math.sqrt(26),
  rowSum: 6,
  columnSum: 8,
  largestRow: 5,
  largestRowOne: 7,
  threeOneHalf: (91 ** 0.5 + 1) ** (2 / 3),
  rank: 2,
  rankTolerance: 1e-3,
};
const second: MatrixNorms = {
  rows: 2,
  columns: 2,
  spectral: 2,
  spectralIs: 'exact',
  singularValues: Float64Array.of(2, 0),
  frobenius: 2,
  rowSum: 2 * Math.SQRT2,
  columnSum: 2 * Math.SQRT2,
  largestRow: Math.SQRT2,
  largestRowOne: 2,
  threeOneHalf: (2 * 2 ** 0.5) ** (2 / 3),
  rank: 1,
  rankTolerance: 1e-3,
};

function dense(name: string, norms: MatrixNorms): LayerNorms {
  const change = { spectral: 1, spectralIs: 'exact', frobenius: Math.SQRT2, rowSum: 2 } as const;
  return {
    name,
    kind: 'dense',
    filters: norms,
    map: norms,
    change: { filters: change, map: change },
    parameters: norms.rows * norms.columns,
    biases: 0,
    positions: 1,
    reads: 1,
    width: 1,
    lipschitz: 1,
  };
}

export const g0Network: NetworkNorms = {
  name: 'G0',
  layers: [dense('W1', first), dense('W2', second)],
  inputs: 3,
  outputs: 2,
  parameters: 10,
  outside: [],
};

export const g0Norms: SampleNorms = {
  count: 4,
  features: 3,
  radius: 2,
  frobenius: Math.sqrt(10),
  largestEntry: 2,
  largestFeature: 6,
  margins: Float64Array.of(14, 4, 4, 2),
  largestOutput: 7 * Math.SQRT2,
  // ‖(7, 0)‖ of the hidden layer
  largestPatches: Float64Array.of(2, 7),
  patchFrobenius: Math.sqrt(10),
};
