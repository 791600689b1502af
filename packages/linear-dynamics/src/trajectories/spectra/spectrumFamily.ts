import { dotRange, lowerGram, sumOfSquares } from '../../sums.js';
import { symmetricValues } from '../symmetricValues.js';
import type { TargetFactor } from '../targetFactor.js';

/** Spectra of diag(D) + s C for any s in [0, largest], with C given by its factor. */
export interface SpectrumFamily {
  /** order of the matrix whose eigenvalues are taken for each s */
  readonly order: number;
  /** sums over all eigenvalues are exact */
  at(s: number): FamilyMember;
}

export interface FamilyMember {
  /** (count,) the largest, descending */
  readonly eigenvalues: Float64Array;
  /** sum and sum of squares of all eigenvalues */
  readonly trace: number;
  readonly squareNorm: number;
}

export interface FamilyOptions {
  /** eigenvalues wanted */
  readonly count: number;
  /** largest s that will be asked for */
  readonly largest: number;
}

/** orders up to which the full matrix is as cheap as a smaller one */
const SMALL = 24;
/** the kept diagonal ends this far below the smallest eigenvalue wanted */
const MARGIN = 4;
/** degree of the polynomials in the small diagonal: the error falls by 194 per degree at MARGIN = 4 */
const DEGREE = 10;
const EPSILON = 2.220446049250313e-16;

/**
 * Prepares D + s Fᵀ F for many s.
 *
 * Eigenvalues wanted are at least the count-th largest entry δ of D. Modes with D ≤ δ/4 are replaced by the Krylov space
 * of their part of D, started with their part of F: the elimination of those modes from the eigenvalue equation,
 * Fᵣ (μ − Dᵣ)⁻¹ Fᵣᵀ, is then right up to the error of a Gauss rule on [0, δ/4] seen from μ ≥ δ, below rounding at degree 10. Directions of that space whose
 * omission changes eigenvalues by less than rounding (their effect is of second order) are left out.
 *
 * The eigenvalues are those of the full matrix to rounding: within 1e-14 of the largest (test against the full matrix).
 * Cost: preparation about d (r + q)² flops; each s an eigenvalue problem of the order of the kept modes plus q, q about 20 to 60.
 * At decay 0.1 and T = 1e4 the order is 147 instead of 400.
 */
export function spectrumFamily(
  diagonal: Float64Array,
  factor: TargetFactor,
  { count, largest }: FamilyOptions,
): SpectrumFamily {
  const d = diagonal.length;
  const { rank, rows } = factor;
  const sums = moments(diagonal, factor);
  const wanted = Math.min(count, d);
  const sorted = diagonal.slice().sort((a, b) => b - a);
  const threshold = sorted[wanted - 1] / MARGIN;
  const kept: number[] = [];
  const rest: number[] = [];
  for (let i = 0; i < d; i++) (d <= SMALL || diagonal[i] > threshold ? kept : rest).push(i);
  const basis = rest.length === 0 ? [] : restBasis(diagonal, factor, rest, threshold, sorted[wanted - 1], largest);
  if (kept.length + basis.length >= d) {
    for (const i of rest) kept.push(i);
    basis.length = 0;
  }
  const order = kept.length + basis.length;
  // reduced factor, (order, rank)
  const reduced = new Float64Array(order * rank);
  kept.forEach((i, row) => {
    for (let k = 0; k < rank; k++) reduced[row * rank + k] = rows[k * d + i];
  });
  basis.forEach((vector, q) => {
    for (let k = 0; k < rank; k++) {
      let sum = 0;
      for (let i = 0; i < rest.length; i++) sum += vector[i] * rows[k * d + rest[i]];
      reduced[(kept.length + q) * rank + k] = sum;
    }
  });
  const fixed = new Float64Array(order * order);
  kept.forEach((i, row) => (fixed[row * order + row] = diagonal[i]));
  for (let q = 0; q < basis.length; q++) {
    for (let p = 0; p <= q; p++) {
      let sum = 0;
      for (let i = 0; i < rest.length; i++) sum += basis[q][i] * basis[p][i] * diagonal[rest[i]];
      fixed[(kept.length + q) * order + kept.length + p] = sum;
    }
  }
  const moving = lowerGram(reduced, order, rank);
  const work = new Float64Array(order * order);
  return {
    order,
    at(s) {
      for (let i = 0; i < order; i++) {
        for (let j = i * order; j <= i * order + i; j++) work[j] = fixed[j] + s * moving[j];
      }
      return {
        eigenvalues: symmetricValues(work, order).slice(0, wanted),
        trace: sums.fixed + s * sums.moving,
        squareNorm: sums.fixedSquare + s * (2 * sums.mixed + s * sums.movingSquare),
      };
    },
  };
}

/** Orthonormal basis of polynomials in the small part of D times the small part of F. */
function restBasis(
  diagonal: Float64Array,
  { rank, rows, size: d }: TargetFactor,
  rest: readonly number[],
  threshold: number,
  smallest: number,
  largest: number,
): Float64Array[] {
  const n = rest.length;
  const basis: Float64Array[] = [];
  // ‖F‖ ‖δF‖ s moves an eigenvalue μ by its square over μ: keep that below rounding of s ‖F‖²
  const size = Math.sqrt(sumOfSquares(rows));
  const drop = Math.max(0.1 * Math.sqrt((EPSILON * smallest) / largest), 4 * EPSILON * size);
  const x = Float64Array.from(rest, (i) => (threshold > 0 ? (2 * diagonal[i]) / threshold - 1 : -1));
  const degree = threshold > 0 && x.some((value) => value > -1) ? DEGREE : 0;
  let before = new Float64Array(n);
  let now = new Float64Array(n).fill(1);
  for (let j = 0; j <= degree; j++) {
    for (let k = 0; k < rank; k++) {
      const vector = Float64Array.from(rest, (i, at) => rows[k * d + i] * now[at]);
      if (Math.sqrt(sumOfSquares(vector)) <= drop) continue;
      // a vector may lose twelve digits to the others: the third pass makes what is left orthogonal to rounding
      for (let pass = 0; pass < 3; pass++) for (const other of basis) subtractProjection(vector, other);
      const length = Math.sqrt(sumOfSquares(vector));
      if (!(length > drop)) continue;
      basis.push(vector.map((value) => value / length));
      if (basis.length >= n) return basis;
    }
    const next = now.map((value, i) => (j === 0 ? x[i] : 2 * x[i] * value - before[i]));
    before = now;
    now = next;
  }
  return basis;
}

function subtractProjection(vector: Float64Array, unit: Float64Array): void {
  const along = dotRange(vector, 0, unit, 0, unit.length);
  for (let i = 0; i < vector.length; i++) vector[i] -= along * unit[i];
}

/** Traces of D, C and the products that make up ‖D + s C‖², with ‖C‖ from the r × r Gram matrix of the factor. */
function moments(
  diagonal: Float64Array,
  { rank, rows, size, diagonal: target, trace }: TargetFactor,
): { fixed: number; moving: number; fixedSquare: number; mixed: number; movingSquare: number } {
  let [fixed, fixedSquare, mixed, movingSquare] = [0, 0, 0, 0];
  for (let i = 0; i < size; i++) {
    fixed += diagonal[i];
    fixedSquare += diagonal[i] * diagonal[i];
    mixed += diagonal[i] * target[i];
  }
  lowerGram(rows, rank, size).forEach((dot, at) => (movingSquare += (at % (rank + 1) === 0 ? 1 : 2) * dot * dot));
  return { fixed, moving: trace, fixedSquare, mixed, movingSquare };
}
