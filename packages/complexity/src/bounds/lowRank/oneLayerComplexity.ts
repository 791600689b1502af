import {
  requireCounts,
  requireFiniteEntries,
  requireInteger,
  requireLength,
  requireNonNegative,
  requireSeed,
} from '@hyperribbon/contract';
import { svd } from '@hyperribbon/lanczos/svd';
import { stream } from '@hyperribbon/random';

/** A data matrix whose rows are examples, and the class of layers: ‖W‖₂ ≤ limit, W (outputs, features), rank ≤ rank. */
export interface OneLayerOptions {
  /** m, rows of X */
  readonly count: number;
  /** d, columns of X */
  readonly features: number;
  /** B ≥ 0 */
  readonly limit: number;
  /** h, rows of W */
  readonly outputs: number;
  /** r in [0, min(outputs, features)], default all of it */
  readonly rank?: number;
  /** Gaussian draws, default 1000 */
  readonly draws?: number;
  readonly seed: number;
}

/** A mean over draws. */
export interface DrawnComplexity {
  readonly value: number;
  /** sample standard deviation / √draws; NaN of one draw */
  readonly standardError: number;
  readonly draws: number;
}

/**
 * The Gaussian complexity of one linear layer by drawing: (B/m) E of the sum of the r largest singular values of Γ X (Ky Fan norm), Γ (outputs, m) standard normal.
 *
 * That sum is sup ⟨W, Γ X⟩ over ‖W‖₂ ≤ 1 of rank ≤ r, so nothing but the drawing is approximate; {@link oneLayerBound} is never below it. Γ X has the singular values of
 * G Σ with Σ those of X and G (outputs, rank of X) standard normal: examples are met once.
 * @param X (count, features), finite
 * @throws ArgumentError for sizes that do not fit, entries that are not finite, a rank above min(outputs, features), a limit < 0
 * Cost: one singular value decomposition of X, and of an (outputs, min(count, features)) matrix per draw.
 * @example
 * const X = Float64Array.of(1, 1, 0, 0, 0, 2, 1, 0, 1, 0, -1, 1);
 * const { value, standardError } = oneLayerComplexity(X, { count: 4, features: 3, limit: 5, outputs: 2, rank: 1, seed: 1 });
 * Math.abs(value - 4.907) < 4 * standardError; // true
 * Source: ours; the class is that of [pinto2025, Lemma 10].
 */
export function oneLayerComplexity(X: ArrayLike<number>, options: OneLayerOptions): DrawnComplexity {
  const { outputs, rank, scale, sigma, draws, seed } = prepare('oneLayerComplexity', X, options);
  const k = sigma.length;
  return meanOfDraws(draws, (index) => {
    const G = stream({ seed, purpose: 'one-layer complexity', index }).normal(new Float64Array(outputs * k));
    for (let i = 0; i < G.length; i++) G[i] = (G[i] as number) * (sigma[i % k] as number);
    const { values } = svd(G, outputs, k, { vectors: false });
    return scale * values.subarray(0, rank).reduce((sum, value) => sum + value, 0);
  });
}

/**
 * The complexity by norms of the same class, E sup ‖(1/m) Σ γᵢ W xᵢ‖ = (B/m) E ‖Xᵀ γ‖, by drawing: it does not see the rank, since a matrix of rank one attains the
 * supremum.
 *
 * @param X (count, features), finite
 * @throws ArgumentError as oneLayerComplexity
 * @example
 * const X = Float64Array.of(1, 1, 0, 0, 0, 2, 1, 0, 1, 0, -1, 1);
 * const of = (rank) => normBasedComplexity(X, { count: 4, features: 3, limit: 5, outputs: 2, rank, seed: 1 }).value;
 * of(1) === of(2); // true
 * Source: [pinto2025, eq. 2 and its discussion].
 */
export function normBasedComplexity(X: ArrayLike<number>, options: OneLayerOptions): DrawnComplexity {
  const { rank, scale, sigma, draws, seed } = prepare('normBasedComplexity', X, options);
  return meanOfDraws(draws, (index) => {
    const g = stream({ seed, purpose: 'norm-based complexity', index }).normal(new Float64Array(sigma.length));
    const largest = sigma[0] as number;
    // a matrix of rank 0 is zero
    if (rank === 0 || largest === 0) return 0;
    const squares = g.reduce(
      (sum, x, i) => sum + x * x * ((sigma[i] as number) / largest) * ((sigma[i] as number) / largest),
      0,
    );
    return scale * largest * Math.sqrt(squares);
  });
}

interface Prepared {
  readonly outputs: number;
  readonly rank: number;
  /** B/m */
  readonly scale: number;
  /** singular values of X */
  readonly sigma: Float64Array;
  readonly draws: number;
  readonly seed: number;
}

function prepare(caller: string, X: ArrayLike<number>, options: OneLayerOptions): Prepared {
  const { count, features, limit, outputs, rank = Math.min(outputs, features), draws = 1000, seed } = options;
  requireCounts(caller, { count, features, outputs, draws });
  requireLength(caller, 'X', X, [count, features]);
  requireNonNegative(caller, 'limit', limit);
  requireInteger(caller, 'rank', rank, 0, Math.min(outputs, features));
  requireSeed(caller, seed);
  const entries = Float64Array.from(X);
  requireFiniteEntries(caller, 'X', entries);
  const { values } = svd(entries, count, features, { vectors: false });
  return { outputs, rank, scale: limit / count, sigma: values, draws, seed };
}

function meanOfDraws(draws: number, draw: (index: number) => number): DrawnComplexity {
  let mean = 0;
  let squares = 0;
  for (let i = 0; i < draws; i++) {
    const value = draw(i);
    const before = value - mean;
    mean += before / (i + 1);
    squares += before * (value - mean);
  }
  return { value: mean, standardError: Math.sqrt(squares / (draws - 1) / draws), draws };
}
