import type { FloatArray } from '@hyperribbon/kernels';
import { unflatten, type Network } from '@hyperribbon/nn';
import { recomputeDiagonalKl, type KlEnclosure } from '../../verification/recomputeGaussianKl.js';
import { basisLayers } from '../gaussian/basisLayers.js';
import type { KroneckerBasis } from '../gaussian/gaussianPosterior.js';

const EPSILON = 2.220446049250313e-16;

/**
 * KL of a Gaussian that is diagonal in a Kronecker basis from an isotropic one over the weights themselves, once more, where the weights are: with
 * W = AᵀW̃G, deviations s of the coordinates and λ the prior's variance of an array,
 *
 *     tr S/λ = Σ s_ij² |A_i|² |G_j|²/λ,   ln det S = Σ ln s_ij² + 2 (out ln|det A| + in ln|det G|),   |AᵀM̃G − W₀|²/λ
 *
 * What issues certificates stays in the coordinates and adds what a basis not quite orthonormal may cost. Here |det A| of n rows is enclosed by
 * their lengths and the largest entry off the diagonal of AAᵀ: ln det(AAᵀ) is off Σ ln|A_i|² by n Σ off² at most.
 *
 * @param weights (size,) the prior's mean over the weights
 * @returns an enclosure, as wide as the rounding of the products may have moved it
 * Cost: that of `fromBasis`, and width³/2 products for each side
 */
export function recomputeTurnedKl(
  network: Network,
  basis: KroneckerBasis,
  arrays: Readonly<Record<string, FloatArray>>,
  weights: FloatArray,
): KlEnclosure {
  const layers = basisLayers(network) ?? [];
  const [means, stds, priorStds, starts] = [
    arrays['posterior.mean'],
    arrays['posterior.std'],
    arrays['prior.std'],
    weights,
  ].map((flat) => unflatten(network, Float64Array.from(flat)));
  let [lower, upper] = [0, 0];
  for (const { name, shape } of network.parameters) {
    const l = layers.findIndex(({ weight, bias }) => name === weight || name === bias);
    const rows = l >= 0 && name === layers[l].weight ? shape[0] : 1;
    const columns = means[name].length / rows;
    const left = sideOf(l < 0 || (rows === 1 && name !== layers[l].weight) ? undefined : basis.layers[l].input, rows);
    const right = sideOf(l < 0 ? undefined : basis.layers[l].output, columns);
    // deviations as long as their basis vectors make them, means where the weights are
    const std = stds[name].map(
      (s, at) => s * Math.sqrt(left.squares[Math.floor(at / columns)] * right.squares[at % columns]),
    );
    const mean = turnedBack(means[name], rows, columns, left.rows, right.rows);
    const part = recomputeDiagonalKl(mean, std, starts[name], priorStds[name]);
    // each mean is a sum of products: off by n ε times the lengths of what is multiplied, and so is the displacement
    const variance = priorStds[name][0] ** 2;
    const [size, moved] = [length(means[name]), distance(mean, starts[name])];
    const rounding = (rows + columns + 4) * EPSILON * Math.sqrt(rows * columns) * size;
    const slack =
      (rounding * (2 * moved + rounding)) / (2 * variance) + columns * left.logDefect + rows * right.logDefect;
    lower += part.lower - slack;
    upper += part.upper + slack + 1e-12 * (part.upper + rows * columns);
  }
  return { lower: Math.max(0, lower - 1e-12 * upper), upper };
}

interface Side {
  readonly rows: FloatArray | undefined;
  /** |row|² */
  readonly squares: Float64Array;
  /** ½ |ln det(RRᵀ) − Σ ln|row|²| at most */
  readonly logDefect: number;
}

function sideOf(rows: FloatArray | undefined, n: number): Side {
  const squares = new Float64Array(n).fill(1);
  if (rows === undefined) return { rows, squares, logDefect: 0 };
  let off = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += rows[i * n + k] * rows[j * n + k]; // hot
      if (i === j) squares[i] = sum;
      else off += sum * sum;
    }
  // with D^(-1/2) RRᵀ D^(-1/2) = I + F, tr F = 0: |ln det| <= |F|²/2/(1 - |F|), and rounding of the squares
  const F = 2 * off * 1.01;
  return { rows, squares, logDefect: F / 4 / Math.max(1e-3, 1 - Math.sqrt(F)) + n * (n + 2) * EPSILON };
}

/** Aᵀ M G */
function turnedBack(
  M: Float64Array,
  rows: number,
  columns: number,
  A: FloatArray | undefined,
  G: FloatArray | undefined,
): Float64Array {
  const half = A === undefined ? M : new Float64Array(M.length);
  if (A !== undefined)
    for (let k = 0; k < rows; k++)
      for (let i = 0; i < rows; i++) {
        const a = A[k * rows + i];
        for (let j = 0; j < columns; j++) half[i * columns + j] += a * M[k * columns + j];
      }
  if (G === undefined) return half;
  const out = new Float64Array(M.length);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < columns; k++) {
      const m = half[i * columns + k];
      for (let j = 0; j < columns; j++) out[i * columns + j] += m * G[k * columns + j];
    }
  return out;
}

function length(v: Float64Array): number {
  let sum = 0;
  for (const x of v) sum += x * x;
  return Math.sqrt(sum);
}

function distance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum);
}
