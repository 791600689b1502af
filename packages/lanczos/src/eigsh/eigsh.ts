import { MemoryLimitError } from '@hyperribbon/contract';
import { assertOperator, type LinearOperator } from '@hyperribbon/linop';
import { bulkEdge } from '../density/bulkEdge.js';
import { MOST_BYTES } from '../factorization/factorizationOptions.js';
import { AbortError } from './abortError.js';
import { saveSolver } from './checkpoint.js';
import type { EigenReport } from './eigenReport.js';
import { workspaceOptions } from '../dense/eigh.js';
import { eigshDense } from './eigshDense.js';
import { settle, type EigshOptions, type EigshProgress, type Settings } from './eigshOptions.js';
import { isDense, sizeOf, storedAs } from './estimateEigsh.js';
import { chooseFilter, filteredReport, isSlow, startFiltered } from './filter/filteredSearch.js';
import { pacer } from './pacer.js';
import type { SolverReason } from '@hyperribbon/contract/reasons';
import { searchReport } from './searchReport.js';
import type { EigenSolver } from './solver.js';
import { startSearch, type Search } from './startSearch.js';

/**
 * The wanted eigenvalues of a symmetric operator, with multiplicity, or the statement that they were not obtained: the k largest, smallest,
 * largest in magnitude, from both ends; or all beyond a threshold.
 *
 * @param op symmetric operator (n, n)
 * @param options see {@link EigshOptions}; `tol` is relative to ‖A‖
 * @throws RangeError, TypeError for bad arguments; NonFiniteError, OperatorError when a product fails; MemoryLimitError; AbortError
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
  if (options.signal?.aborted === true) throw new AbortError('eigsh', options.signal.reason, null);
  const stored = storedAs(op, options);
  if (settings.threshold !== 'bulk') return solve(stored, options, settings, settings.threshold, 0);
  const { signal } = options;
  const edge = await bulkEdge(stored, {
    seed: settings.seed,
    ...workspaceOptions(options),
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
  const { signal, onProgress } = options;
  const { capacity, bytes } = sizeOf(op, settings);
  const direct = isDense(op, settings) && options.resume === undefined;
  const limit = direct ? settings.memoryLimit : Math.min(settings.memoryLimit, MOST_BYTES);
  if (bytes > limit) {
    throw new MemoryLimitError(
      `eigsh: ${bytes} bytes needed (${capacity} vectors of n=${n}), limit ${limit}; lower basisSize, k or denseBelow`,
      bytes,
      limit,
    );
  }
  const pause = pacer();
  const start = performance.now();
  let before = 0;
  const between: Between = async (now, partial) => {
    if ((await pause()) && onProgress !== undefined) {
      const elapsedMs = performance.now() - start;
      const progress = now();
      const { matvecs, matvecsLeft } = progress;
      const msLeft = matvecsLeft === null ? null : (matvecsLeft * elapsedMs) / Math.max(1, matvecs - before);
      onProgress({ ...progress, matvecs: matvecs + spent, elapsedMs, msLeft });
    }
    if (signal?.aborted === true) throw new AbortError('eigsh', signal.reason, await partial());
  };
  const dense: Dense = (made, partial) =>
    eigshDense(op, settings, threshold, options.deflate, {
      ...workspaceOptions(options),
      spent: made + spent,
      between: (products) =>
        between(
          () => ({
            phase: 'search',
            matvecs: made + products,
            convergedPairs: 0,
            restarts: 0,
            matvecsLeft: n - products,
          }),
          partial,
        ),
    });
  if (direct) return dense(0, async () => null);
  const search = startSearch(op, options, settings, threshold, capacity);
  before = search.solver.f.guard.calls;
  return runSearch(search, options, settings, spent, between, dense);
}

type Progress = Omit<EigshProgress, 'elapsedMs' | 'msLeft'>;
/** What happens between products: events are let in, progress is told, an abort ends the run with what `partial` makes. */
type Between = (now: () => Progress, partial: () => Promise<EigenReport | null>) => Promise<void>;
/** n products that form the matrix, after `made` ones. */
type Dense = (made: number, partial: () => Promise<EigenReport | null>) => Promise<EigenReport>;

/** Steps until the search is done, the products have run out, or the matrix itself is cheaper. */
async function runSearch(
  search: Search,
  options: EigshOptions,
  { k, maxMatvecs, denseBelow, checkpointEvery }: Settings,
  spent: number,
  between: Between,
  dense: Dense,
): Promise<EigenReport> {
  const { f } = search.solver;
  const { n } = f;
  const checkpoint = (): void => options.onCheckpoint?.(saveSolver(search.solver, search.filtered));
  const report = async (forced: SolverReason | null): Promise<EigenReport> => {
    const { solver, filtered } = search;
    const result = filtered === null ? searchReport(solver, forced) : await filteredReport(filtered, forced);
    return { ...result, matvecs: result.matvecs + spent };
  };
  const aborted = (): Promise<EigenReport> => {
    checkpoint();
    return report('aborted');
  };
  const room = (): boolean =>
    f.guard.calls + spent + (search.filtered === null ? 1 : search.filtered.filter.degree + k) <= maxMatvecs;
  let saved = f.guard.calls;
  for (;;) {
    while (search.solver.done === null && room()) {
      // a spectrum too dense for Krylov vectors: after n products, n more settle it for good
      if (n <= denseBelow && f.guard.calls >= n && f.guard.calls + n <= maxMatvecs)
        return dense(f.guard.calls, aborted);
      await search.solver.step();
      await between(() => progressOf(search.solver), aborted);
      if (search.solver.done === null && checkpointEvery > 0 && f.guard.calls - saved >= checkpointEvery) {
        saved = f.guard.calls;
        checkpoint();
      }
      if (options.filter !== 'off' && n > denseBelow && isSlow(search.solver, search.filtered)) goOver(search);
    }
    const { solver, filtered } = search;
    if (solver.done === null) checkpoint();
    const result = await report(null);
    // T(A) had the pairs, yet A itself is not content with their residuals
    if (filtered === null || solver.done !== 'verified' || result.converged || f.guard.calls >= maxMatvecs)
      return result;
    const largest = result.residualNorms.reduce((m, r) => Math.max(m, r), 0);
    solver.tighten(Math.min(0.3, (0.3 * filtered.limit) / largest));
  }
}

/** To a polynomial of the operator, where there is one that pays. */
function goOver(search: Search): void {
  const filter = chooseFilter(search.solver, search.filtered);
  if (filter === null) return;
  search.filtered = startFiltered(search.solver, filter, search.filtered);
  search.solver = search.filtered.solver;
}

function progressOf(solver: EigenSolver): Progress {
  return {
    phase: solver.verifying ? 'verification' : 'search',
    matvecs: solver.f.guard.calls,
    convergedPairs: solver.wantedConverged,
    restarts: solver.restarts,
    matvecsLeft: solver.matvecsLeft,
  };
}
