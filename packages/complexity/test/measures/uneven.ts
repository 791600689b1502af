import { svd } from '@hyperribbon/lanczos/svd';
import { type Examples, type Network, mlp } from '@hyperribbon/nn';
import type { LayerNorms, MatrixNorms, NetworkNorms, SampleNorms } from '@hyperribbon/complexity';

// A rectifier network 5 → 7 → 4 → 3 with biases on 23 examples: no two sizes are equal, and the margin that counts is negative.

const numbers = (n: number, a: number, b: number, c: number, scale = 8): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => (((a * i * i + b * i + c) % 19) - 9) / scale);

const sizes = [5, 7, 4, 3];
/** (outputs, inputs) of every layer */
export const weights = [0, 1, 2].map((i) => numbers(sizes[i + 1] * sizes[i], 3 + i, 5, 2 * i));
export const start = [0, 1, 2].map((i) => numbers(sizes[i + 1] * sizes[i], 2 + i, 7, 1 + i, 16));
const biases = [0, 1, 2].map((i) => numbers(sizes[i + 1], 5, 1 + i, 3));

export const network: Network = mlp(sizes, { activation: 'relu' });

/** Flat parameters of a network x W + b from (outputs, inputs) matrices. */
export function flat(matrices: readonly Float64Array[], shifts: readonly Float64Array[] = biases): Float64Array {
  return Float64Array.from(matrices.flatMap((matrix, l) => [...turned(matrix, sizes[l + 1], sizes[l]), ...shifts[l]]));
}

function turned(matrix: Float64Array, rows: number, columns: number): number[] {
  return Array.from({ length: rows * columns }, (_, i) => matrix[(i % rows) * columns + Math.floor(i / rows)]);
}

export const examples: Examples = {
  inputs: numbers(23 * 5, 7, 11, 4),
  labels: Int32Array.from({ length: 23 }, (_, i) => (i * i + Math.floor(i / 3)) % 3),
  count: 23,
  features: 5,
  classes: 3,
};

/** Norms of a matrix (rows, columns) that measures ask for, by singular values. */
export function normsOf(matrix: Float64Array, rows: number, columns: number): MatrixNorms {
  const [spectral] = svd(matrix, rows, columns).values;
  const frobenius = Math.sqrt(matrix.reduce((sum, w) => sum + w * w, 0));
  const others = { rowSum: NaN, columnSum: NaN, largestRow: NaN, largestRowOne: NaN, threeOneHalf: NaN };
  return { rows, columns, spectral, spectralIs: 'exact', frobenius, ...others };
}

export function layerOf(
  name: string,
  matrix: Float64Array,
  before: Float64Array | undefined,
  rows: number,
  columns: number,
): LayerNorms {
  const norms = normsOf(matrix, rows, columns);
  const change =
    before &&
    normsOf(
      matrix.map((w, i) => w - before[i]),
      rows,
      columns,
    );
  return {
    name,
    kind: 'dense',
    filters: norms,
    map: norms,
    ...(change && { change: { filters: change, map: change } }),
    parameters: rows * columns,
    biases: rows,
    positions: 1,
    reads: 1,
    width: 1,
    lipschitz: 1,
  };
}

export const networkNorms: NetworkNorms = {
  name: 'uneven',
  layers: weights.map((matrix, l) => layerOf(`W${l + 1}`, matrix, start[l], sizes[l + 1], sizes[l])),
  inputs: 5,
  outputs: 3,
  parameters: 89,
  outside: [],
};

export const sampleNorms: SampleNorms = {
  count: 23,
  features: 5,
  radius: 1.79843682124227,
  frobenius: NaN,
  largestEntry: NaN,
  largestFeature: NaN,
  margins: Float64Array.from({ length: 23 }, (_, i) => (i === 5 ? -5.94677734375 : i === 7 ? -4.679931640625 : i - 4)),
  largestOutput: NaN,
  largestPatches: new Float64Array(3),
  patchFrobenius: NaN,
};
