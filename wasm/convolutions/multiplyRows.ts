// C (m, n) ← alpha A B + keep C for one block, with rows of A that lie anywhere and are not packed, and packed panels of B.
// offsets: where each row starts, in bytes behind a; left, run, gap: how a row goes on, see rowsTile.ts; ldc in bytes;
// tile: 512 bytes of scratch. Order of summation: that of gemm.
import { copyTile, panelWidth } from '../linear/gemm';
import { rowsTile } from './rowsTile';
import { rowsTileWide } from './rowsTileWide';

const MR: i32 = 6;

// prettier-ignore
export function multiplyRows<T>(NR: i32, m: i32, n: i32, k: i32, left: i32, run: i32, gap: usize, alpha: T, a: usize, offsets: usize, packedB: usize, keep: i32, c: usize, ldc: usize, tile: usize): void {
  for (let j = 0; j < n; j += NR) {
    const width = panelWidth<T>(NR, n - j);
    const valid = <usize>min(width, n - j) * sizeof<T>();
    const bytes = <usize>width * sizeof<T>();
    let to = c + <usize>j * sizeof<T>();
    for (let i = 0; i < m; i += MR) {
      const list = offsets + <usize>(i << 2);
      const rows = min(MR, m - i);
      if (rows == MR && valid == bytes) {
        tileOf<T>(k, left, run, gap, alpha, a, list, 5, packedB, keep, to, ldc, bytes);
      } else {
        // Edge: a whole tile into scratch, then the part of it that exists. (keep: the tile starts from the old entries)
        if (keep) copyTile(rows, valid, to, ldc, tile, bytes);
        tileOf<T>(k, left, run, gap, alpha, a, list, rows - 1, packedB, keep, tile, bytes, bytes);
        copyTile(rows, valid, tile, bytes, to, ldc);
      }
      to += <usize>MR * ldc;
    }
    packedB += <usize>(width * k) * sizeof<T>();
  }
}

/** One tile of the rows at list; rows behind the last one repeat it. */
// prettier-ignore
function tileOf<T>(k: i32, left: i32, run: i32, gap: usize, alpha: T, a: usize, list: usize, last: i32, b: usize, keep: i32, c: usize, ldc: usize, bytes: usize): void {
  const a0 = a + rowAt(list, 0, last);
  const a1 = a + rowAt(list, 1, last);
  const a2 = a + rowAt(list, 2, last);
  const a3 = a + rowAt(list, 3, last);
  const a4 = a + rowAt(list, 4, last);
  const a5 = a + rowAt(list, 5, last);
  if (bytes == 32) rowsTile<T>(k, left, run, gap, alpha, a0, a1, a2, a3, a4, a5, b, keep, c, ldc);
  else rowsTileWide<T>(k, left, run, gap, alpha, a0, a1, a2, a3, a4, a5, b, keep, c, ldc);
}

function rowAt(list: usize, row: i32, last: i32): usize {
  return <usize>load<u32>(list + <usize>(min(row, last) << 2));
}
