import type { FloatArray } from '@hyperribbon/kernels';
import { orthonormalRows } from './orthonormalRows.js';
import type { Multiply } from './multiply.js';

/**
 * XTrace [epperly2024, Alg. 1.2]: every probe in turn is the test vector while all others sketch the range; the leave-one-out bases
 * come from one QR, by removing one direction s each.
 *
 * Residuals are normalised: their length is known in the mean, which lowers the variance.
 * @returns samples/2 exchangeable estimates; their mean is the estimate, their spread its error
 */
export async function xTrace(
  multiply: Multiply,
  draw: (b: number, first: number) => FloatArray,
  n: number,
  samples: number,
  eps: number,
): Promise<Float64Array> {
  const b = Math.min(n, Math.floor(samples / 2));
  const omega = draw(b, 0);
  const y = await multiply(omega, b); //                                        1: rows of Y are A ωᵢ
  const q = y.slice();
  const r = orthonormalRows(q, b, n, eps); //                                   2: Y = R Q, R lower
  const z = await multiply(q, b); //                                            3: Z = A Q
  const h = rowsTimesRows(q, z, b, n); //                                       H = Qᵀ A Q
  const w = rowsTimesRows(omega, q, b, n); //                                   row i: coefficients of ωᵢ in Q
  let trace = 0;
  for (let i = 0; i < b; i++) trace += h[i * b + i];
  const terms = new Float64Array(b);
  // dependent products: the range is spanned whichever probe is left out, so no direction goes with it
  let rank = 0;
  for (let i = 0; i < b; i++) if (r[i * b + i] > 0) rank++;
  for (let i = 0; i < b; i++) {
    const s = rank < b ? new Float64Array(b) : leaveOutDirection(r, b, i);
    const wi = w.subarray(i * b, (i + 1) * b);
    const sw = dot(s, wi, b);
    const u = wi.map((x, j) => x - sw * s[j]);
    const row = omega.subarray(i * n, (i + 1) * n);
    const length = dot(row, row, n) - dot(u, u, b);
    const quadratic =
      dot(row, y.subarray(i * n, (i + 1) * n), n) - 2 * dot(u, r.subarray(i * b, (i + 1) * b), b) + form(h, u, u, b);
    const dimension = n - (rank < b ? rank : b - 1);
    // no length left: the other probes span the whole space
    const factor = length > 100 * eps * n ? dimension / length : 0;
    terms[i] = trace - form(h, s, s, b) + factor * quadratic; //                4
  }
  return terms;
}

/** Unit vector orthogonal to all rows of lower-triangular R but row i: solves R x = eᵢ. */
export function leaveOutDirection(r: Float64Array, b: number, i: number): Float64Array {
  const x = new Float64Array(b);
  for (let j = 0; j < b; j++) {
    let s = j === i ? 1 : 0;
    for (let c = 0; c < j; c++) s -= r[j * b + c] * x[c];
    x[j] = s / r[j * b + j];
  }
  const length = Math.sqrt(dot(x, x, b));
  return x.map((v) => v / length);
}

function rowsTimesRows(x: FloatArray, y: FloatArray, b: number, n: number): Float64Array {
  const out = new Float64Array(b * b);
  for (let i = 0; i < b; i++) {
    for (let j = 0; j < b; j++) out[i * b + j] = dot(x.subarray(i * n, (i + 1) * n), y.subarray(j * n, (j + 1) * n), n);
  }
  return out;
}

function form(h: Float64Array, x: ArrayLike<number>, y: ArrayLike<number>, b: number): number {
  let s = 0;
  for (let i = 0; i < b; i++) for (let j = 0; j < b; j++) s += x[i] * h[i * b + j] * y[j];
  return s;
}

function dot(x: ArrayLike<number>, y: ArrayLike<number>, n: number): number {
  let s = 0;
  for (let i = 0; i < n; i++) s += x[i] * y[i];
  return s;
}
