import {
  requireBetween,
  requireInteger,
  requireNonNegative,
  requireOnly,
  requireOptions,
  requireSeed,
  requireWithin,
} from '@hyperribbon/contract';
import type { RectangularOperator } from '@hyperribbon/linop';
import type { EigshSettings } from '../eigsh/eigshOptions.js';

const SHARED = [
  'seed',
  'maxMatvecs',
  'failureProbability',
  'denseBelow',
  'memoryLimit',
  'signal',
  'onProgress',
  'deterministic',
  'engine',
] as const;

export interface RankOptions extends Pick<EigshSettings, (typeof SHARED)[number]> {
  /** singular values up to tol · ‖A‖ count as zero; default max(rows, columns) · eps, as numpy's matrix_rank does */
  readonly tol?: number;
  /** most values to look for on one side of the threshold, where the matrix is not formed; default 64 */
  readonly most?: number;
}

export interface ResolvedRank
  extends Required<Pick<RankOptions, 'tol' | 'most' | 'seed' | 'maxMatvecs' | 'failureProbability'>> {
  readonly eps: number;
  /** whether min(rows, columns) products form the matrix */
  readonly formed: boolean;
}

/** most numbers of a matrix that is formed */
const MOST_NUMBERS = 2 ** 25;

/** @throws ArgumentError, ArgumentTypeError with the option and its value */
export function resolveRank(
  caller: string,
  { rows, columns, dtype }: RectangularOperator,
  options: RankOptions,
): ResolvedRank {
  requireOptions(caller, options);
  requireOnly(caller, options, ['tol', 'most', ...SHARED]);
  const eps = dtype === 'float32' ? 2 ** -23 : 2 ** -52;
  const {
    tol = Math.min(1, Math.max(rows, columns) * eps),
    most = 64,
    seed = 0,
    failureProbability = 1e-4,
    denseBelow = 1024,
  } = options;
  const { maxMatvecs = Math.max(3000, 100 * most) } = options;
  requireWithin(caller, 'tol', tol, 0, 1);
  requireInteger(caller, 'most', most, 1);
  requireSeed(caller, seed);
  requireBetween(caller, 'failureProbability', failureProbability, 0, 1);
  requireNonNegative(caller, 'denseBelow', denseBelow);
  if (maxMatvecs !== Infinity) requireInteger(caller, 'maxMatvecs', maxMatvecs, 1);
  const short = Math.min(rows, columns);
  const formed = short <= denseBelow && short <= maxMatvecs && rows * columns <= MOST_NUMBERS;
  return { tol, most, seed, maxMatvecs, failureProbability, eps, formed };
}
