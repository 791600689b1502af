import { refuse, requireLength } from '@hyperribbon/contract';
import { AssumptionError, requireAboveZero } from '../assumptions.js';
import { orthonormalDefect } from './orthonormality.js';
import { deviationTerm, split, type GaussianKl } from './gaussianKl.js';
import { CompensatedSum } from '../limits/summation.js';

export interface RotatedGaussians {
  /** Posterior mean minus prior mean of a weight matrix, (rows, columns). */
  readonly displacement: ArrayLike<number>;
  /** Bases as matrices with orthonormal columns: (rows, rows) and (columns, columns), row-major. */
  readonly left: ArrayLike<number>;
  readonly right: ArrayLike<number>;
  /** Standard deviations along left_i right_j', (rows, columns). */
  readonly posteriorStd: ArrayLike<number>;
  /** The same of a prior in the same basis; or one number for an isotropic prior, which knows no basis. */
  readonly priorStd: ArrayLike<number> | number;
}

export interface RotatedGaussianKl extends GaussianKl {
  /** |V'V - I|, Frobenius, of V = right ⊗ left; what it may have cost is in the numbers already. */
  readonly orthonormality: number;
}

/** Beyond this a basis is not a rounded orthonormal one but a wrong one. */
const LIMIT = 1e-6;
const EPSILON = 2.220446049250313e-16;

/**
 * KL of Gaussians on a weight matrix that are diagonal in a Kronecker basis: W = M + left (S o R) right', R standard normal.
 *
 * d = left' D right has the coordinates of the displacement. Computed bases are orthonormal up to eta = |V'V - I| only, and Gaussians
 * defined by them have a slightly different KL than the formula; the result is an upper bound on it: with a prior in the same basis
 * the covariance part is exact (both are images of diagonal Gaussians under one invertible map) and the displacement part grows by at
 * most eta/(1-eta) |d|/min s; with an isotropic prior the displacement is exact and the covariance part grows by
 * eta/2 (tr + p/(1-eta)). eta > 1e-6 is refused: an eigenvector solver for general matrices gives such bases for symmetric ones
 * with (nearly) equal eigenvalues.
 * @returns nats, rounded up; rows^2 columns + rows columns^2 + rows^3 + columns^3 products
 * @throws ArgumentError for lengths that do not fit; AssumptionError for deviations that are not positive, bases that are not orthonormal
 * @example rotatedGaussianKl({ displacement: [1, 0], left: [1], right: [0, 1, 1, 0], posteriorStd: [1, 0.5], priorStd: 1 }).kl // 0.818...
 */
export function rotatedGaussianKl(gaussians: RotatedGaussians): RotatedGaussianKl {
  const name = 'rotatedGaussianKl';
  const { displacement, left, right, posteriorStd, priorStd } = gaussians;
  const rows = sizeOf(name, left, 'left');
  const columns = sizeOf(name, right, 'right');
  const p = rows * columns;
  const lengths = { displacement, posteriorStd, ...(typeof priorStd === 'number' ? {} : { priorStd }) };
  for (const [key, array] of Object.entries(lengths)) requireLength(name, key, array, p);
  const a = defect(left, rows);
  const b = defect(right, columns);
  const eta = a + b + a * b;
  if (!(eta <= LIMIT))
    throw new AssumptionError(name, `orthonormal bases, |V'V - I| <= ${LIMIT}`, `|V'V - I| = ${eta}`);
  const covariance = new CompensatedSum();
  const displaced = new CompensatedSum();
  if (typeof priorStd === 'number') {
    requireAboveZero(name, 'priorStd', priorStd);
    let trace = 0;
    for (let c = 0; c < p; c++) {
      covariance.add(deviationTerm(name, posteriorStd[c], priorStd, c));
      trace += (posteriorStd[c] / priorStd) ** 2;
      displaced.add((displacement[c] / priorStd) ** 2);
    }
    const slack = (eta / 2) * (trace + p / (1 - eta)) * (1 + 1e-6);
    return { ...split(name, covariance.total / 2 + slack, displaced.total / 2), orthonormality: eta };
  }
  const d = coordinates(displacement, left, right, rows, columns);
  let length = 0;
  let least = Infinity;
  for (let c = 0; c < p; c++) {
    covariance.add(deviationTerm(name, posteriorStd[c], priorStd[c], c));
    displaced.add((d[c] / priorStd[c]) ** 2);
    length += d[c] * d[c];
    least = Math.min(least, priorStd[c]);
  }
  const rounding = (rows + columns + 2) * EPSILON * Math.sqrt(p);
  const slack = ((eta / (1 - eta) + rounding) * Math.sqrt(length) * (1 + 1e-6)) / least;
  const root = Math.sqrt(displaced.total) + slack;
  return { ...split(name, covariance.total / 2, (root * root) / 2), orthonormality: eta };
}

function sizeOf(name: string, basis: ArrayLike<number>, which: string): number {
  const size = Math.round(Math.sqrt(basis.length));
  if (size === 0 || size * size !== basis.length)
    refuse(name, `${which} must be a square matrix, got length ${basis.length}`);
  return size;
}

/** |V'V - I|. */
function defect(V: ArrayLike<number>, n: number): number {
  const gram = new Float64Array(n * n);
  for (let k = 0; k < n; k++)
    for (let i = 0; i < n; i++) {
      const v = V[k * n + i];
      if (v === 0) continue;
      for (let j = i; j < n; j++) gram[i * n + j] += v * V[k * n + j]; // hot
    }
  return orthonormalDefect(gram, n, n);
}

/** left' D right. */
function coordinates(
  D: ArrayLike<number>,
  left: ArrayLike<number>,
  right: ArrayLike<number>,
  rows: number,
  columns: number,
): Float64Array {
  const half = new Float64Array(rows * columns);
  for (let k = 0; k < rows; k++)
    for (let i = 0; i < rows; i++) {
      const l = left[k * rows + i];
      for (let j = 0; j < columns; j++) half[i * columns + j] += l * D[k * columns + j]; // hot
    }
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < columns; k++) {
      const h = half[i * columns + k];
      for (let j = 0; j < columns; j++) out[i * columns + j] += h * right[k * columns + j]; // hot
    }
  return out;
}
