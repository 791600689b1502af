import { kernelInfo } from '@hyperribbon/kernels/linear';
import { floatArray, materialize, type LinearOperator } from '@hyperribbon/linop';
import { eigh } from '../dense/eigh.js';
import type { EigenReport } from './eigenReport.js';
import { orthogonalityLoss } from './orthogonality.js';
import { reasonText, type Reason } from './reasons.js';
import { endIndices, wantedEnds, type Which } from './which.js';

/** Small orders: n products, after those already `spent`, give the matrix, and all its eigenvalues are computed. */
export async function eigshDense(
  op: LinearOperator,
  k: number,
  which: Which,
  tol: number,
  seed: number,
  spent: number,
  signal?: AbortSignal,
): Promise<EigenReport> {
  const n = op.size;
  const a = await materialize(op);
  signal?.throwIfAborted();
  const eps = op.dtype === 'float32' ? 2 ** -23 : 2 ** -52;
  const { values: all, vectors: rows } = eigh(symmetricPart(a, n), n, { vectors: true }) as {
    values: Float64Array;
    vectors: Float64Array;
  };
  const norm = n === 0 ? 0 : Math.max(Math.abs(all[0]), Math.abs(all[n - 1]));
  const asymmetry = norm === 0 ? skewNorm(a, n) : skewNorm(a, n) / norm;
  const ends = wantedEnds(all, k, which);
  const chosen = endIndices(n, ends.top, ends.bottom);
  const values = Float64Array.from(chosen, (i) => all[i]);
  const vectors = floatArray(op.dtype, chosen.length * n);
  chosen.forEach((i, q) => vectors.set(rows.subarray(i * n, (i + 1) * n), q * n));
  const residualNorms = Float64Array.from(chosen, (i, q) =>
    residualNorm(a, n, all[i], vectors.subarray(q * n, (q + 1) * n), norm),
  );
  const symmetric = asymmetry <= 1e3 * Math.sqrt(n) * eps;
  const floor = 50 * eps;
  const good = residualNorms.every((r) => r <= Math.max(tol, floor) * norm);
  const reason: Reason = !symmetric ? 'not-symmetric' : tol < 8 * eps ? 'noise-floor' : 'converged';
  const resolution = 10 * eps * norm;
  return {
    values,
    vectors,
    residualNorms,
    converged: symmetric && good,
    reason,
    message: reasonText[reason],
    matvecs: spent + n,
    restarts: 0,
    orthogonality: orthogonalityLoss(vectors, chosen.length, n),
    norm,
    asymmetry,
    resolution,
    belowResolution: Uint8Array.from(values, (v) => (Math.abs(v) < resolution ? 1 : 0)),
    completeness: { verified: symmetric && good, method: 'dense', failureProbability: 0, searches: 0, matvecs: 0 },
    seed,
    kernels: kernelInfo(),
  };
}

/** (A + Aᵀ)/2, halves first so that it cannot overflow. */
function symmetricPart(a: Float64Array, n: number): Float64Array {
  const s = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) s[i * n + j] = 0.5 * a[i * n + j] + 0.5 * a[j * n + i];
  return s;
}

/** max |a_ij − a_ji|, a lower bound of ‖A − Aᵀ‖. */
function skewNorm(a: Float64Array, n: number): number {
  let most = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) most = Math.max(most, Math.abs(a[i * n + j] - a[j * n + i]));
  return most;
}

/** ‖A v − λ v‖ without overflow for entries up to ‖A‖. */
function residualNorm(a: Float64Array, n: number, lambda: number, v: ArrayLike<number>, norm: number): number {
  if (norm === 0) return 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    let s = (-lambda / norm) * v[i];
    for (let j = 0; j < n; j++) s += (a[i * n + j] / norm) * v[j];
    squares += s * s;
  }
  return Math.sqrt(squares) * norm;
}
