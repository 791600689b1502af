import type { FloatArray } from '../workspace/workspace.js';

export const CHUNK = 1024;

/** Σ aᵢ bᵢ over a[x...], b[y...] in float64: chunks of 1024, four lanes, see summationOrder.md */
export function rowDot(n: number, a: FloatArray, x: number, b: FloatArray, y: number): number {
  let total = 0;
  for (let start = 0; start < n; start += CHUNK) {
    const length = n - start < CHUNK ? n - start : CHUNK;
    const end = start + length;
    const body = end - (length & 3);
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let i = start;
    for (; i < body; i += 4) {
      s0 += a[x + i]! * b[y + i]!;
      s1 += a[x + i + 1]! * b[y + i + 1]!;
      s2 += a[x + i + 2]! * b[y + i + 2]!;
      s3 += a[x + i + 3]! * b[y + i + 3]!;
    }
    let chunk = s0 + s2 + (s1 + s3);
    for (; i < end; i++) chunk += a[x + i]! * b[y + i]!;
    total += chunk;
  }
  return total;
}

/** Σ aᵢ bᵢ of float32 numbers, 8 products a lane in float32, as gemv and projectionCoefficients of one vector sum: see summationOrder.md */
function groupedDot(n: number, a: FloatArray, x: number, y: number): number {
  let total = 0;
  for (let start = 0; start < n; start += CHUNK) {
    const end = start + (n - start < CHUNK ? n - start : CHUNK);
    let s0 = 0;
    let s1 = 0;
    let i = start;
    for (; i + 32 <= end; i += 32) {
      GROUP.fill(0);
      for (let j = 0; j < 32; j++) {
        const l = j & 3;
        GROUP[l] = GROUP[l]! + Math.fround(a[x + i + j]! * a[y + i + j]!);
      }
      s0 += GROUP[0]! + GROUP[2]!;
      s1 += GROUP[1]! + GROUP[3]!;
    }
    let chunk = s0 + s1;
    for (; i < end; i++) chunk += a[x + i]! * a[y + i]!;
    total += chunk;
  }
  return total;
}

const GROUP = new Float32Array(4);

/** Σ aᵢ in the same order */
export function rowSum(n: number, a: FloatArray, x: number): number {
  let total = 0;
  for (let start = 0; start < n; start += CHUNK) {
    const length = n - start < CHUNK ? n - start : CHUNK;
    const end = start + length;
    const body = end - (length & 3);
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let i = start;
    for (; i < body; i += 4) {
      s0 += a[x + i]!;
      s1 += a[x + i + 1]!;
      s2 += a[x + i + 2]!;
      s3 += a[x + i + 3]!;
    }
    let chunk = s0 + s2 + (s1 + s3);
    for (; i < end; i++) chunk += a[x + i]!;
    total += chunk;
  }
  return total;
}

/** Σ aᵢ bᵢ with one vector, in the order of the storage type: see summationOrder.md */
export function dotWithOne(n: number, a: FloatArray, x: number, y: number): number {
  return a.BYTES_PER_ELEMENT === 4 ? groupedDot(n, a, x, y) : rowDot(n, a, x, a, y);
}

/** sums ← sums + w · (n numbers of a from `row` on) */
export function addScaledRow(n: number, w: number, a: FloatArray, row: number, sums: FloatArray): void {
  for (let j = 0; j < n; j++) sums[j] = sums[j]! + w * a[row + j]!;
}
