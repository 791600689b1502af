import type { FloatArray } from '@hyperribbon/kernels';
import type { Multiply } from './multiply.js';

/** The range of A as b probes see it; matrices row-major, (b, n) where nothing else is said. */
export interface Sketch {
  readonly b: number;
  /** rows A ωᵢ = R Q: Q with orthonormal rows, R (b, b) lower triangular */
  readonly y: FloatArray;
  readonly q: FloatArray;
  readonly r: Float64Array;
  /** A Q */
  readonly z: FloatArray;
  readonly rank: number;
  /** rounding unit of these numbers */
  readonly eps: number;
  /** the unit vector s (b,) with Q s orthogonal to A ωⱼ for all j but i; zero where products depend on each other: the range is spanned whichever is left out */
  without(i: number): Float64Array;
}

/** Sketches the range of A with probes ω, (b, n). Cost: 2 b products. */
export async function sketchRange(multiply: Multiply, omega: FloatArray, n: number): Promise<Sketch> {
  const b = omega.length / n;
  const eps = omega.BYTES_PER_ELEMENT === 4 ? 2 ** -23 : 2 ** -52;
  const y = await multiply(omega, b);
  const q = y.slice();
  const r = orthonormalRows(q, b, n, eps);
  const z = await multiply(q, b);
  let rank = 0;
  for (let i = 0; i < b; i++) if (r[i * b + i] > 0) rank++;
  const without = (i: number): Float64Array => (rank < b ? new Float64Array(b) : leaveOutDirection(r, b, i));
  return { b, y, q, r, z, rank, eps, without };
}

/**
 * rows (b, n) = R Q in place, Q with orthonormal rows, R (b, b) lower triangular: modified Gram-Schmidt, each row twice.
 * A row that depends on those before it becomes zero, and so does its diagonal of R.
 */
function orthonormalRows(rows: FloatArray, b: number, n: number, eps: number): Float64Array {
  const r = new Float64Array(b * b);
  for (let i = 0; i < b; i++) {
    const row = rows.subarray(i * n, (i + 1) * n);
    const start = Math.sqrt(dot(row, row, n));
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) r[i * b + j] += takeOut(row, rows.subarray(j * n, (j + 1) * n), n);
    }
    const left = Math.sqrt(dot(row, row, n));
    const kept = left > 100 * eps * start;
    r[i * b + i] = kept ? left : 0;
    for (let c = 0; c < n; c++) row[c] = kept ? row[c] / left : 0;
  }
  return r;
}

/** x ← x − (x·unit) unit; returns x·unit. */
export function takeOut(x: FloatArray, unit: FloatArray, n: number): number {
  const s = dot(x, unit, n);
  for (let c = 0; c < n; c++) x[c] -= s * unit[c];
  return s;
}

/**
 * ‖(I − QᵀQ) A (I − QᵀQ) g‖² of a vector g of normal numbers, which is overwritten: what of A lies outside the range as sketched. Cost: one product.
 */
export async function squaresOutside(multiply: Multiply, sketch: Sketch, g: FloatArray, n: number): Promise<number> {
  const y = outside(sketch, await multiply(outside(sketch, g, n), 1), n);
  return dot(y, y, n);
}

/** x ← (I − QᵀQ) x */
export function outside({ b, q }: Sketch, x: FloatArray, n: number): FloatArray {
  for (let j = 0; j < b; j++) takeOut(x, q.subarray(j * n, (j + 1) * n), n);
  return x;
}

/** Whether ‖(I − QᵀQ) A x‖² is rounding, beside A in the range. */
export function isNothing(squares: number, { b, z, eps }: Sketch, n: number): boolean {
  return squares <= (100 * eps) ** 2 * dot(z, z, b * n);
}

/** Unit vector orthogonal to all rows of lower-triangular R but row i: solves R x = eᵢ. */
function leaveOutDirection(r: Float64Array, b: number, i: number): Float64Array {
  const x = new Float64Array(b);
  for (let j = 0; j < b; j++) {
    let s = j === i ? 1 : 0;
    for (let c = 0; c < j; c++) s -= r[j * b + c] * x[c];
    x[j] = s / r[j * b + j];
  }
  const length = Math.sqrt(dot(x, x, b));
  return x.map((v) => v / length);
}

export function dot(x: ArrayLike<number>, y: ArrayLike<number>, n: number): number {
  let s = 0;
  for (let i = 0; i < n; i++) s += x[i] * y[i];
  return s;
}
