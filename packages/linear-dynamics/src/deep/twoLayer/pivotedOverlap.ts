import { dotRange, sumOfSquares } from '../../sums.js';

/** Q̂ = S A with A of full row rank: the first independent rows of Q̂ in order of falling rate, and all others in terms of them. */
export interface PivotedOverlap {
  /** indices of the chosen rows, in order of choice */
  readonly chosen: readonly number[];
  /** the others, ascending */
  readonly rest: readonly number[];
  /** L lower triangular with A = L × (orthonormal rows), (rank, rank) */
  readonly triangle: Float64Array;
  /** S on the other rows, (rest, rank); exactly 0 where a row does not depend on a chosen one that comes after it */
  readonly dependence: Float64Array;
  /** smallest over largest diagonal entry of L: 1/conditioning of the choice */
  readonly quality: number;
}

/** Below this part of its own length a row counts as dependent: the closed forms lose all digits beyond a condition of 1e12. */
const DEPENDENT = 1e-12;

/**
 * Chooses rows of the overlap Q̂ = Pᵀ Q_0, sorted by falling rate, that span its row space, greedily from the top.
 *
 * Generic starts choose the top rows. A start that has no overlap with a growing direction (opposite determinant signs, say)
 * chooses a later row in its place, and the dependence of the skipped row on it is exactly zero: the flow then goes to the
 * saddle that the exact solution goes to, instead of leaving it by rounding. Among equal rates the longest remainder goes first.
 * @param overlap (n, columns) row-major
 */
export function pivotedOverlap(overlap: Float64Array, rates: Float64Array, columns: number): PivotedOverlap {
  const n = rates.length;
  const lengths = Float64Array.from({ length: n }, (_, i) =>
    Math.sqrt(dotRange(overlap, i * columns, overlap, i * columns, columns)),
  );
  const floor = 2.220446049250313e-16 * n * Math.sqrt(sumOfSquares(overlap));
  const remainder = overlap.slice();
  const basis: Float64Array[] = [];
  /** coefficients of every row in the orthonormal basis */
  const coefficients: number[][] = Array.from({ length: n }, () => []);
  const chosen: number[] = [];
  const length = (i: number): number => Math.sqrt(dotRange(remainder, i * columns, remainder, i * columns, columns));
  for (let from = 0; from < n; ) {
    let to = from + 1;
    while (to < n && rates[to] === rates[from]) to++;
    for (;;) {
      let best = -1;
      let longest = 0;
      for (let i = from; i < to; i++) {
        const left = chosen.includes(i) ? 0 : length(i);
        if (left > DEPENDENT * lengths[i]! && left > floor && left > longest) [best, longest] = [i, left];
      }
      if (best < 0 || chosen.length === columns) break;
      const direction = remainder.slice(best * columns, (best + 1) * columns).map((x) => x / longest);
      basis.push(direction);
      chosen.push(best);
      // two passes: one leaves 1e-16/(relative length of the remainder)
      for (let pass = 0; pass < 2; pass++) {
        for (let i = 0; i < n; i++) {
          const c = dotRange(remainder, i * columns, direction, 0, columns);
          coefficients[i]![basis.length - 1] = (coefficients[i]![basis.length - 1] ?? 0) + c;
          for (let j = 0; j < columns; j++) remainder[i * columns + j]! -= c * direction[j]!;
        }
      }
    }
    from = to;
  }
  const rank = chosen.length;
  const triangle = new Float64Array(rank * rank);
  chosen.forEach((row, i) => {
    for (let j = 0; j <= i; j++) triangle[i * rank + j] = coefficients[row]![j]!;
  });
  const rest = Array.from({ length: n }, (_, i) => i).filter((i) => !chosen.includes(i));
  const dependence = new Float64Array(rest.length * rank);
  rest.forEach((row, r) => {
    // x L = coefficients of the row
    for (let j = rank - 1; j >= 0; j--) {
      let s = coefficients[row]![j] ?? 0;
      for (let i = j + 1; i < rank; i++) s -= dependence[r * rank + i]! * triangle[i * rank + j]!;
      // a skipped row depends only on rows chosen before it, whose rates are not below its own
      dependence[r * rank + j] = rates[row]! > rates[chosen[j]!]! ? 0 : s / triangle[j * (rank + 1)]!;
    }
  });
  const diagonal = chosen.map((_, i) => Math.abs(triangle[i * (rank + 1)]!));
  const quality = rank === 0 ? 1 : Math.min(...diagonal) / Math.max(...diagonal);
  return { chosen, rest, triangle, dependence, quality };
}
