import { AbortError, MemoryLimitError, pacer, secondsLeft } from '@hyperribbon/contract';
import type { SolverReason } from '@hyperribbon/contract/reasons';
import { asDtype, assertOperator, type LinearOperator } from '@hyperribbon/linop';
import { kernelOptions } from '../dense/eigen.js';
import { MOST_BYTES } from '../factorization/factorizationOptions.js';
import { saveSolver } from './checkpoint.js';
import type { EigenReport } from './eigenReport.js';
import { eigshDense } from './eigshDense.js';
import type { EigshDetail, EigshOptions } from './eigshOptions.js';
import { isDense, sizeOf, storedAs } from './eigshCost.js';
import { chooseFilter, filteredReport, isSlow, startFiltered } from './filter/filteredSearch.js';
import { resolveEigshOptions, type ResolvedEigshOptions } from './resolveEigshOptions.js';
import { searchReport } from './searchReport.js';
import { runInRange, withinFloat32 } from './storage.js';
import { startSearch, type Search } from './startSearch.js';

/**
 * The wanted eigenvalues of a symmetric operator, with multiplicity, or the statement that they were not obtained: the k largest, smallest,
 * largest in magnitude, from both ends; or all beyond a threshold.
 *
 * @param op symmetric operator (n, n)
 * @param options see {@link EigshOptions}; `tol` is relative to ‖A‖
 * @returns always a report; where `signal` was aborted with reason 'aborted' and what was found by then, and onCheckpoint had the state to resume
 * @throws ArgumentError, ArgumentTypeError; NonFiniteError, OperatorError when a product fails; MemoryLimitError
 * Cost: products as reported; (basisSize + 40 %) n numbers of memory; 4 basisSize n flops per product.
 * @example
 * const A = fromMatvec(n, (x, out) => { for (let i = 0; i < n; i++) out[i] = 2 * x[i] - (x[i - 1] ?? 0) - (x[i + 1] ?? 0); });
 * const { values, residualNorms, converged, reason } = await eigsh(A, { k: 5, which: 'LA', seed: 1 });
 * const above = await eigsh(A, { above: 3.9 });
 * Source: thick-restart Lanczos [wu2000], band Lanczos [ruhe1979], filter [zhou2007], completeness: own construction, see certificate.ts.
 */
export async function eigsh(op: LinearOperator, options: EigshOptions): Promise<EigenReport> {
  assertOperator(op, 'eigsh');
  const resolved = resolveEigshOptions(op, options);
  if (options.storage !== 'float32' || op.dtype === 'float32') return solve(storedAs(op, options), options, resolved);
  return runInRange(op, options, (tiny) => (a, asked) => {
    return solve(asDtype(withinFloat32(a, tiny), 'float32'), asked, resolveEigshOptions(a, asked));
  });
}

/** The same for an operator whose dtype is that of the vectors. */
async function solve(
  stored: LinearOperator,
  options: EigshOptions,
  resolved: ResolvedEigshOptions,
): Promise<EigenReport> {
  const { signal, resume } = options;
  const { capacity, bytes } = sizeOf(stored, resolved);
  const direct = isDense(stored, resolved) && resume === undefined;
  const limit = direct ? resolved.memoryLimit : Math.min(resolved.memoryLimit, MOST_BYTES);
  if (bytes > limit) {
    throw new MemoryLimitError(
      `eigsh: ${bytes} bytes needed (${capacity} vectors of n=${stored.size}), limit ${limit}; lower basisSize, k or denseBelow`,
      bytes,
      limit,
    );
  }
  // what a search has before its first product: nothing, in as few rows as it can start with
  const nothing = (matvecs: number): EigenReport => {
    const { solver } = startSearch(stored, options, resolved, resolved.known + resolved.blockSize + 2);
    return { ...searchReport(solver, 'aborted'), matvecs };
  };
  if (direct) return formMatrix(stored, options, resolved, 0, nothing);
  if (signal?.aborted === true && resume === undefined) return nothing(0);
  return runSearch(stored, options, resolved, startSearch(stored, options, resolved, capacity));
}

/**
 * n products that form the matrix, after `before` ones, and its eigenpairs.
 * @param aborted makes the report if the signal ends them, `matvecs` in all
 */
async function formMatrix(
  op: LinearOperator,
  options: EigshOptions,
  resolved: ResolvedEigshOptions,
  before: number,
  aborted: (matvecs: number) => EigenReport | Promise<EigenReport>,
): Promise<EigenReport> {
  const { signal, onProgress, deflate } = options;
  let matvecs = before;
  const counted: LinearOperator = {
    size: op.size,
    dtype: op.dtype,
    apply(x, out) {
      matvecs++;
      return op.apply(x, out);
    },
  };
  const detail = { phase: 'search', convergedPairs: 0, restarts: 0 } as const;
  return eigshDense(counted, resolved, deflate, {
    ...kernelOptions(options),
    spent: before,
    signal,
    onProgress: ({ done, of, secondsLeft }) =>
      onProgress?.({
        done: before + done,
        of: before + of,
        detail: { ...detail, matvecsLeft: of - done },
        secondsLeft,
      }),
  }).catch((error: unknown) => {
    if (error instanceof AbortError && signal?.aborted === true) return aborted(matvecs);
    throw error;
  });
}

/** Steps until the search is done, the products have run out, the matrix itself is cheaper, or the signal is aborted. */
export async function runSearch(
  op: LinearOperator,
  options: EigshOptions,
  resolved: ResolvedEigshOptions,
  search: Search,
): Promise<EigenReport> {
  const { k, maxMatvecs, denseBelow, checkpointEvery } = resolved;
  const { guard, n } = search.solver.f;
  const watch = watchSearch(search, options, maxMatvecs);
  const checkpoint = (): void => options.onCheckpoint?.(saveSolver(search.solver, search.filtered?.saved ?? null));
  const report = async (forced: SolverReason | null): Promise<EigenReport> => {
    const { solver, filtered } = search;
    return filtered === null ? searchReport(solver, forced) : filteredReport(filtered, forced);
  };
  const aborted = async (matvecs: number): Promise<EigenReport> => {
    checkpoint();
    return { ...(await report('aborted')), matvecs };
  };
  const room = (): boolean =>
    guard.matvecs + (search.filtered === null ? 1 : search.filtered.filter.degree + k) <= maxMatvecs;
  let saved = guard.matvecs;
  const run = async (): Promise<EigenReport> => {
    while (search.solver.done === null && room()) {
      // a spectrum too dense for Krylov vectors: after n products, n more settle it for good
      if (n <= denseBelow && guard.matvecs >= n && guard.matvecs + n <= maxMatvecs)
        return formMatrix(op, options, resolved, guard.matvecs, aborted);
      await search.solver.step();
      if (await watch()) return aborted(guard.matvecs);
      if (search.solver.done === null && checkpointEvery > 0 && guard.matvecs - saved >= checkpointEvery) {
        saved = guard.matvecs;
        checkpoint();
      }
      if (options.filter !== 'off' && n > denseBelow && isSlow(search.solver, search.filtered)) switchToFilter(search);
    }
    const { solver, filtered } = search;
    if (solver.done === null) checkpoint();
    const result = await report(null);
    // T(A) had the pairs, yet A itself is not content with their residuals
    if (filtered === null || solver.done !== 'verified' || result.converged || guard.matvecs >= maxMatvecs)
      return result;
    const largest = result.residualNorms.reduce((m, r) => Math.max(m, r), 0);
    solver.tighten(Math.min(0.3, (0.3 * filtered.limit) / largest));
    return run();
  };
  if (options.signal?.aborted === true) return aborted(saved);
  // a wait for a product that the signal ended leaves the search as it was before
  return run().catch((error: unknown) => {
    if (error instanceof AbortError && options.signal?.aborted === true) return aborted(guard.matvecs);
    throw error;
  });
}

/** To be awaited after each product: events are let in and progress is told; true if the signal is aborted. */
function watchSearch(search: Search, { signal, onProgress }: EigshOptions, of: number): () => Promise<boolean> {
  const { guard } = search.solver.f;
  const pause = pacer();
  const since = { done: guard.matvecs, at: performance.now() };
  return async () => {
    if ((await pause()) && onProgress !== undefined) {
      const { solver } = search;
      const { matvecsLeft, chain } = solver;
      const { restarts, wantedConverged: convergedPairs } = solver.state;
      const phase: EigshDetail['phase'] = chain === null ? 'search' : 'verification';
      const done = guard.matvecs;
      const end = matvecsLeft === null ? Infinity : done + matvecsLeft;
      const detail = { phase, convergedPairs, restarts, matvecsLeft };
      onProgress({ done, of, detail, secondsLeft: secondsLeft({ done, of: end }, since) });
    }
    return signal?.aborted === true;
  };
}

/** To a polynomial of the operator, where there is one that pays. */
function switchToFilter(search: Search): void {
  const filter = chooseFilter(search.solver, search.filtered);
  if (filter === null) return;
  search.filtered = startFiltered(search.solver, filter, search.filtered);
  search.solver = search.filtered.solver;
}
