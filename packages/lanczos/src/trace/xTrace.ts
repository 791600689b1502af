import type { FloatArray } from '@hyperribbon/kernels';
import { doubt } from '../density/estimate.js';
import type { Sampling } from './multiply.js';
import { dot, isNothing, type Sketch, sketchRange, squaresOutside } from './sketch.js';

/**
 * XTrace [epperly2024, Alg. 1.2]: every probe in turn is the test vector while all others sketch the range; the leave-one-out bases
 * come from one QR, by removing one direction s each.
 *
 * Residuals are normalised: their length is known in the mean, which lowers the variance.
 * @returns samples/2 exchangeable estimates, whose mean is the estimate and whose spread its error, and the largest standard deviation they can have
 */
export async function xTrace({
  multiply,
  draw,
  normal,
  n,
  samples,
}: Sampling): Promise<[terms: Float64Array, deviation: number]> {
  const omega = draw(Math.min(n, Math.floor(samples / 2)), 0);
  const sketch = await sketchRange(multiply, omega, n); //                      1, 2, 3
  const { b, y, q, r, z, rank, eps, without } = sketch;
  const h = rowsTimesRows(q, z, b, n); //                                       H = Qᵀ A Q
  const w = rowsTimesRows(omega, q, b, n); //                                   row i: coefficients of ωᵢ in Q
  let trace = 0;
  for (let i = 0; i < b; i++) trace += h[i * b + i];
  const terms = new Float64Array(b);
  let squares = 0;
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
    squares += restSquares(sketch, y.slice(i * n, (i + 1) * n), u, s, n) / b;
  }
  if (isNothing(squares, sketch, n) && doubt(b) > 0) squares = await squaresOutside(multiply, sketch, normal(), n);
  return [terms, Math.sqrt(2 * squares)];
}

/** ‖(I − PᵀP) A (I − PᵀP) ω‖² with P the rows Q without the direction s, from A ω, which is overwritten, and u = P ω as coefficients in Q. */
function restSquares({ b, q, z }: Sketch, x: FloatArray, u: Float64Array, s: Float64Array, n: number): number {
  for (let j = 0; j < b; j++) for (let c = 0; c < n; c++) x[c] -= u[j] * z[j * n + c];
  const inside = Float64Array.from({ length: b }, (_, j) => dot(x, q.subarray(j * n), n));
  const along = dot(inside, s, b);
  let squares = 0;
  for (let j = 0; j < b; j++) {
    const inQ = inside[j] - along * s[j];
    for (let c = 0; c < n; c++) x[c] -= inQ * q[j * n + c];
  }
  for (let c = 0; c < n; c++) squares += x[c] * x[c];
  return squares;
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
