// BLAS-2: few long rows, sums in float64 (orders: packages/kernels/src/summationOrder.md).
// Any alignment; y overlaps no input. scratch: 16-aligned, SCRATCH_BYTES of packages/kernels/src/modules/linearTable.ts.
// 2 flops per element of A; bytes: A once. Twin: src/twin/matrices.ts.
import { addFourRows, addRow } from './rowCombination';
import { addStretchDots, AREA, COLUMNS } from './stretchDots';

export function gemv32(
  m: i32,
  n: i32,
  alpha: f64,
  a: usize,
  lda: i32,
  x: usize,
  beta: f64,
  y: usize,
  scratch: usize,
): void {
  gemv<f32>(m, n, alpha, a, lda << 2, x, beta, y, scratch);
}

export function gemv64(
  m: i32,
  n: i32,
  alpha: f64,
  a: usize,
  lda: i32,
  x: usize,
  beta: f64,
  y: usize,
  scratch: usize,
): void {
  gemv<f64>(m, n, alpha, a, lda << 3, x, beta, y, scratch);
}

export function gemvTransposed32(
  m: i32,
  n: i32,
  alpha: f64,
  a: usize,
  lda: i32,
  x: usize,
  beta: f64,
  y: usize,
  scratch: usize,
): void {
  gemvTransposed<f32>(m, n, alpha, a, lda << 2, x, beta, y, scratch);
}

export function gemvTransposed64(
  m: i32,
  n: i32,
  alpha: f64,
  a: usize,
  lda: i32,
  x: usize,
  beta: f64,
  y: usize,
  scratch: usize,
): void {
  gemvTransposed<f64>(m, n, alpha, a, lda << 3, x, beta, y, scratch);
}

// From here on leading dimensions are in bytes.

function gemv<T>(
  m: i32,
  n: i32,
  alpha: f64,
  a: usize,
  lda: usize,
  x: usize,
  beta: f64,
  y: usize,
  scratch: usize,
): void {
  const sums = scratch + AREA;
  for (let i = 0; i < m; i += 4) {
    memory.fill(sums, 0, 32);
    const rows = min(4, m - i);
    addStretchDots<T>(rows, n, a, lda, x, sums, 8, scratch);
    for (let row = 0; row < rows; ++row) {
      const t = alpha * load<f64>(sums + ((<usize>row) << 3));
      store<T>(y, <T>(beta == 0 ? t : beta * <f64>load<T>(y) + t));
      y += sizeof<T>();
    }
    a += 4 * lda;
  }
}

function gemvTransposed<T>(
  m: i32,
  n: i32,
  alpha: f64,
  a: usize,
  lda: usize,
  x: usize,
  beta: f64,
  y: usize,
  scratch: usize,
): void {
  for (let start = 0; start < n; start += COLUMNS) {
    const length = min(COLUMNS, n - start);
    memory.fill(scratch, 0, (<usize>length) << 3);
    let row = a + <usize>start * sizeof<T>();
    let weight = x;
    let i = m;
    for (; i >= 4; i -= 4) {
      const w0 = <f64>load<T>(weight);
      const w1 = <f64>load<T>(weight, sizeof<T>());
      const w2 = <f64>load<T>(weight, 2 * sizeof<T>());
      const w3 = <f64>load<T>(weight, 3 * sizeof<T>());
      addFourRows<T>(length, w0, w1, w2, w3, row, row + lda, row + 2 * lda, row + 3 * lda, scratch);
      row += 4 * lda;
      weight += 4 * sizeof<T>();
    }
    for (; i > 0; --i) {
      addRow<T>(length, <f64>load<T>(weight), row, scratch);
      row += lda;
      weight += sizeof<T>();
    }
    finishTransposed<T>(length, alpha, scratch, beta, y + <usize>start * sizeof<T>());
  }
}

function finishTransposed<T>(n: i32, alpha: f64, sums: usize, beta: f64, y: usize): void {
  for (; n > 0; --n) {
    const t = alpha * load<f64>(sums);
    store<T>(y, <T>(beta == 0 ? t : beta * <f64>load<T>(y) + t));
    sums += 8;
    y += sizeof<T>();
  }
}
