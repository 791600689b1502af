import {
  type OnProgress,
  refuse,
  refuseType,
  requireFiniteEntries,
  requireFloatArray,
  requireInteger,
  requireNoOthers,
  requireOneOf,
  requireOptions,
  requirePositive,
  requireSeed,
} from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels/linear';
import { assertOperator, type LinearOperator } from '@hyperribbon/linop';

export interface LobpcgOptions {
  /** how many eigenvalues, 1..n */
  readonly k: number;
  /** 'SA' smallest (default), 'LA' largest */
  readonly which?: 'SA' | 'LA';
  /** out ← T r, T symmetric, positive definite and near A⁻¹, or the inverse of A less a number below its smallest eigenvalue */
  readonly preconditioner?: (r: Float64Array, out: Float64Array) => void | Promise<void>;
  /** B of A x = λ B x by its product, symmetric and positive definite; default the identity */
  readonly metric?: LinearOperator;
  /** (c, n) rows that all vectors are kept orthogonal to, in B: known eigenvectors, or a null space */
  readonly constraints?: FloatArray;
  /** (m, n) rows to start from, at most blockSize; random ones fill up the block */
  readonly start?: FloatArray;
  /** vectors that are iterated, k..n; default k and a quarter, at least two more, and those of `start` */
  readonly blockSize?: number;
  /** residual that counts as converged, relative to ‖A‖ + |λ| ‖B‖; default 1e-8 for float64, 1e-5 for float32 */
  readonly tol?: number;
  /** most products with A; default 1,000 blocks */
  readonly maxMatvecs?: number;
  /** names the random vectors; default 0 */
  readonly seed?: number;
  readonly signal?: AbortSignal | undefined;
  /** hears of the products made, at most every 40 ms */
  readonly onProgress?: OnProgress<LobpcgDetail> | undefined;
}

export interface LobpcgDetail {
  readonly iterations: number;
  /** of the k pairs */
  readonly convergedPairs: number;
}

export type ResolvedLobpcg = Required<
  Pick<LobpcgOptions, 'k' | 'which' | 'blockSize' | 'tol' | 'maxMatvecs' | 'seed'>
> &
  Pick<LobpcgOptions, 'signal' | 'onProgress' | 'metric' | 'preconditioner'> & {
    readonly constraints: readonly Float64Array[];
    readonly start: readonly Float64Array[];
  };

/** @throws ArgumentError, ArgumentTypeError with the option and its value */
export function resolveLobpcg(caller: string, op: LinearOperator, options: LobpcgOptions): ResolvedLobpcg {
  requireOptions(caller, options, 'an object with k');
  const { k, which = 'SA', preconditioner, metric, constraints, start, seed = 0, signal, onProgress } = options;
  const { blockSize: _b, tol: _t, maxMatvecs: _m, k: _k, which: _w, preconditioner: _p, metric: _a, ...rest } = options;
  const { constraints: _c, start: _s, seed: _e, signal: _g, onProgress: _o, ...others } = rest;
  requireNoOthers(caller, others, 'LobpcgOptions');
  const n = op.size;
  const locked = rowsOf(caller, 'constraints', constraints, n);
  const free = n - locked.length;
  if (free < 1) refuse(caller, `constraints must be fewer than n=${n} rows, got ${locked.length}`);
  requireInteger(caller, 'k', k, 1, free);
  const from = rowsOf(caller, 'start', start, n);
  const least = Math.min(free, Math.max(from.length, k + Math.max(2, Math.ceil(k / 4))));
  const { blockSize = least, tol = op.dtype === 'float32' ? 1e-5 : 1e-8, maxMatvecs = 1000 * blockSize } = options;
  requireInteger(caller, 'blockSize', blockSize, k, free);
  requireOneOf(caller, 'which', which, ['SA', 'LA']);
  requirePositive(caller, 'tol', tol);
  requireInteger(caller, 'maxMatvecs', maxMatvecs, 1);
  requireSeed(caller, seed);
  if (preconditioner !== undefined && typeof preconditioner !== 'function')
    refuseType(caller, 'preconditioner', 'a function (r, out)', preconditioner);
  if (metric !== undefined) {
    assertOperator(metric, caller);
    if (metric.size !== n) refuse(caller, `metric must be of order ${n} as A is, got ${metric.size}`);
  }
  if (from.length > blockSize)
    refuse(
      caller,
      `start must be at most blockSize=${blockSize} rows, got ${from.length}; raise blockSize or leave rows out`,
    );
  return {
    k,
    which,
    blockSize,
    tol,
    maxMatvecs,
    seed,
    constraints: locked,
    start: from,
    ...(preconditioner && { preconditioner }),
    ...(metric && { metric }),
    signal,
    onProgress,
  };
}

function rowsOf(caller: string, name: string, rows: FloatArray | undefined, n: number): Float64Array[] {
  if (rows === undefined) return [];
  requireFloatArray(caller, name, rows);
  requireFiniteEntries(caller, name, rows);
  if (rows.length % n !== 0) refuse(caller, `${name} must be rows of n=${n} numbers, got ${rows.length} numbers`);
  return Array.from({ length: rows.length / n }, (_, i) => Float64Array.from(rows.subarray(i * n, (i + 1) * n)));
}
