import { requireFiniteEntries, requireFloatArray, requireInteger, requireOptions } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels/linear';
import { exponentOf, maxAbs, scaleByPower } from './powerOfTwo.js';

export interface QrOptions {
  /** take the column of the largest remainder next; default false */
  readonly pivot?: boolean;
}

/** A P = Q R. */
export interface Qr {
  /** (m, k) row-major, k = min(m, n): orthonormal columns */
  readonly q: Float64Array;
  /** (k, n) row-major, upper triangular; with `pivot` its diagonal descends in magnitude */
  readonly r: Float64Array;
  /** (n,) column j of A P is column pivots[j] of A */
  readonly pivots: Int32Array;
}

/** squares of a column, in a matrix with entries of order one, that count as zero */
const NOTHING = 1e-280;

/**
 * Householder reduction of a matrix to a triangle, A P = Q R, with the columns in their order or by pivoting.
 *
 * @param a (m, n) row-major, unchanged
 * @throws ArgumentError, ArgumentTypeError for an array of another length or entries that are not finite
 * Cost: 4 m n k − 4/3 k³ flops, k = min(m, n), Q included; 2 m n numbers.
 * @example
 * const { q, r } = qr(Float64Array.of(3, 1, 4, 2), 2, 2);
 * r; // [−5, −2.2, 0, 0.4] up to rounding: R, of which the signs are those of the reflections
 * Source: [golub2013, Alg. 5.2.1, 5.4.1].
 */
export function qr(a: FloatArray, m: number, n: number, options: QrOptions = {}): Qr {
  requireOptions('qr', options);
  requireInteger('qr', 'm', m, 0);
  requireInteger('qr', 'n', n, 0);
  requireFloatArray('qr', 'a', a, m * n);
  requireFiniteEntries('qr', 'a', a);
  const exponent = exponentOf(maxAbs(a));
  const k = Math.min(m, n);
  // columns of A as rows, which are contiguous
  const columns = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) columns[j * m + i] = a[i * n + j];
  scaleByPower(columns, -exponent);
  const pivots = Int32Array.from({ length: n }, (_, j) => j);
  const tau = new Float64Array(k);
  const diagonal = new Float64Array(k);
  for (let step = 0; step < k; step++) {
    if (options.pivot === true) bringForward(columns, pivots, m, n, step);
    diagonal[step] = reflector(columns, tau, m, step);
    for (let j = step + 1; j < n; j++) reflect(columns, tau, m, step, columns, j * m);
  }
  const r = new Float64Array(k * n);
  for (let j = 0; j < n; j++) for (let i = 0; i < Math.min(j, k); i++) r[i * n + j] = columns[j * m + i];
  for (let i = 0; i < k; i++) r[i * n + i] = diagonal[i];
  // columns of Q as rows
  const turned = new Float64Array(k * m);
  for (let i = 0; i < k; i++) turned[i * m + i] = 1;
  for (let i = 0; i < k; i++) for (let step = k - 1; step >= 0; step--) reflect(columns, tau, m, step, turned, i * m);
  const q = new Float64Array(m * k);
  for (let i = 0; i < k; i++) for (let t = 0; t < m; t++) q[t * k + i] = turned[i * m + t];
  return { q, r: scaleByPower(r, exponent), pivots };
}

/** Column `step` becomes the one with the most left below row `step`; the first of equals. */
function bringForward(columns: Float64Array, pivots: Int32Array, m: number, n: number, step: number): void {
  let [best, most] = [step, -1];
  for (let j = step; j < n; j++) {
    let squares = 0;
    for (let i = step; i < m; i++) squares += columns[j * m + i] * columns[j * m + i];
    if (squares > most) [best, most] = [j, squares];
  }
  if (best === step) return;
  const kept = columns.slice(step * m, (step + 1) * m);
  columns.copyWithin(step * m, best * m, (best + 1) * m);
  columns.set(kept, best * m);
  [pivots[step], pivots[best]] = [pivots[best], pivots[step]];
}

/** The reflector of column `step`, kept below its diagonal, whose entry is returned. tau 0: nothing to reflect. */
function reflector(columns: Float64Array, tau: Float64Array, m: number, step: number): number {
  const at = step * m;
  const alpha = columns[at + step];
  let squares = 0;
  for (let i = step + 1; i < m; i++) squares += columns[at + i] * columns[at + i];
  if (squares < NOTHING) {
    columns.fill(0, at + step + 1, at + m);
    return alpha;
  }
  const norm = Math.sqrt(alpha * alpha + squares);
  const beta = alpha > 0 ? -norm : norm;
  tau[step] = (beta - alpha) / beta;
  for (let i = step + 1; i < m; i++) columns[at + i] /= alpha - beta;
  return beta;
}

/** x ← (1 − tau v vᵀ) x for the (m,) numbers of `target` from `start` on. */
function reflect(
  columns: Float64Array,
  tau: Float64Array,
  m: number,
  step: number,
  target: Float64Array,
  start: number,
): void {
  if (tau[step] === 0) return;
  const v = step * m;
  let s = target[start + step];
  for (let i = step + 1; i < m; i++) s += columns[v + i] * target[start + i];
  s *= tau[step];
  target[start + step] -= s;
  for (let i = step + 1; i < m; i++) target[start + i] -= s * columns[v + i];
}
