import { tangent } from './jacobi.js';

const EPS = 2 ** -52;
/** pairs that need a larger angle are left alone: what rotations at once do to each other is of the order of their product */
const LARGEST = 2 ** -16;
/** exp S to the fourth order is orthogonal to S⁶/72, which is below rounding for row sums up to this */
export const SUM: number = 2 ** -9;

/** What {@link smallTurn} found. */
export interface SmallTurn {
  /** the largest sum of |S| along a row, too large to be used above {@link SUM}; 0 if no cosine that S turns is above the tolerance */
  readonly sum: number;
  /** the first row that needs a larger angle with a later one, k if none does */
  readonly unresolved: number;
}

/**
 * The rotations of all pairs of nearly orthogonal rows at once: S, skew, with the tangents of the angles that one-sided Jacobi would take.
 *
 * @param norms (k,) lengths of the rows
 * @param cosines (k, k) cosines between them, on and below the diagonal
 * @param tolerance cosines up to this count as zero
 * @param s (k, k) receives S: rows turned by exp S have cosines of the order of the squares of these
 */
export function smallTurn(
  k: number,
  norms: Float64Array,
  cosines: Float64Array,
  tolerance: number,
  s: Float64Array,
): SmallTurn {
  s.fill(0);
  const sums = new Float64Array(k);
  let unresolved = k;
  let needed = false;
  for (let p = 1; p < k; p++) {
    for (let q = 0; q < p; q++) {
      const cosine = cosines[p * k + q];
      if (!(Math.abs(cosine) > EPS)) continue;
      const t = tangent(norms[q] / norms[p], cosine);
      const above = Math.abs(cosine) > tolerance;
      if (Math.abs(t) > LARGEST) {
        if (above) unresolved = Math.min(unresolved, q);
        continue;
      }
      needed ||= above;
      s[p * k + q] = -t;
      s[q * k + p] = t;
      sums[p] += Math.abs(t);
      sums[q] += Math.abs(t);
    }
  }
  return { sum: needed ? Math.max(...sums) : 0, unresolved };
}
