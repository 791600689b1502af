import {
  refuse,
  refuseType,
  requireBetween,
  requireFinite,
  requireInteger,
  requireOneOf,
  requireOptions,
  requireWithin,
} from '@hyperribbon/contract';
import type { Matvec } from '@hyperribbon/linop';
import type { LinearOperator } from '@hyperribbon/linop';
import type { EigshSettings } from '../eigsh/eigshOptions.js';

/** of eigsh that say what is wanted, or do not suit a search near a number */
const FOREIGN = [
  'which',
  'above',
  'below',
  'deflate',
  'resume',
  'checkpointEvery',
  'onCheckpoint',
  'noise',
  'v0',
] as const;

/** x ← (A − sigma)⁻¹ b: writes x or returns it, in the operator's dtype. */
export type Inverse = Matvec<Float64Array> | Matvec<Float32Array>;

export interface EigshNearOptions extends Omit<EigshSettings, 'k' | 'maxMatvecs' | (typeof FOREIGN)[number]> {
  /** most solves, default max(10,000, 100 k); without `inverse` most products, default max(200,000, 20,000 k) */
  readonly maxMatvecs?: number;
  /** how many eigenvalues, 1..n */
  readonly k: number;
  /** the number that they are nearest to */
  readonly sigma: number;
  /**
   * x ← (A − sigma)⁻¹ b, by a factorisation of yours: writes x, or returns it. Without it products alone must do, of which it takes many
   */
  readonly inverse?: Inverse;
  /**
   * without `inverse`: 'auto' (default) forms the matrix up to n = `denseBelow`, searches an end of the spectrum where sigma lies there, and else goes on as 'filter': the largest
   * eigenvalues of a polynomial of A that is largest near sigma. 'square': the smallest of (A − sigma)², which resolves distances from sigma only down to about 1e-6 ‖A‖ and takes two to three times
   * as many products. 'minres': each solve is one of MINRES
   */
  readonly solver?: 'auto' | 'filter' | 'square' | 'minres';
}

export type ResolvedNear = Required<
  Pick<EigshNearOptions, 'k' | 'sigma' | 'tol' | 'failureProbability' | 'maxMatvecs'>
>;

/** @throws ArgumentError, ArgumentTypeError with the option and its value */
export function resolveNear(caller: string, { size, dtype }: LinearOperator, options: EigshNearOptions): ResolvedNear {
  requireOptions(caller, options, 'an object with k and sigma');
  for (const name of FOREIGN)
    if ((options as Partial<EigshSettings>)[name] !== undefined)
      refuse(caller, `${name} is no option of ${caller}, which finds the k eigenvalues nearest to sigma; leave it out`);
  const { k, sigma, inverse, solver, failureProbability = 1e-4 } = options;
  const most = inverse === undefined ? Math.max(200_000, 20_000 * k) : Math.max(10_000, 100 * k);
  const { tol = dtype === 'float32' ? 1e-5 : 1e-8, maxMatvecs = most } = options;
  requireInteger(caller, 'k', k, 1, size);
  requireFinite(caller, 'sigma', sigma);
  requireWithin(caller, 'tol', tol, 0, 1);
  requireBetween(caller, 'failureProbability', failureProbability, 0, 1);
  if (maxMatvecs !== Infinity) requireInteger(caller, 'maxMatvecs', maxMatvecs, 1);
  if (inverse !== undefined && typeof inverse !== 'function')
    refuseType(caller, 'inverse', 'a function (b, x)', inverse);
  if (solver !== undefined) {
    requireOneOf(caller, 'solver', solver, ['auto', 'filter', 'square', 'minres']);
    if (inverse !== undefined) refuse(caller, 'solver is for searches without inverse; leave one of the two out');
  }
  return { k, sigma, tol, failureProbability, maxMatvecs };
}
