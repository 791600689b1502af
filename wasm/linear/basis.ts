// Block orthogonalisation against a basis, and its rotation: few long rows, sums in float64 (orders: packages/kernels/src/summationOrder.md).
// The long dimension goes by in blocks: a block of Q is read from memory once and serves all vectors while it is in cache.
// Any alignment; outputs overlap no inputs. scratch: 16-aligned, SCRATCH_BYTES of packages/kernels/src/modules/linearTable.ts.
// 2 flops per element of Q and vector; bytes: Q once per group of vectors (16; sums of rows: all, and once more for each of r mod 4).
// Twin: src/twin/basis.ts.
import { CHUNK } from './rowDot';
import { addFourRows, addFourRows32, combinePanel, packPanels, put, subtract32 } from './rowCombination';
import { addStretchDots, AREA, COLUMNS } from './stretchDots';
import { widenRow } from './widen';

// projectionCoefficients: 8 chunks of 16 widened vectors (1 MiB); 4 rows of a chunk of Q widened for use by several vectors.
const STRETCH: i32 = 8192;
// One vector needs no widening: in long pieces memory is read ahead, and a piece of it stays in the L2 cache while all rows of Q pass by.
// Both sweeps over 40 rows of 269,322 in float32 take 0.72 to 0.80 of the time that pieces of 8,192 and 2,048 took, on an AMD EPYC (Zen 4).
const LONG: i32 = 65536;
const VECTORS: i32 = 16;
// Sums of several rows: 256 columns of Q widened into panels (1 MiB at 512 rows).
const PANELS: i32 = 256;

export function projectionCoefficients32(
  k: i32,
  b: i32,
  n: i32,
  q: usize,
  ldq: i32,
  x: usize,
  ldx: i32,
  c: usize,
  scratch: usize,
): void {
  projectionCoefficients<f32>(k, b, n, q, ldq << 2, x, ldx << 2, c, scratch);
}

export function projectionCoefficients64(
  k: i32,
  b: i32,
  n: i32,
  q: usize,
  ldq: i32,
  x: usize,
  ldx: i32,
  c: usize,
  scratch: usize,
): void {
  projectionCoefficients<f64>(k, b, n, q, ldq << 3, x, ldx << 3, c, scratch);
}

export function subtractProjection32(
  k: i32,
  b: i32,
  n: i32,
  q: usize,
  ldq: i32,
  x: usize,
  ldx: i32,
  c: usize,
  scratch: usize,
): void {
  if (b > 1) combineRows<f32>(k, b, n, c, q, ldq << 2, x, ldx << 2, 1, scratch);
  else subtractRows32(k, n, c, q, ldq << 2, x, scratch);
}

export function subtractProjection64(
  k: i32,
  b: i32,
  n: i32,
  q: usize,
  ldq: i32,
  x: usize,
  ldx: i32,
  c: usize,
  scratch: usize,
): void {
  combineRows<f64>(k, b, n, c, q, ldq << 3, x, ldx << 3, 1, scratch);
}

export function rotateBasis32(
  k: i32,
  r: i32,
  n: i32,
  s: usize,
  q: usize,
  ldq: i32,
  out: usize,
  ldout: i32,
  scratch: usize,
): void {
  combineRows<f32>(k, r, n, s, q, ldq << 2, out, ldout << 2, 0, scratch);
}

export function rotateBasis64(
  k: i32,
  r: i32,
  n: i32,
  s: usize,
  q: usize,
  ldq: i32,
  out: usize,
  ldout: i32,
  scratch: usize,
): void {
  combineRows<f64>(k, r, n, s, q, ldq << 3, out, ldout << 3, 0, scratch);
}

// From here on leading dimensions are in bytes.

function projectionCoefficients<T>(
  k: i32,
  b: i32,
  n: i32,
  q: usize,
  ldq: usize,
  x: usize,
  ldx: usize,
  c: usize,
  scratch: usize,
): void {
  memory.fill(c, 0, (<usize>(k * b)) << 3);
  const stride = (<usize>b) << 3;
  for (let first = 0; first < b; first += VECTORS) {
    const vectors = min(VECTORS, b - first);
    const stretch = b == 1 ? LONG : STRETCH;
    for (let start = 0; start < n; start += stretch) {
      const length = min(stretch, n - start);
      const offset = <usize>start * sizeof<T>();
      if (b > 1) {
        for (let j = 0; j < vectors; ++j) {
          widenRow<T>(length, x + <usize>(first + j) * ldx + offset, scratch + ((<usize>j * STRETCH) << 3));
        }
      }
      for (let i = 0; i < k; i += 4) {
        const rows = min(4, k - i);
        const from = q + <usize>i * ldq + offset;
        const at = c + <usize>i * stride + ((<usize>first) << 3);
        if (b == 1) addStretchDots<T>(rows, length, from, ldq, x + offset, at, stride, scratch);
        else addBlockDots<T>(rows, vectors, length, from, ldq, scratch, at, stride);
      }
    }
  }
}

// Several vectors: 4 rows of a chunk of Q are widened once and meet every vector.
function addBlockDots<T>(
  rows: i32,
  vectors: i32,
  n: i32,
  q: usize,
  ldq: usize,
  x: usize,
  c: usize,
  stride: usize,
): void {
  const wide = x + AREA;
  const chunkBytes = (<usize>CHUNK) << 3;
  for (; n > 0; n -= CHUNK) {
    const length = min(n, CHUNK);
    for (let row = 0; row < rows; ++row) widenRow<T>(length, q + <usize>row * ldq, wide + <usize>row * chunkBytes);
    for (let j = 0; j < vectors; ++j) {
      addStretchDots<f64>(
        rows,
        length,
        wide,
        chunkBytes,
        x + ((<usize>j * STRETCH) << 3),
        c + ((<usize>j) << 3),
        stride,
        wide + 4 * chunkBytes,
      );
    }
    q += <usize>CHUNK * sizeof<T>();
    x += chunkBytes;
  }
}

// out_j ← Σ_i w_ij q_i (subtract = 0) or out_j ← out_j − Σ_i w_ij q_i (1), w float64 (k, r)
function combineRows<T>(
  k: i32,
  r: i32,
  n: i32,
  w: usize,
  q: usize,
  ldq: usize,
  out: usize,
  ldout: usize,
  subtract: i32,
  scratch: usize,
): void {
  const stride = (<usize>r) << 3;
  const width = min(PANELS, ((<i32>AREA) >> 3) / max(k, 1)) & ~3;
  const body = r < 4 || width == 0 ? 0 : n & ~3;
  const fours = r & ~3;
  for (let start = 0; start < body; start += width) {
    const length = min(width, body - start);
    packPanels<T>(k, length, q + <usize>start * sizeof<T>(), ldq, scratch);
    for (let column = 0; column < length; column += 4) {
      const panel = scratch + ((<usize>column * k) << 3);
      const to = out + <usize>(start + column) * sizeof<T>();
      for (let j = 0; j < fours; ++j) {
        const sums = scratch + AREA + ((<usize>(j & 3)) << 5);
        if ((j & 3) == 0) combinePanel(k, panel, w + ((<usize>j) << 3), stride, sums);
        put<T>(4, sums, to + <usize>j * ldout, subtract);
      }
    }
  }
  // the columns and outputs that are left
  for (let j = 0; j < r; ++j) {
    for (let start = j < fours ? body : 0; start < n; start += COLUMNS) {
      const length = min(COLUMNS, n - start);
      const offset = <usize>start * sizeof<T>();
      memory.fill(scratch, 0, (<usize>length) << 3);
      addWeightedRows<T, f64>(k, length, w + ((<usize>j) << 3), stride, q + offset, ldq, scratch);
      put<T>(length, scratch, out + <usize>j * ldout + offset, subtract);
    }
  }
}

// One vector: x ← x − Σ w_i q_i with the sums in float32
function subtractRows32(k: i32, n: i32, w: usize, q: usize, ldq: usize, x: usize, scratch: usize): void {
  for (let start = 0; start < n; start += LONG) {
    const length = min(LONG, n - start);
    memory.fill(scratch, 0, (<usize>length) << 2);
    addWeightedRows<f32, f32>(k, length, w, 8, q, ldq, scratch);
    subtract32(length, scratch, x);
    q += LONG << 2;
    x += LONG << 2;
  }
}

// One output: rows without weight are not read. The list holds up to 4 rows: address, weight. S: dtype of the sums.
function addWeightedRows<T, S>(k: i32, n: i32, w: usize, stride: usize, q: usize, ldq: usize, sums: usize): void {
  const list = sums + AREA;
  let end = list;
  for (; k > 0; --k) {
    const weight = load<f64>(w);
    if (weight != 0) {
      store<u32>(end, <u32>q);
      store<f64>(end, weight, 8);
      end += 16;
    }
    if (end == list + 64 || (k == 1 && end > list)) {
      // the last row without weight in places left over
      for (; end < list + 64; end += 16) {
        store<u32>(end, load<u32>(end - 16));
        store<f64>(end, 0, 8);
      }
      const q0 = <usize>load<u32>(list);
      const q1 = <usize>load<u32>(list, 16);
      const q2 = <usize>load<u32>(list, 32);
      const q3 = <usize>load<u32>(list, 48);
      const w0 = load<f64>(list, 8);
      const w1 = load<f64>(list, 24);
      const w2 = load<f64>(list, 40);
      const w3 = load<f64>(list, 56);
      if (sizeof<S>() == 4) addFourRows32(n, <f32>w0, <f32>w1, <f32>w2, <f32>w3, q0, q1, q2, q3, sums);
      else addFourRows<T>(n, w0, w1, w2, w3, q0, q1, q2, q3, sums);
      end = list;
    }
    w += stride;
    q += ldq;
  }
}
