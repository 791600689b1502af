// One tile of rows that lie anywhere: list says where each starts, in bytes behind a; rows behind the last one repeat it.
import { rowsTile } from './rowsTile';
import { rowsTileWide } from './rowsTileWide';
import { offsetAt } from './pixelOffsets';

// prettier-ignore
export function tileOfRows<T>(k: i32, left: i32, run: i32, gap: usize, alpha: T, a: usize, list: usize, last: i32, b: usize, keep: i32, c: usize, ldc: usize, bytes: usize): void {
  const a0 = a + offsetAt(list, 0);
  const a1 = a + offsetAt(list, min(1, last));
  const a2 = a + offsetAt(list, min(2, last));
  const a3 = a + offsetAt(list, min(3, last));
  const a4 = a + offsetAt(list, min(4, last));
  const a5 = a + offsetAt(list, min(5, last));
  if (bytes == 32) rowsTile<T>(k, left, run, gap, alpha, a0, a1, a2, a3, a4, a5, b, keep, c, ldc);
  else rowsTileWide<T>(k, left, run, gap, alpha, a0, a1, a2, a3, a4, a5, b, keep, c, ldc);
}
