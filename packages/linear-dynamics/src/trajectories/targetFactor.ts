import type { DecayModes } from './spectra/decayModes.js';

const EPSILON = 2.220446049250313e-16;

/** A low-rank factor: C = Fᵀ F up to a part `tol` of its trace. */
export interface TargetFactor {
  readonly rank: number;
  readonly size: number;
  /** (rank, size) row-major: row k is column k of the Cholesky factor */
  readonly rows: Float64Array;
  /** (size,) the diagonal of C, exact */
  readonly diagonal: Float64Array;
  readonly trace: number;
}

/**
 * Factor of the target part C = b bᵀ ∘ (G − g gᵀ) by Cholesky elimination with diagonal pivoting: its eigenvalues fall geometrically (displacement rank 2), so
 * a few dozen columns hold it to rounding, and no others are ever computed.
 *
 * @param coefficients (d,) b, with any λ^(p/2) already in
 * @param tol stop when the diagonal left sums to this part of the trace
 * Cost: d r² flops and d r numbers for rank r; never d². Source: [harbrecht2012].
 */
export function targetFactor(modes: DecayModes, coefficients: Float64Array, tol: number = EPSILON): TargetFactor {
  const d = modes.size;
  const diagonal = coefficients.map((b, i) => b * b * modes.covariance(i, i));
  const left = diagonal.slice();
  const trace = left.reduce((sum, value) => sum + value, 0);
  const rows: Float64Array[] = [];
  let residualTrace = trace;
  while (rows.length < d && residualTrace > tol * trace) {
    const pivot = left.reduce((best, value, i) => (value > left[best] ? i : best), 0);
    // what is left of this entry is the rounding of its own elimination
    if (left[pivot] <= EPSILON * diagonal[pivot]) {
      residualTrace -= left[pivot];
      left[pivot] = 0;
      if (left.every((value) => value === 0)) break;
      continue;
    }
    const row = new Float64Array(d);
    const scale = coefficients[pivot] / Math.sqrt(left[pivot]);
    for (let i = 0; i < d; i++) row[i] = scale * coefficients[i] * modes.covariance(i, pivot);
    for (const earlier of rows) {
      const weight = earlier[pivot] / Math.sqrt(left[pivot]);
      for (let i = 0; i < d; i++) row[i] -= weight * earlier[i];
    }
    residualTrace = 0;
    for (let i = 0; i < d; i++) {
      left[i] = i === pivot ? 0 : Math.max(0, left[i] - row[i] * row[i]);
      residualTrace += left[i];
    }
    rows.push(row);
  }
  const flat = new Float64Array(rows.length * d);
  rows.forEach((row, k) => flat.set(row, k * d));
  return { rank: rows.length, size: d, rows: flat, diagonal, trace };
}
