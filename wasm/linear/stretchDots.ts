// What matrices.ts and basis.ts share of the scratch, and the dot products of up to 4 rows with one vector.
import { CHUNK, fourChunkDots32, fourChunkDots64 } from './rowDot';

/** a sum of rows for one output goes by in blocks of so many columns */
export const COLUMNS: i32 = 2048;
/** bytes of scratch for widened vectors, sums or panels; behind them 4 widened rows (64 KiB) */
export const AREA: usize = 1048576;

// c_i ← c_i + row_i · x for up to 4 rows, chunk after chunk; sums: 32 bytes
export function addStretchDots<T>(
  rows: i32,
  n: i32,
  q0: usize,
  ldq: usize,
  x: usize,
  c: usize,
  stride: usize,
  sums: usize,
): void {
  // the last row in the places of those that are missing
  let q1 = rows > 1 ? q0 + ldq : q0;
  let q2 = rows > 2 ? q1 + ldq : q1;
  let q3 = rows > 3 ? q2 + ldq : q2;
  const chunkBytes = <usize>CHUNK * sizeof<T>();
  for (; n > 0; n -= CHUNK) {
    const length = min(n, CHUNK);
    if (sizeof<T>() == 4) fourChunkDots32(length, q0, q1, q2, q3, x, sums);
    else fourChunkDots64(length, q0, q1, q2, q3, x, sums);
    let to = c;
    for (let row: usize = 0; row < <usize>rows; ++row) {
      store<f64>(to, load<f64>(to) + load<f64>(sums + (row << 3)));
      to += stride;
    }
    q0 += chunkBytes;
    q1 += chunkBytes;
    q2 += chunkBytes;
    q3 += chunkBytes;
    x += chunkBytes;
  }
}
