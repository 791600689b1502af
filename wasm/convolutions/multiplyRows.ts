// C (m, n) ← alpha A B + keep C for one block, with rows of A that lie anywhere and are not packed, and packed panels of B.
// offsets: where each row starts, in bytes behind a; left, run, gap: how a row goes on, see rowsTile.fast.ts; ldc in bytes;
// tile: 512 bytes of scratch. Order of summation: that of gemm.
import { copyTile, panelWidth } from '../linear/gemm';
import { MR } from '../linear/tileSizes';
import { tileOfRows } from './tileOfRows';

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
        tileOfRows<T>(k, left, run, gap, alpha, a, list, MR - 1, packedB, keep, to, ldc, bytes);
      } else {
        // Edge: a whole tile into scratch, then the part of it that exists. (keep: the tile starts from the old entries)
        if (keep) copyTile(rows, valid, to, ldc, tile, bytes);
        tileOfRows<T>(k, left, run, gap, alpha, a, list, rows - 1, packedB, keep, tile, bytes, bytes);
        copyTile(rows, valid, tile, bytes, to, ldc);
      }
      to += <usize>MR * ldc;
    }
    packedB += <usize>(width * k) * sizeof<T>();
  }
}
