import { refuse, requireFloatArray, requireInteger } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels/linear';

/** entries this near to the largest count as largest: rounding does not choose between them */
const EQUAL = 1 - 2 ** -20;

/**
 * A convention for signs, which eigenvectors and singular vectors have none of: each row is turned, in place, so that the first of its largest entries is positive.
 *
 * @param rows (k, n) row-major, such as `vectors` of a report; complex ones are no such rows
 * @param n numbers of a row
 * @param partners (k, m) each: have their rows turned with them, as those of u with v
 * @returns rows
 * @throws ArgumentError, ArgumentTypeError for lengths that do not fit
 * Cost: k n.
 * @example
 * orient(Float64Array.of(0.6, -0.8, 0.8, 0.6), 2); // [−0.6, 0.8, 0.8, 0.6]
 */
export function orient<A extends FloatArray>(rows: A, n: number, ...partners: FloatArray[]): A {
  const caller = 'orient';
  requireFloatArray(caller, 'rows', rows);
  requireInteger(caller, 'n', n, 1);
  const k = rows.length / n;
  if (!Number.isInteger(k)) refuse(caller, `rows must be rows of n=${n} numbers, got ${rows.length}`);
  for (const partner of partners) {
    requireFloatArray(caller, 'partners', partner);
    if (k === 0 ? partner.length > 0 : partner.length % k !== 0)
      refuse(caller, `partners must have ${k} rows as rows has, got ${partner.length} numbers`);
  }
  for (let i = 0; i < k; i++) {
    const row = rows.subarray(i * n, (i + 1) * n);
    let most = 0;
    for (let j = 0; j < n; j++) most = Math.max(most, Math.abs(row[j]));
    const first = row.find((x) => Math.abs(x) >= EQUAL * most) ?? 0;
    if (!(first < 0)) continue;
    for (const of of [rows, ...partners]) {
      const m = of.length / k;
      for (let j = i * m; j < (i + 1) * m; j++) of[j] = -of[j];
    }
  }
  return rows;
}
