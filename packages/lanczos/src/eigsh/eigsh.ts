import { OutOfMemoryError } from '@hyperribbon/kernels/linear';
import { asDtype, assertOperator, type LinearOperator } from '@hyperribbon/linop';
import { factorizationBytes } from '../factorization/basisRows.js';
import { KrylovFactorization } from '../factorization/krylovFactorization.js';
import { bulkEdge } from '../density/bulkEdge.js';
import { AbortError } from './abortError.js';
import { restoreSolver, saveSolver, savedFilter } from './checkpoint.js';
import type { EigenReport } from './eigenReport.js';
import { eigshDense } from './eigshDense.js';
import { reserveOf, settle, type EigshOptions, type EigshProgress, type Settings } from './eigshOptions.js';
import {
  chooseFilter,
  filteredReport,
  isSlow,
  makeFiltered,
  startFiltered,
  type FilteredSearch,
} from './filteredSearch.js';
import { pacer } from './pacer.js';
import type { Reason } from './reasons.js';
import { searchReport } from './searchReport.js';
import { EigenSolver } from './solver.js';

/**
 * The wanted eigenvalues of a symmetric operator, with multiplicity, or the statement that they were not obtained: the k largest, smallest,
 * largest in magnitude, from both ends; or all beyond a threshold.
 *
 * @param op symmetric operator (n, n)
 * @param options see {@link EigshOptions}; `tol` is relative to ‖A‖
 * @throws RangeError, TypeError for bad arguments; NonFiniteError, OperatorError when a product fails; OutOfMemoryError; AbortError
 * Cost: products as reported; (basisSize + 40 %) n numbers of memory; 4 basisSize n flops per product.
 * @example
 * const A = fromMatvec(n, (x, out) => { for (let i = 0; i < n; i++) out[i] = 2 * x[i] - (x[i - 1] ?? 0) - (x[i + 1] ?? 0); });
 * const { values, residualNorms, converged, reason } = await eigsh(A, { k: 5, which: 'LA', seed: 1 });
 * const outliers = await eigsh(A, { above: 3.9 });
 * Source: thick-restart Lanczos [wu2000], band Lanczos [ruhe1979], filter [zhou2007], completeness: own construction, see certificate.ts.
 */
export async function eigsh(op: LinearOperator, options: EigshOptions): Promise<EigenReport> {
  assertOperator(op, 'eigsh');
  const settings = settle(op, options);
  options.signal?.throwIfAborted();
  const stored = options.storage === undefined ? op : asDtype(op, options.storage);
  if (settings.threshold !== 'bulk') return solve(stored, options, settings, settings.threshold, 0);
  const { seed, deterministic, engine, signal } = options;
  const edge = await bulkEdge(stored, {
    ...(seed === undefined ? {} : { seed }),
    ...(deterministic === undefined ? {} : { deterministic }),
    ...(engine === undefined ? {} : { engine }),
    ...(signal === undefined ? {} : { signal }),
  });
  return { ...(await solve(stored, options, settings, edge.high, edge.matvecs)), edge };
}

/** @param threshold a number of A or null; @param spent products made before */
async function solve(
  op: LinearOperator,
  options: EigshOptions,
  settings: Settings,
  threshold: number | null,
  spent: number,
): Promise<EigenReport> {
  const n = op.size;
  const { k, which, tol, seed, maxMatvecs, basisSize, known, blockSize, denseBelow } = settings;
  const { resume, onCheckpoint, onProgress, signal, v0, deflate } = options;
  const reserve = reserveOf(basisSize);
  if (n - known <= basisSize + reserve && resume === undefined && maxMatvecs >= n)
    return eigshDense(op, settings, threshold, deflate, spent, signal);
  const { capacity, bytes } = sizeOf(op, settings);
  if (bytes > settings.memoryLimit) {
    throw new OutOfMemoryError(
      `eigsh: ${bytes} bytes needed (${capacity} vectors of n=${n}), limit ${settings.memoryLimit}; lower basisSize or k`,
      bytes,
    );
  }
  const f = new KrylovFactorization(op, {
    capacity,
    seed,
    sign: which === 'SA' ? -1 : 1,
    caller: 'eigsh',
    blockWidth: Math.max(blockSize, 8),
    ...(options.deterministic === undefined ? {} : { deterministic: options.deterministic }),
    ...(options.engine === undefined ? {} : { engine: options.engine }),
  });
  if (deflate !== undefined) {
    f.reset(Array.from({ length: known }, (_, i) => deflate.vectors.subarray(i * n, (i + 1) * n)));
  }
  let solver = new EigenSolver(f, {
    k,
    which: which === 'SA' ? 'LA' : which,
    tol,
    failureProbability: settings.failureProbability,
    basisSize,
    edge: threshold === null ? undefined : f.sign * threshold,
    noise: settings.noise,
  });
  let filtered: FilteredSearch | null = null;
  if (resume !== undefined) {
    const saved = savedFilter(resume);
    if (saved !== null) filtered = makeFiltered(solver, saved, f.guard);
    solver = filtered?.solver ?? solver;
    restoreSolver(solver, resume);
  } else {
    if (v0 !== undefined) f.append(v0);
    for (let i = f.candidates; i < blockSize; i++) f.appendRandom();
  }
  const report = async (forced: Reason | null): Promise<EigenReport> => {
    const result = filtered === null ? searchReport(solver, forced) : await filteredReport(filtered, forced);
    return spent === 0 ? result : { ...result, matvecs: result.matvecs + spent };
  };
  const pause = pacer();
  const start = performance.now();
  const before = f.guard.calls;
  let saved = before;
  for (;;) {
    const perStep = filtered === null ? 1 : filtered.filter.degree + k;
    while (solver.done === null && f.guard.calls + spent + perStep <= maxMatvecs) {
      // a spectrum too dense for Krylov vectors: after n products, n more settle it for good
      if (n <= denseBelow && f.guard.calls >= n && f.guard.calls + n <= maxMatvecs)
        return eigshDense(op, settings, threshold, deflate, f.guard.calls + spent, signal);
      await solver.step();
      if ((await pause()) && onProgress !== undefined)
        onProgress(progressOf(solver, performance.now() - start, before));
      if (signal?.aborted === true) {
        onCheckpoint?.(saveSolver(solver, filtered));
        throw new AbortError('eigsh', signal.reason, await report('aborted'));
      }
      if (
        onCheckpoint !== undefined &&
        solver.done === null &&
        settings.checkpointEvery > 0 &&
        f.guard.calls - saved >= settings.checkpointEvery
      ) {
        saved = f.guard.calls;
        onCheckpoint(saveSolver(solver, filtered));
      }
      if (options.filter !== 'off' && n > denseBelow && isSlow(solver, filtered)) {
        const filter = chooseFilter(solver, filtered);
        if (filter === null) continue;
        filtered = startFiltered(solver, filter, filtered);
        solver = filtered.solver;
        break;
      }
    }
    if (
      solver.done === null &&
      f.guard.calls + spent + (filtered === null ? 1 : filtered.filter.degree + k) <= maxMatvecs
    )
      continue;
    if (solver.done === null) onCheckpoint?.(saveSolver(solver, filtered));
    const result = await report(null);
    // T(A) had the pairs, yet A itself is not content with their residuals
    const largest = result.residualNorms.reduce((m, r) => Math.max(m, r), 0);
    if (filtered === null || solver.done !== 'verified' || result.converged || f.guard.calls >= maxMatvecs)
      return result;
    solver.tighten(Math.min(0.3, (0.3 * filtered.limit) / largest));
  }
}

/** What a run will reserve and do, known before it starts: vectors kept, bytes of workspace, flops around each product. */
export function estimateEigsh(
  op: LinearOperator,
  options: EigshOptions,
): { readonly capacity: number; readonly bytes: number; readonly flopsPerMatvec: number } {
  const settings = settle(op, options);
  return { ...sizeOf(op, settings), flopsPerMatvec: 4 * settings.basisSize * op.size };
}

function sizeOf(op: LinearOperator, { basisSize, known }: Settings): { capacity: number; bytes: number } {
  const capacity = Math.min(op.size + 2, known + basisSize + reserveOf(basisSize) + 1);
  return { capacity, bytes: factorizationBytes(op, capacity) };
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
