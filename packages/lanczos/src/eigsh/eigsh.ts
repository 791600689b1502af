import { OutOfMemoryError, type FloatArray } from '@hyperribbon/kernels/linear';
import { assertOperator, type LinearOperator } from '@hyperribbon/linop';
import { factorizationBytes, KrylovFactorization } from '../factorization/krylovFactorization.js';
import { eigshDense } from './eigshDense.js';
import { restoreSolver, saveSolver } from './checkpoint.js';
import { pacer } from './pacer.js';
import { AbortError } from './abortError.js';
import type { EigenReport } from './eigenReport.js';
import { searchReport } from './searchReport.js';
import { EigenSolver } from './solver.js';
import type { Which } from './which.js';

export interface EigshOptions {
  /** how many eigenvalues, 1..n */
  readonly k: number;
  /** 'LA' largest (default), 'SA' smallest, 'LM' largest in magnitude, 'BE' both ends */
  readonly which?: Which;
  /** residual and value error that count as converged, relative to ‖A‖; default 1e-8 for float64, 1e-5 for float32 */
  readonly tol?: number;
  /** names the random vectors; default 0 */
  readonly seed?: number;
  /** most products; default max(3000, 100 k) */
  readonly maxMatvecs?: number;
  /** vectors kept while searching; default max(2k + 20, 40) */
  readonly basisSize?: number;
  /** random vectors to start with; default 1: the block grows by itself when multiplicity shows */
  readonly blockSize?: number;
  /** start vector (n,) instead of a random one */
  readonly v0?: FloatArray;
  /** probability that a wrong list is called converged, in (0, 1); default 1e-4 */
  readonly failureProbability?: number;
  /** largest n for which a search that used n products gives way to n products that form the matrix; default 1024 */
  readonly denseBelow?: number;
  readonly deterministic?: boolean;
  readonly engine?: 'wasm' | 'typescript';
  /** most bytes to reserve; more is refused with the number; default 2^32 − 65536 */
  readonly memoryLimit?: number;
  /** a state that onCheckpoint received: continues that run, with the same bits as if it had not been interrupted */
  readonly resume?: Uint8Array;
  /** products between calls of onCheckpoint; default 0: only when the run ends without being done, or is aborted */
  readonly checkpointEvery?: number;
  readonly onCheckpoint?: (state: Uint8Array) => void;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: EigshProgress) => void;
}

export interface EigshProgress {
  readonly phase: 'search' | 'verification';
  readonly matvecs: number;
  /** wanted pairs whose residual is below the tolerance at the last check */
  readonly convergedPairs: number;
  readonly restarts: number;
  readonly elapsedMs: number;
  /** products and time left if the search goes on converging as it does; null when there is no trend, as while verifying */
  readonly matvecsLeft: number | null;
  readonly msLeft: number | null;
}

/**
 * The k wanted eigenvalues of a symmetric operator, with multiplicity, or the statement that they were not obtained.
 *
 * @param op symmetric operator (n, n)
 * @param options see {@link EigshOptions}; `tol` is relative to ‖A‖
 * @throws RangeError, TypeError for bad arguments; NonFiniteError, OperatorError when a product fails
 * Cost: products as reported; (basisSize + 40 %) n numbers of memory; 8 basisSize n flops per product.
 * @example
 * const A = fromMatvec(n, (x, out) => { for (let i = 0; i < n; i++) out[i] = 2 * x[i] - (x[i - 1] ?? 0) - (x[i + 1] ?? 0); });
 * const { values, residualNorms, converged, reason } = await eigsh(A, { k: 5, which: 'LA', seed: 1 });
 * Source: thick-restart Lanczos [wu2000], band Lanczos [ruhe1979], completeness: own construction, see certificate.ts.
 */
export async function eigsh(op: LinearOperator, options: EigshOptions): Promise<EigenReport> {
  assertOperator(op, 'eigsh');
  const n = op.size;
  const float32 = op.dtype === 'float32';
  const { k, which = 'LA', tol = float32 ? 1e-5 : 1e-8, seed = 0, blockSize = 1, v0, signal, onProgress } = options;
  const { denseBelow = 1024, memoryLimit = 2 ** 32 - 65536, resume, checkpointEvery = 0, onCheckpoint } = options;
  const { maxMatvecs = Math.max(3000, 100 * k), failureProbability = 1e-4 } = options;
  assertOptions(n, k, which, tol, maxMatvecs, blockSize, failureProbability);
  signal?.throwIfAborted();
  const basisSize = basisSizeOf(options);
  if (n <= basisSize + reserveOf(basisSize) && resume === undefined && maxMatvecs >= n)
    return eigshDense(op, k, which, tol, seed, 0, signal);
  const { capacity, bytes } = estimateEigsh(op, options);
  if (bytes > memoryLimit) {
    throw new OutOfMemoryError(
      `eigsh: ${bytes} bytes needed (${capacity} vectors of n=${n}), limit ${memoryLimit}; lower basisSize or k`,
      bytes,
    );
  }
  const f = new KrylovFactorization(op, {
    capacity,
    seed,
    sign: which === 'SA' ? -1 : 1,
    caller: 'eigsh',
    ...(options.deterministic === undefined ? {} : { deterministic: options.deterministic }),
    ...(options.engine === undefined ? {} : { engine: options.engine }),
  });
  const inner: Which = which === 'SA' ? 'LA' : which;
  const solver = new EigenSolver(f, { k, which: inner, tol, failureProbability, basisSize });
  if (resume !== undefined) restoreSolver(solver, resume);
  else {
    if (v0 !== undefined) f.append(v0);
    for (let i = f.candidates; i < blockSize; i++) f.appendRandom();
  }
  const pause = pacer();
  const start = performance.now();
  const before = f.guard.calls;
  let saved = before;
  while (solver.done === null && f.guard.calls < maxMatvecs) {
    // a spectrum too dense for Krylov vectors: after n products, n more settle it for good
    if (n <= denseBelow && f.guard.calls >= n && f.guard.calls + n <= maxMatvecs) {
      return eigshDense(op, k, which, tol, seed, f.guard.calls, signal);
    }
    await solver.step();
    if ((await pause()) && onProgress !== undefined) onProgress(progressOf(solver, performance.now() - start, before));
    if (signal?.aborted === true) {
      onCheckpoint?.(saveSolver(solver));
      throw new AbortError('eigsh', signal.reason, searchReport(solver, k, inner, seed, 'aborted', failureProbability));
    }
    if (onCheckpoint !== undefined && checkpointEvery > 0 && f.guard.calls - saved >= checkpointEvery) {
      saved = f.guard.calls;
      onCheckpoint(saveSolver(solver));
    }
  }
  if (solver.done === null) onCheckpoint?.(saveSolver(solver));
  return searchReport(solver, k, inner, seed, null, failureProbability);
}

/** What a run will reserve and do, known before it starts: vectors kept, bytes of workspace, flops around each product. */
export function estimateEigsh(
  op: LinearOperator,
  options: Pick<EigshOptions, 'k' | 'basisSize' | 'blockSize'>,
): { readonly capacity: number; readonly bytes: number; readonly flopsPerMatvec: number } {
  const basisSize = basisSizeOf(options);
  const capacity = Math.min(op.size + 2, basisSize + reserveOf(basisSize) + 1);
  return { capacity, bytes: factorizationBytes(op, capacity), flopsPerMatvec: 8 * basisSize * op.size };
}

function basisSizeOf({ k, basisSize, blockSize = 1 }: Pick<EigshOptions, 'k' | 'basisSize' | 'blockSize'>): number {
  return Math.max(k + 2 * blockSize + 2, basisSize ?? Math.max(2 * k + 20, 40));
}

/** Rows beyond the basis that a verification may use. */
function reserveOf(basisSize: number): number {
  return Math.max(12, Math.ceil(0.4 * basisSize));
}

function progressOf(solver: EigenSolver, elapsedMs: number, before: number): EigshProgress {
  const matvecs = solver.f.guard.calls;
  const { matvecsLeft } = solver;
  return {
    phase: solver.verifying ? 'verification' : 'search',
    matvecs,
    convergedPairs: solver.wantedConverged,
    restarts: solver.restarts,
    elapsedMs,
    matvecsLeft,
    msLeft: matvecsLeft === null ? null : (matvecsLeft * elapsedMs) / Math.max(1, matvecs - before),
  };
}

function assertOptions(
  n: number,
  k: number,
  which: Which,
  tol: number,
  maxMatvecs: number,
  blockSize: number,
  failureProbability: number,
): void {
  if (!Number.isInteger(k) || k < (n === 0 ? 0 : 1) || k > n)
    throw new RangeError(`eigsh: k must be in [1, n], got k=${k}, n=${n}`);
  if (!['LA', 'SA', 'LM', 'BE'].includes(which))
    throw new RangeError(`eigsh: which must be LA, SA, LM or BE, got ${which}`);
  if (!(tol >= 0 && tol < 1)) throw new RangeError(`eigsh: tol must be in [0, 1), got ${tol}`);
  if (!Number.isInteger(maxMatvecs) || maxMatvecs < 1)
    throw new RangeError(`eigsh: maxMatvecs must be an integer >= 1, got ${maxMatvecs}`);
  if (!Number.isInteger(blockSize) || blockSize < 1 || blockSize > n + 1) {
    throw new RangeError(`eigsh: blockSize must be in [1, n], got ${blockSize}`);
  }
  if (!(failureProbability > 0 && failureProbability < 1)) {
    throw new RangeError(`eigsh: failureProbability must be in (0, 1), got ${failureProbability}`);
  }
}
