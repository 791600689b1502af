import type { LinearOperator } from '@hyperribbon/linop';
import { kernelOptions } from '../dense/eigen.js';
import type { FactorizationOptions } from '../factorization/factorizationOptions.js';
import { KrylovFactorization } from '../factorization/krylovFactorization.js';
import { restoreSolver, savedFilter } from './checkpoint.js';
import type { EigshOptions } from './eigshOptions.js';
import type { ResolvedEigshOptions } from './resolveEigshOptions.js';
import { makeFiltered, type FilteredSearch } from './filter/filteredSearch.js';
import { knownRows } from '../factorization/knownPairs.js';
import { EigenSolver } from './solver.js';

/** A search as it stands: the solver, and the polynomial it went over to. */
export interface Search {
  solver: EigenSolver;
  filtered: FilteredSearch | null;
}

/** A search with its start vectors, or in the state that it is to resume. */
export function startSearch(
  op: LinearOperator,
  options: EigshOptions,
  resolved: ResolvedEigshOptions,
  capacity: number,
  make: (op: LinearOperator, options: FactorizationOptions) => KrylovFactorization = (of, by) =>
    new KrylovFactorization(of, by),
): Search {
  const { which, seed, known, blockSize, threshold } = resolved;
  const { resume, v0, deflate } = options;
  const f = make(op, {
    capacity,
    seed,
    sign: which === 'SA' ? -1 : 1,
    caller: 'eigsh',
    signal: options.signal,
    blockWidth: Math.max(blockSize, 8),
    ...kernelOptions(options),
  });
  if (known > 0) f.reset(knownRows(deflate, op.size, 'eigsh'));
  const solver = new EigenSolver(f, {
    ...resolved,
    which: which === 'SA' ? 'LA' : which,
    edge: threshold === null ? undefined : f.sign * threshold,
  });
  if (resume === undefined) {
    const given = v0?.length ?? 0;
    for (let at = 0; at < given; at += f.n) f.append(v0!.subarray(at, at + f.n));
    for (let i = f.candidates; i < blockSize; i++) f.appendRandom();
    return { solver, filtered: null };
  }
  const saved = savedFilter(resume);
  const filtered = saved === null ? null : makeFiltered(solver, saved, f.guard);
  const search = { solver: filtered?.solver ?? solver, filtered };
  restoreSolver(search.solver, resume);
  return search;
}
