import { refuse, requireBetween, requireFiniteEntries, requireInteger, requireNoOthers } from '@hyperribbon/contract';
import { exp, log } from '@hyperribbon/kernels';

export interface RankOptions {
  /** ε in (0, 1) of the numerical rank; default 1e-3 */
  readonly tolerance?: number;
  /** of the matrix, for its default rank: integers ≥ 1; default as many as there are singular values */
  readonly rows?: number;
  readonly columns?: number;
}

/** How many directions of a matrix count, by several ways of counting. All are 0 for a matrix of zeros, and unchanged when it is multiplied by a number. */
export interface RankNotions {
  /** ‖W‖_F²/‖W‖₂²; from 1 to the rank */
  readonly stable: number;
  /** ‖W‖_F/‖W‖₂, its square root */
  readonly stableRoot: number;
  /** exp(−Σ p ln p), p = σ/Σσ; from 1 to the rank */
  readonly effective: number;
  /** the same with p = σ²/Σσ² */
  readonly effectiveSquared: number;
  /** (Σσ²)²/Σσ⁴; from 1 to the rank */
  readonly participation: number;
  /** ‖W‖_*²/‖W‖_F²; from 1 to the rank */
  readonly nuclear: number;
  /** singular values above ε σ₁ */
  readonly numerical: number;
  /** ε */
  readonly tolerance: number;
  /** singular values above σ₁ · max(rows, columns) · 2⁻⁵², the default of numpy's matrix_rank */
  readonly default: number;
}

/**
 * The notions of rank of a matrix.
 *
 * A trained matrix has full rank to rounding; what falls in training are these. They differ in what they ask: the numerical rank counts values above a
 * threshold, the stable rank asks how much the largest one has of all, entropies and ratios lie between.
 *
 * @param singularValues (r,) ≥ 0 in any order; none is a matrix without rows or columns
 * @throws ArgumentError for values that are negative or not finite, a tolerance outside (0, 1)
 * Cost: a few passes over the values, one logarithm each.
 * @example
 * const { stable, effective, numerical } = rankNotions(Float64Array.of(5, 1)); // 1.04, 1.569, 2
 * Source: stable rank [rudelson2007]; its root [timor2023]; effective rank [roy2007]; numerical rank [galanti2025].
 */
export function rankNotions(
  singularValues: ArrayLike<number>,
  { tolerance = 1e-3, rows, columns, ...others }: RankOptions = {},
): RankNotions {
  requireNoOthers('rankNotions', others, 'RankOptions');
  const count = singularValues.length;
  const ratios = scaledValues('rankNotions', singularValues);
  requireBetween('rankNotions', 'tolerance', tolerance, 0, 1);
  if (rows !== undefined) requireInteger('rankNotions', 'rows', rows, Math.max(1, count));
  if (columns !== undefined) requireInteger('rankNotions', 'columns', columns, Math.max(1, count));
  const sums = [0, 0, 0];
  for (const ratio of ratios) {
    const square = ratio * ratio;
    sums[0] += ratio;
    sums[1] += square;
    sums[2] += square * square;
  }
  const [one, two, four] = sums;
  const zero = two === 0;
  const squares = ratios.map((ratio) => ratio * ratio);
  const limit = Math.max(rows ?? count, columns ?? count) * Number.EPSILON;
  return {
    stable: two,
    stableRoot: Math.sqrt(two),
    effective: zero ? 0 : exp(entropy(ratios, one)),
    effectiveSquared: zero ? 0 : exp(entropy(squares, two)),
    participation: zero ? 0 : (two * two) / four,
    nuclear: zero ? 0 : (one * one) / two,
    numerical: ratios.filter((ratio) => ratio > tolerance).length,
    tolerance,
    default: ratios.filter((ratio) => ratio > limit).length,
  };
}

/**
 * The number of singular values above a share of the largest.
 *
 * @param singularValues (r,) ≥ 0 in any order
 * @param tolerance ε in (0, 1), default 1e-3
 * @returns 0 for a matrix of zeros
 * @throws ArgumentError as {@link rankNotions}
 * @example numericalRank(Float64Array.of(1, 0.5, 2e-3, 5e-4)); // 3
 * Source: [galanti2025].
 */
export function numericalRank(singularValues: ArrayLike<number>, tolerance: number = 1e-3): number {
  requireBetween('numericalRank', 'tolerance', tolerance, 0, 1);
  const ratios = scaledValues('numericalRank', singularValues);
  return ratios.filter((ratio) => ratio > tolerance).length;
}

/** σᵢ/σ₁ ascending, all 0 where σ₁ is: squares of 1e±200 neither overflow nor vanish, and sums do not depend on the order given. */
function scaledValues(caller: string, singularValues: ArrayLike<number>): Float64Array {
  requireFiniteEntries(caller, 'singularValues', singularValues);
  let largest = 0;
  for (let i = 0; i < singularValues.length; i++) {
    const value = singularValues[i];
    if (value < 0)
      refuse(caller, `singularValues must be ≥ 0, got ${value} at ${i}; of eigenvalues of a Gram matrix take roots`);
    largest = Math.max(largest, value);
  }
  const ratios = Float64Array.from(singularValues).sort();
  if (largest > 0) for (let i = 0; i < ratios.length; i++) ratios[i] /= largest;
  return ratios;
}

/** −Σ p ln p of p = values/total, in nats. */
function entropy(values: Float64Array, total: number): number {
  let sum = 0;
  for (const value of values) {
    const p = value / total;
    // p ln p → 0
    if (p > 0) sum -= p * log(p);
  }
  return sum;
}
