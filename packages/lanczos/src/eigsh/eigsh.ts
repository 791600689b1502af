import { AbortError, MemoryLimitError, pacer, secondsLeft } from '@hyperribbon/contract';
import type { SolverReason } from '@hyperribbon/contract/reasons';
import { assertOperator, type LinearOperator } from '@hyperribbon/linop';
import { workspaceOptions } from '../dense/eigen.js';
import { bulkEdge } from '../density/bulkEdge.js';
import type { Estimate } from '../density/estimate.js';
import { MOST_BYTES } from '../factorization/factorizationOptions.js';
import { saveSolver } from './checkpoint.js';
import type { EigenReport } from './eigenReport.js';
import { eigshDense } from './eigshDense.js';
import type { EigshDetail, EigshOptions } from './eigshOptions.js';
import { isDense, sizeOf, storedAs } from './estimateEigsh.js';
import { chooseFilter, filteredReport, isSlow, startFiltered } from './filter/filteredSearch.js';
import { resolveEigshOptions, type ResolvedEigshOptions } from './resolveEigshOptions.js';
import { searchReport } from './searchReport.js';
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
 * const outliers = await eigsh(A, { above: 3.9 });
 * Source: thick-restart Lanczos [wu2000], band Lanczos [ruhe1979], filter [zhou2007], completeness: own construction, see certificate.ts.
 */
export async function eigsh(op: LinearOperator, options: EigshOptions): Promise<EigenReport> {
  assertOperator(op, 'eigsh');
  const resolved = resolveEigshOptions(op, options);
  const { threshold } = resolved;
  const stored = storedAs(op, options);
  if (threshold !== 'bulk') return solve(stored, options, resolved, threshold, 0);
  const { made, operator } = counted(stored);
  const edge = await unlessAborted(options.signal, edgeOf(operator, options, resolved));
  if (edge === null) return emptyReport(stored, options, resolved, made());
  return { ...(await solve(stored, options, resolved, edge.high, edge.matvecs)), edge };
}

function edgeOf(op: LinearOperator, options: EigshOptions, { seed }: ResolvedEigshOptions): Promise<Estimate> {
  const { signal } = options;
  return bulkEdge(op, { seed, ...workspaceOptions(options), ...(signal === undefined ? {} : { signal }) });
}

/** The report of a search before its first product, for a run that was aborted after `matvecs` products of another kind. */
function emptyReport(
  op: LinearOperator,
  options: EigshOptions,
  resolved: ResolvedEigshOptions,
  matvecs: number,
): EigenReport {
  const { resume: _resume, ...fresh } = options;
  const { solver } = startSearch(op, fresh, resolved, null, resolved.known + resolved.blockSize + 2);
  return { ...searchReport(solver, 'aborted'), matvecs };
}

/** The operator, and how many products were made with it. */
function counted(op: LinearOperator): { readonly operator: LinearOperator; readonly made: () => number } {
  const { size, dtype } = op;
  let made = 0;
  const apply: LinearOperator['apply'] = (x, out) => {
    made++;
    return op.apply(x, out);
  };
  return { operator: { size, dtype, apply }, made: () => made };
}

/** The result, or null if the signal ended its making. */
async function unlessAborted<T>(signal: AbortSignal | undefined, result: Promise<T>): Promise<T | null> {
  return result.catch((error: unknown) => {
    if (error instanceof AbortError && signal?.aborted === true) return null;
    throw error;
  });
}

/** @param threshold a number of A or null; @param spent products made before */
async function solve(
  op: LinearOperator,
  options: EigshOptions,
  resolved: ResolvedEigshOptions,
  threshold: number | null,
  spent: number,
): Promise<EigenReport> {
  const { signal, resume, onProgress } = options;
  const { capacity, bytes } = sizeOf(op, resolved);
  const direct = isDense(op, resolved) && resume === undefined;
  const limit = direct ? resolved.memoryLimit : Math.min(resolved.memoryLimit, MOST_BYTES);
  if (bytes > limit) {
    throw new MemoryLimitError(
      `eigsh: ${bytes} bytes needed (${capacity} vectors of n=${op.size}), limit ${limit}; lower basisSize, k or denseBelow`,
      bytes,
      limit,
    );
  }
  const dense: Dense = async (before, aborted) => {
    const { made, operator } = counted(op);
    const detail = { phase: 'search', convergedPairs: 0, restarts: 0 } as const;
    const run = eigshDense(operator, resolved, threshold, options.deflate, {
      ...workspaceOptions(options),
      spent: spent + before,
      signal,
      onProgress: ({ done, of, secondsLeft }) =>
        onProgress?.({
          done: done + spent + before,
          of: of + spent + before,
          detail: { ...detail, matvecsLeft: of - done },
          secondsLeft,
        }),
    });
    return (await unlessAborted(signal, run)) ?? aborted(made());
  };
  const nothing = (made: number): EigenReport => emptyReport(op, options, resolved, spent + made);
  if (direct) return dense(0, nothing);
  if (signal?.aborted === true && resume === undefined) return nothing(0);
  return runSearch(startSearch(op, options, resolved, threshold, capacity), options, resolved, spent, dense);
}

/** n products that form the matrix, after `before` ones; `aborted` makes the report if a signal ends them after `made`. */
type Dense = (before: number, aborted: (made: number) => EigenReport | Promise<EigenReport>) => Promise<EigenReport>;

/** Steps until the search is done, the products have run out, the matrix itself is cheaper, or the signal is aborted. */
async function runSearch(
  search: Search,
  options: EigshOptions,
  { k, maxMatvecs, denseBelow, checkpointEvery }: ResolvedEigshOptions,
  spent: number,
  dense: Dense,
): Promise<EigenReport> {
  const { f } = search.solver;
  const { n } = f;
  const watch = watchSearch(search, options, maxMatvecs, spent);
  const checkpoint = (): void => options.onCheckpoint?.(saveSolver(search.solver, search.filtered));
  const report = async (forced: SolverReason | null, more: number): Promise<EigenReport> => {
    const { solver, filtered } = search;
    const result = filtered === null ? searchReport(solver, forced) : await filteredReport(filtered, forced);
    return { ...result, matvecs: result.matvecs + more };
  };
  const aborted = (made: number): Promise<EigenReport> => {
    checkpoint();
    return report('aborted', spent + made);
  };
  const room = (): boolean =>
    f.guard.matvecs + spent + (search.filtered === null ? 1 : search.filtered.filter.degree + k) <= maxMatvecs;
  let saved = f.guard.matvecs;
  if (options.signal?.aborted === true) return aborted(0);
  for (;;) {
    while (search.solver.done === null && room()) {
      // a spectrum too dense for Krylov vectors: after n products, n more settle it for good
      if (n <= denseBelow && f.guard.matvecs >= n && f.guard.matvecs + n <= maxMatvecs)
        return dense(f.guard.matvecs, aborted);
      await search.solver.step();
      if (await watch()) return aborted(0);
      if (search.solver.done === null && checkpointEvery > 0 && f.guard.matvecs - saved >= checkpointEvery) {
        saved = f.guard.matvecs;
        checkpoint();
      }
      if (options.filter !== 'off' && n > denseBelow && isSlow(search.solver, search.filtered)) switchToFilter(search);
    }
    const { solver, filtered } = search;
    if (solver.done === null) checkpoint();
    const result = await report(null, spent);
    // T(A) had the pairs, yet A itself is not content with their residuals
    if (filtered === null || solver.done !== 'verified' || result.converged || f.guard.matvecs >= maxMatvecs)
      return result;
    const largest = result.residualNorms.reduce((m, r) => Math.max(m, r), 0);
    solver.tighten(Math.min(0.3, (0.3 * filtered.limit) / largest));
  }
}

/** To be awaited after each product: events are let in and progress is told; true if the signal is aborted. */
function watchSearch(
  search: Search,
  { signal, onProgress }: EigshOptions,
  most: number,
  spent: number,
): () => Promise<boolean> {
  const { guard } = search.solver.f;
  const pause = pacer();
  const since = { done: guard.matvecs, at: performance.now() };
  return async () => {
    if ((await pause()) && onProgress !== undefined) {
      const { solver } = search;
      const { restarts, wantedConverged: convergedPairs, matvecsLeft } = solver;
      const phase: EigshDetail['phase'] = solver.verifying ? 'verification' : 'search';
      const done = guard.matvecs;
      onProgress({
        done: done + spent,
        of: most,
        detail: { phase, convergedPairs, restarts, matvecsLeft },
        secondsLeft: secondsLeft({ done, of: matvecsLeft === null ? Infinity : done + matvecsLeft }, since),
      });
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
