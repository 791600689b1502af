import { floatArray, type WatchOptions } from '@hyperribbon/contract';
import { kernelInfo } from '@hyperribbon/kernels/linear';
import { materialize, type LinearOperator } from '@hyperribbon/linop';
import { eigh } from '../dense/eigh.js';
import { kernelOptions } from '../dense/eigen.js';
import { maxAbs } from '../dense/powerOfTwo.js';
import type { EigenOptions } from '../dense/eigen.js';
import type { EigenReport } from './eigenReport.js';
import { radiusOf } from './enclosures.js';
import { orthogonalityLoss } from './orthogonality.js';
import type { ResolvedEigshOptions } from './resolveEigshOptions.js';
import type { KnownPairs } from '../factorization/knownPairs.js';
import type { SolverReason } from '@hyperribbon/contract/reasons';
import { valuesPart } from './reportParts.js';
import { endIndices, type Ends, endsBeyond, wantedEnds } from './which.js';

/** How a matrix is formed and solved: on which kernels, after how many products, and what watches and ends it. */
export interface DenseRun extends EigenOptions, WatchOptions {
  readonly spent: number;
}

/** Bytes for a matrix of order n, its symmetric part, and the work of eigh. */
export function denseBytes(n: number): number {
  return 56 * n * n;
}

/** Small orders: n products, after those already `spent`, give the matrix, and all its eigenvalues are computed. @throws AbortError */
export async function eigshDense(
  op: LinearOperator,
  resolved: ResolvedEigshOptions,
  deflate: KnownPairs | undefined,
  { spent, signal, onProgress, ...kernels }: DenseRun,
): Promise<EigenReport> {
  const { k, which, seed, known, threshold: edge } = resolved;
  const { size: n, dtype } = op;
  const a = await materialize(op, { signal, onProgress, caller: 'eigsh' });
  const eps = dtype === 'float32' ? 2 ** -23 : 2 ** -52;
  const { all, rows } = spectrumOf(a, n, deflate, known, kernels);
  const norm = n === 0 ? 0 : Math.max(Math.abs(all[0]), Math.abs(all[n - known - 1]));
  const asymmetry = norm === 0 ? skewNorm(a, n) : skewNorm(a, n) / norm;
  const ends = edge === null ? wantedEnds(all, k, which) : endsBeyond(all, edge, which === 'SA');
  const chosen = endIndices(all.length, Math.min(k, ends.top), Math.min(k, ends.bottom));
  const values = Float64Array.from(chosen, (i) => all[i]);
  const vectors = floatArray(dtype, chosen.length * n);
  chosen.forEach((i, q) => vectors.set(rows.subarray(i * n, (i + 1) * n), q * n));
  const residualNorms = Float64Array.from(chosen, (i, q) =>
    residualNorm(a, n, all[i], vectors.subarray(q * n, (q + 1) * n), norm),
  );
  const { noise, reason, verified } = judge(resolved, { n, eps, norm, asymmetry, residualNorms }, ends);
  const resolution = Math.max(10 * eps, noise > 8 * eps ? noise : 0) * norm;
  // how far eigenvalues of a dense matrix may be off
  const rounding = 30 * eps * norm;
  const gap = Float64Array.from(chosen, (i) =>
    Math.min(i > 0 ? all[i - 1] - all[i] : Infinity, i < all.length - 1 ? all[i] - all[i + 1] : Infinity),
  );
  return {
    ...valuesPart(values, resolution, reason),
    vectors,
    residualNorms,
    converged: verified,
    matvecs: spent + n,
    restarts: 0,
    orthogonality: orthogonalityLoss(vectors, chosen.length, n),
    norm,
    asymmetry,
    enclosures: {
      gap,
      radius: radiusOf(gap, residualNorms, rounding),
      ordered: values.map(() => (verified ? Math.max(rounding, noise * norm) : Infinity)),
    },
    noise,
    completeness: { verified, method: 'dense', failureProbability: 0, searches: 0, matvecs: 0 },
    filter: null,
    seed,
    kernels: kernelInfo(kernelOptions(kernels)),
  };
}

/** Eigenvalues of the symmetric part, descending, without the known ones, and eigenvectors as rows. */
function spectrumOf(
  a: Float64Array,
  n: number,
  deflate: KnownPairs | undefined,
  known: number,
  kernels: EigenOptions,
): { readonly all: Float64Array; readonly rows: Float64Array } {
  const matrix = symmetricPart(a, n);
  if (deflate !== undefined) moveAway(matrix, n, deflate, -3 * frobenius(matrix));
  const { values, vectors } = eigh(matrix, n, { ...kernels, vectors: true });
  // those moved away are the last
  return { all: values.subarray(0, n - known), rows: vectors };
}

interface Measured {
  readonly n: number;
  readonly eps: number;
  readonly norm: number;
  /** relative to the norm */
  readonly asymmetry: number;
  readonly residualNorms: Float64Array;
}

/** What the operator's error is taken for, and what that makes of the list. */
function judge(
  { k, tol, noise, known }: ResolvedEigshOptions,
  { n, eps, norm, asymmetry, residualNorms }: Measured,
  { top, bottom }: Ends,
): { readonly noise: number; readonly reason: SolverReason; readonly verified: boolean } {
  const rounding = 1e3 * Math.sqrt(n) * eps;
  const accepted = noise === undefined ? rounding : noise === 'estimate' ? 0.01 : Math.max(rounding, 10 * noise);
  const measured = noise === undefined ? 8 * eps : Math.max(8 * eps, asymmetry, noise === 'estimate' ? 0 : noise);
  // residuals in A hold what known pairs lack: those found to the same tolerance may leave a few times it
  const limit = Math.max(tol, 50 * eps, measured) * (known > 0 ? 10 : 1) * norm;
  const good = residualNorms.every((r) => r <= limit);
  const verdict = (reason: SolverReason): ReturnType<typeof judge> => ({
    noise: measured,
    reason,
    verified: good && (reason === 'converged' || reason === 'noise-floor'),
  });
  if (!(asymmetry <= accepted)) return verdict('not-symmetric');
  if (top + bottom > k) return verdict('more-than-k');
  if (known > 0 && !good) return verdict('known-pairs');
  return verdict(tol < measured ? 'noise-floor' : 'converged');
}

/** A ← P A P + shift VᵀV with P = I − VᵀV: known pairs get the eigenvalue `shift`, the others keep theirs. */
function moveAway(a: Float64Array, n: number, { values, vectors }: KnownPairs, shift: number): void {
  for (let q = 0; q < values.length; q++) {
    const v = Float64Array.from(vectors.subarray(q * n, (q + 1) * n));
    const w = new Float64Array(n);
    let form = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) w[i] += a[i * n + j] * v[j];
      form += v[i] * w[i];
    }
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) a[i * n + j] += (form + shift) * v[i] * v[j] - v[i] * w[j] - w[i] * v[j];
  }
}

function frobenius(a: Float64Array): number {
  const largest = maxAbs(a);
  if (largest === 0) return 1;
  let s = 0;
  for (const x of a) s += (x / largest) ** 2;
  return largest * Math.sqrt(s);
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
