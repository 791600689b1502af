// One tile of rows that lie anywhere: list says where each starts, in bytes behind a; rows behind the last one repeat it.
import { rowsTile } from './rowsTile';
import { offsetAt } from './pixelOffsets';

// prettier-ignore
export function tileOfRows<T>(k: i32, left: i32, run: i32, gap: usize, alpha: T, a: usize, list: usize, last: i32, b: usize, keep: i32, c: usize, ldc: usize, _bytes: usize): void {
  const a0 = a + offsetAt(list, 0);
  const a1 = a + offsetAt(list, min(1, last));
  const a2 = a + offsetAt(list, min(2, last));
  const a3 = a + offsetAt(list, min(3, last));
  const a4 = a + offsetAt(list, min(4, last));
  rowsTile<T>(k, left, run, gap, alpha, a0, a1, a2, a3, a4, b, keep, c, ldc);
}
