// Copies one panel of a matrix into the order in which the tile kernel reads it: dst[p · R + i], i < R entries per step p of
// the sum, zero for i ≥ valid. R is MR for A and 8, 16 (float32) or 4, 8 (float64) for B. Any alignment; 2 bytes moved per byte.
import { MR } from './tileSizes';

/** The panel's entries lie along rows of the source: entry i of step p is src[i · ld + p]. ld in bytes. */
export function packRows<T>(R: i32, valid: i32, k: i32, src: usize, ld: usize, dst: usize): void {
  const step = <usize>R * sizeof<T>();
  let i = 0;
  if (sizeof<T>() == 4) {
    for (; i + 4 <= valid; i += 4) packFourRows(k, src + <usize>i * ld, ld, dst + <usize>i * 4, step);
    for (; i + 2 <= valid; i += 2) packTwoRows(k, src + <usize>i * ld, ld, dst + <usize>i * 4, step);
  } else {
    for (; i + 2 <= valid; i += 2) packTwoRows64(k, src + <usize>i * ld, ld, dst + <usize>i * 8, step);
  }
  for (; i < valid; ++i) packRow<T>(k, src + <usize>i * ld, dst + <usize>i * sizeof<T>(), step);
  for (; i < R; ++i) clearRow<T>(k, dst + <usize>i * sizeof<T>(), step);
}

/** The panel's entries lie side by side in the source: entry i of step p is src[p · ld + i]. ld in bytes. */
export function packColumns<T>(R: i32, valid: i32, k: i32, src: usize, ld: usize, dst: usize): void {
  const step = <usize>R * sizeof<T>();
  if (valid < R) {
    for (let i = 0; i < R; ++i) {
      if (i < valid) packColumn<T>(k, src + <usize>i * sizeof<T>(), ld, dst + <usize>i * sizeof<T>(), step);
      else clearRow<T>(k, dst + <usize>i * sizeof<T>(), step);
    }
  } else if (step == 32) packRecords32(k, src, ld, dst);
  else if (step == 64) packRecords64(k, src, ld, dst);
  else packRecords<T>(k, src, ld, dst);
}

// 4 rows of float32: a 4 × 4 transposition per 4 steps.
function packFourRows(k: i32, src: usize, ld: usize, dst: usize, step: usize): void {
  let row1 = src + ld;
  let row2 = row1 + ld;
  let row3 = row2 + ld;
  for (; k >= 4; k -= 4) {
    const x0 = v128.load(src);
    const x1 = v128.load(row1);
    const x2 = v128.load(row2);
    const x3 = v128.load(row3);
    const low01 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5);
    const low23 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7);
    const high23 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
    v128.store(dst, v128.shuffle<f64>(low01, low23, 0, 2));
    dst += step;
    v128.store(dst, v128.shuffle<f64>(low01, low23, 1, 3));
    dst += step;
    v128.store(dst, v128.shuffle<f64>(high01, high23, 0, 2));
    dst += step;
    v128.store(dst, v128.shuffle<f64>(high01, high23, 1, 3));
    dst += step;
    src += 16;
    row1 += 16;
    row2 += 16;
    row3 += 16;
  }
  for (; k > 0; --k) {
    store<f32>(dst, load<f32>(src));
    store<f32>(dst, load<f32>(row1), 4);
    store<f32>(dst, load<f32>(row2), 8);
    store<f32>(dst, load<f32>(row3), 12);
    dst += step;
    src += 4;
    row1 += 4;
    row2 += 4;
    row3 += 4;
  }
}

// 2 rows of float32.
function packTwoRows(k: i32, src: usize, ld: usize, dst: usize, step: usize): void {
  let row1 = src + ld;
  for (; k >= 4; k -= 4) {
    const x0 = v128.load(src);
    const x1 = v128.load(row1);
    const low = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5);
    const high = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7);
    v128.store_lane<u64>(dst, low, 0);
    dst += step;
    v128.store_lane<u64>(dst, low, 1);
    dst += step;
    v128.store_lane<u64>(dst, high, 0);
    dst += step;
    v128.store_lane<u64>(dst, high, 1);
    dst += step;
    src += 16;
    row1 += 16;
  }
  for (; k > 0; --k) {
    store<f32>(dst, load<f32>(src));
    store<f32>(dst, load<f32>(row1), 4);
    dst += step;
    src += 4;
    row1 += 4;
  }
}

// 2 rows of float64.
function packTwoRows64(k: i32, src: usize, ld: usize, dst: usize, step: usize): void {
  let row1 = src + ld;
  for (; k >= 2; k -= 2) {
    const x0 = v128.load(src);
    const x1 = v128.load(row1);
    v128.store(dst, v128.shuffle<f64>(x0, x1, 0, 2));
    dst += step;
    v128.store(dst, v128.shuffle<f64>(x0, x1, 1, 3));
    dst += step;
    src += 16;
    row1 += 16;
  }
  if (k > 0) {
    store<f64>(dst, load<f64>(src));
    store<f64>(dst, load<f64>(row1), 8);
  }
}

function packRow<T>(k: i32, src: usize, dst: usize, step: usize): void {
  for (; k > 0; --k) {
    store<T>(dst, load<T>(src));
    src += sizeof<T>();
    dst += step;
  }
}

function packColumn<T>(k: i32, src: usize, ld: usize, dst: usize, step: usize): void {
  for (; k > 0; --k) {
    store<T>(dst, load<T>(src));
    src += ld;
    dst += step;
  }
}

function clearRow<T>(k: i32, dst: usize, step: usize): void {
  for (; k > 0; --k) {
    store<T>(dst, 0);
    dst += step;
  }
}

// Of A.
function packRecords<T>(k: i32, src: usize, ld: usize, dst: usize): void {
  for (; k > 0; --k) {
    copyRecord<T>(src, dst);
    src += ld;
    dst += MR * sizeof<T>();
  }
}

/** MR numbers. */
export function copyRecord<T>(src: usize, dst: usize): void {
  v128.store(dst, v128.load(src));
  if (sizeof<T>() == 4) {
    if (MR == 5) store<u32>(dst, load<u32>(src, 16), 16);
    else store<u64>(dst, load<u64>(src, 16), 16);
  } else {
    v128.store(dst, v128.load(src, 16), 16);
    if (MR == 5) store<u64>(dst, load<u64>(src, 32), 32);
    else v128.store(dst, v128.load(src, 32), 32);
  }
}

function packRecords32(k: i32, src: usize, ld: usize, dst: usize): void {
  for (; k > 0; --k) {
    v128.store(dst, v128.load(src));
    v128.store(dst, v128.load(src, 16), 16);
    src += ld;
    dst += 32;
  }
}

function packRecords64(k: i32, src: usize, ld: usize, dst: usize): void {
  for (; k > 0; --k) {
    v128.store(dst, v128.load(src));
    v128.store(dst, v128.load(src, 16), 16);
    v128.store(dst, v128.load(src, 32), 32);
    v128.store(dst, v128.load(src, 48), 48);
    src += ld;
    dst += 64;
  }
}
