import {
  type OnProgress,
  requireFinite,
  requireFiniteEntries,
  requireInteger,
  requireNoOthers,
  requireOptions,
  requirePositive,
  refuseType,
} from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels/linear';

/** What the iterative solvers share. */
export interface SolveOptions {
  /** residual that counts as converged, relative to ‖b‖; default 1e-8 for float64, 1e-5 for float32 */
  readonly tol?: number;
  /** most products; default 10 n + 50 */
  readonly maxMatvecs?: number;
  /** (n,) where to start; default zero. From zero a singular system that has solutions gets its shortest */
  readonly start?: FloatArray;
  /** ends the solve between two products: the report has reason 'aborted' and what was found by then */
  readonly signal?: AbortSignal | undefined;
  /** hears of the products made, of the residual in `detail`, at most every 40 ms */
  readonly onProgress?: OnProgress<SolveDetail> | undefined;
}

export interface SolveDetail {
  /** residual of the recurrence, relative to ‖b‖ */
  readonly relativeResidual: number;
}

/** Those of symmetric operators. */
export interface SymmetricSolveOptions extends SolveOptions {
  /** out ← M r with M symmetric, positive definite and near (A − shift)⁻¹ */
  readonly preconditioner?: ((r: Float64Array, out: Float64Array) => void | Promise<void>) | undefined;
  /** solves (A − shift) x = b; default 0 */
  readonly shift?: number;
}

export interface ResolvedSolve {
  readonly tol: number;
  readonly maxMatvecs: number;
  readonly start: FloatArray | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: OnProgress<SolveDetail> | undefined;
}

/** Checks b and the shared options. @param unknowns length of x; @param equations length of b */
export function resolveSolve(
  caller: string,
  b: ArrayLike<number>,
  dtype: Dtype,
  [equations, unknowns]: readonly [number, number],
  options: SolveOptions,
  type: string,
): ResolvedSolve {
  requireFiniteEntries(caller, 'b', b, equations);
  requireOptions(caller, options);
  const {
    tol = dtype === 'float32' ? 1e-5 : 1e-8,
    maxMatvecs = 10 * unknowns + 50,
    start,
    signal,
    onProgress,
    ...others
  } = options;
  requireNoOthers(caller, others, type);
  requirePositive(caller, 'tol', tol);
  requireInteger(caller, 'maxMatvecs', maxMatvecs, 1);
  if (start !== undefined) requireFiniteEntries(caller, 'start', start, unknowns);
  return { tol, maxMatvecs, start, signal, onProgress };
}

/** The two options that symmetric operators add. */
export function requireSymmetricOptions(caller: string, { preconditioner, shift }: SymmetricSolveOptions): void {
  if (preconditioner !== undefined && typeof preconditioner !== 'function')
    refuseType(caller, 'preconditioner', 'a function (r, out)', preconditioner);
  if (shift !== undefined) requireFinite(caller, 'shift', shift);
}
