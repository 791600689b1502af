import type { FloatArray } from '@hyperribbon/kernels';
import type { Draw, Multiply } from './multiply.js';
import { dot, sketchRange } from './sketch.js';

/**
 * XTrace [epperly2024, Alg. 1.2]: every probe in turn is the test vector while all others sketch the range; the leave-one-out bases
 * come from one QR, by removing one direction s each.
 *
 * Residuals are normalised: their length is known in the mean, which lowers the variance.
 * @returns samples/2 exchangeable estimates; their mean is the estimate, their spread its error
 */
export async function xTrace(multiply: Multiply, draw: Draw, n: number, samples: number): Promise<Float64Array> {
  const omega = draw(Math.min(n, Math.floor(samples / 2)), 0);
  const { b, y, q, r, z, rank, eps, without } = await sketchRange(multiply, omega, n); // 1, 2, 3
  const h = rowsTimesRows(q, z, b, n); //                                       H = Qᵀ A Q
  const w = rowsTimesRows(omega, q, b, n); //                                   row i: coefficients of ωᵢ in Q
  let trace = 0;
  for (let i = 0; i < b; i++) trace += h[i * b + i];
  const terms = new Float64Array(b);
  for (let i = 0; i < b; i++) {
    const s = without(i);
    const wi = w.subarray(i * b, (i + 1) * b);
    const sw = dot(s, wi, b);
    const u = wi.map((x, j) => x - sw * s[j]);
    const row = omega.subarray(i * n, (i + 1) * n);
    const length = dot(row, row, n) - dot(u, u, b);
    const quadratic = dot(row, y.subarray(i * n), n) - 2 * dot(u, r.subarray(i * b), b) + form(h, u, u, b);
    const dimension = n - (rank < b ? rank : b - 1);
    // no length left: the other probes span the whole space
    const factor = length > 100 * eps * n ? dimension / length : 0;
    terms[i] = trace - form(h, s, s, b) + factor * quadratic; //                4
  }
  return terms;
}

function rowsTimesRows(x: FloatArray, y: FloatArray, b: number, n: number): Float64Array {
  const out = new Float64Array(b * b);
  for (let i = 0; i < b; i++) {
    for (let j = 0; j < b; j++) out[i * b + j] = dot(x.subarray(i * n), y.subarray(j * n), n);
  }
  return out;
}

function form(h: Float64Array, x: ArrayLike<number>, y: ArrayLike<number>, b: number): number {
  let s = 0;
  for (let i = 0; i < b; i++) for (let j = 0; j < b; j++) s += x[i] * h[i * b + j] * y[j];
  return s;
}
