import { diagonal, type LinearOperator } from '@hyperribbon/linop';
import { stream } from '@hyperribbon/random';
import { eigh } from '../dense/eigh.js';
import { kernelOptions } from '../dense/eigen.js';
import { KrylovFactorization } from '../factorization/krylovFactorization.js';
import { ritzPairs, selectColumns } from '../factorization/ritz.js';
import type { EigshOptions } from './eigshOptions.js';
import type { ResolvedEigshOptions } from './resolveEigshOptions.js';

/** rows and numbers in a row of the search that is timed: 42 MB of float64, more than caches hold */
const ROWS = 40;
const LENGTH = 2 ** 17;
/** order of the eigenproblem that is timed: above the one where its algorithm changes */
const ORDER = 128;

/**
 * Seconds of the solver's own work around a product: a restart's worth of steps, from the vectors it keeps to a full basis, of a search with at
 * most 40 rows of at most 2^17 numbers, in proportion to rows and numbers; and an eigenproblem of the full basis a restart.
 *
 * The steps are real ones of {@link KrylovFactorization}, on a diagonal matrix, whose product of n flops is counted with them. Ritz values that
 * are looked at before the basis is full, and verification, are not in it.
 */
export async function searchSeconds(
  { size: n, dtype }: LinearOperator,
  { basisSize, k, seed }: ResolvedEigshOptions,
  options: EigshOptions,
  known: number,
  clock: () => number,
): Promise<number> {
  const length = Math.min(n, LENGTH);
  const rows = Math.min(basisSize, ROWS, length);
  const kept = keptBy(basisSize, k);
  const eigenproblem = eighSeconds(basisSize, options, clock) / (basisSize - kept);
  const start = Math.min(rows - 1, Math.round((rows * kept) / basisSize));
  if (start < 1) return eigenproblem;
  const entries = Float64Array.from({ length }, (_, i) => 1 + i / length);
  const small = diagonal(dtype === 'float32' ? Float32Array.from(entries) : entries);
  const f = new KrylovFactorization(small, { capacity: rows + 2, seed, ...kernelOptions(options) });
  f.appendRandom();
  // the first filling warms up
  while (f.size < rows && f.candidates > 0) await f.expand();
  const columns = selectColumns(
    ritzPairs(f),
    Array.from({ length: start }, (_, i) => i),
  );
  const before = clock();
  f.shrink(columns, start);
  while (f.size < rows && f.candidates > 0) await f.expand();
  const seconds = (clock() - before) / 1000 / (rows - start);
  const scale = (Math.min(basisSize + known, n) / rows) * (n / length);
  return seconds * scale + eigenproblem;
}

/** Vectors that a restart keeps: the wanted ones and half of the others. */
function keptBy(basisSize: number, k: number): number {
  return k + Math.floor((basisSize - 1 - k) / 2);
}

/** Seconds of eigenvalues and vectors of a matrix of order n: those of order 128 at most, in proportion to n³. */
export function eighSeconds(n: number, options: EigshOptions, clock: () => number): number {
  const order = Math.min(n, ORDER);
  if (order === 0) return 0;
  const a = stream({ seed: 0, purpose: 'estimate' }).normal(new Float64Array(order * order));
  const work = { ...kernelOptions(options), vectors: true };
  eigh(a, order, work);
  const start = clock();
  eigh(a, order, work);
  return ((clock() - start) / 1000) * (n / order) ** 3;
}
