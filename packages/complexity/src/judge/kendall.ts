import { refuse, requireNoOthers, requireOneOf } from '@hyperribbon/contract';
import { order, requireNumbers, type RowWeights } from './runs.js';

export interface KendallOptions {
  /**
   * 'a': pairs that agree in one of the two count as pairs, with 0, as in [jiang2020]. 'b': the same sum over √(pairs that differ in the one · pairs that
   * differ in the other), which reaches ±1 with ties too. Default 'a'
   */
  readonly ties?: 'a' | 'b';
}

/**
 * Kendall's rank correlation τ of two lists: the share of pairs that they order alike, minus the share that they order unlike.
 *
 * @param a (n,) numbers, n ≥ 2; ±∞ are values
 * @param b (n,)
 * @returns in [−1, 1]; NaN by 'b' where one list is constant
 * @throws ArgumentError for lists of other lengths, fewer than two entries, NaN
 * Cost: O(n log n), by merging [knight1966].
 * @example
 * kendallTau([1, 2, 3, 4], [10, 30, 20, 40]); // (5 − 1) / 6
 * Source: [kendall1938, knight1966]; as a judgement of measures [jiang2020].
 */
export function kendallTau(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { ties = 'a', ...others }: KendallOptions = {},
): number {
  const caller = 'kendallTau';
  requireNoOthers(caller, others, 'KendallOptions');
  requireOneOf(caller, 'ties', ties, ['a', 'b']);
  const n = a.length;
  if (!(n >= 2)) refuse(caller, `a must hold at least two numbers, got ${n}`);
  requireNumbers(caller, 'a', a, n, false);
  requireNumbers(caller, 'b', b, n, false);
  const rows = Array.from({ length: n }, (_, i) => i).sort((i, j) => order(a[i], a[j]) || order(b[i], b[j]));
  const equalA = equalPairs(rows, (i, j) => a[i] === a[j]);
  const equalBoth = equalPairs(rows, (i, j) => a[i] === a[j] && b[i] === b[j]);
  const sorted = Float64Array.from(rows, (i) => b[i]);
  const swaps = sortCounting(sorted);
  const equalB = equalPairs(
    Array.from(sorted, (_, i) => i),
    (i, j) => sorted[i] === sorted[j],
  );
  const pairs = (n * (n - 1)) / 2;
  const score = pairs - equalA - equalB + equalBoth - 2 * swaps;
  return ties === 'a' ? score / pairs : score / Math.sqrt((pairs - equalA) * (pairs - equalB));
}

/** Pairs of neighbours' runs: rows are sorted so that equal ones stand together. */
function equalPairs(rows: readonly number[], equal: (i: number, j: number) => boolean): number {
  let total = 0;
  let run = 1;
  for (let k = 1; k <= rows.length; k++) {
    if (k < rows.length && equal(rows[k - 1], rows[k])) run++;
    else {
      total += (run * (run - 1)) / 2;
      run = 1;
    }
  }
  return total;
}

/** Sorts in place by merging. @returns pairs that stood in the wrong order */
function sortCounting(values: Float64Array): number {
  const other = new Float64Array(values.length);
  let swaps = 0;
  for (let width = 1; width < values.length; width *= 2) {
    for (let from = 0; from < values.length; from += 2 * width) {
      const middle = Math.min(from + width, values.length);
      const to = Math.min(from + 2 * width, values.length);
      let [left, right] = [from, middle];
      for (let k = from; k < to; k++) {
        const takeLeft = right >= to || (left < middle && values[left] <= values[right]);
        if (!takeLeft) swaps += middle - left;
        other[k] = values[takeLeft ? left++ : right++];
      }
    }
    values.set(other);
  }
  return swaps;
}

/** τ of some rows, each counted as often as its weight says; a row is not compared with itself. Undefined where no pair is left. */
export function weightedTau(
  rows: readonly number[] | Int32Array,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  weights: RowWeights | undefined,
): number | undefined {
  let [score, total] = [0, 0];
  for (let p = 0; p < rows.length; p++) {
    const i = rows[p];
    const own = weights?.[i] ?? 1;
    if (own === 0) continue;
    for (let q = 0; q < p; q++) {
      const j = rows[q];
      const weight = own * (weights?.[j] ?? 1);
      total += weight;
      score += weight * order(a[i], a[j]) * order(b[i], b[j]);
    }
  }
  return total > 0 ? score / total : undefined;
}
