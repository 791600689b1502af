import {
  refuse,
  requireBetween,
  requireFinite,
  requireInteger,
  requireNonNegative,
  requireOneOf,
  requireOptions,
  requireSeed,
  requireWithin,
} from '@hyperribbon/contract';
import type { LinearOperator } from '@hyperribbon/linop';
import { MOST_BYTES } from '../factorization/factorizationOptions.js';
import { requireStart } from '../factorization/startVector.js';
import type { EigshOptions } from './eigshOptions.js';
import { knownRows } from '../factorization/knownPairs.js';

type Filled =
  | 'k'
  | 'which'
  | 'tol'
  | 'failureProbability'
  | 'maxMatvecs'
  | 'basisSize'
  | 'blockSize'
  | 'denseBelow'
  | 'memoryLimit'
  | 'checkpointEvery'
  | 'seed';

/** Options with defaults filled in. */
export interface ResolvedEigshOptions extends Required<Pick<EigshOptions, Filled>> {
  /** number of known pairs */
  readonly known: number;
  /** above and below as one */
  readonly threshold: number | null;
  readonly noise: EigshOptions['noise'] | undefined;
}

/** Fills in defaults. @param caller first word of errors @throws ArgumentError, ArgumentTypeError with the option and its value */
export function resolveEigshOptions(op: LinearOperator, options: EigshOptions, caller = 'eigsh'): ResolvedEigshOptions {
  requireOptions(caller, options, 'an object with k, above or below');
  const { seed = 0 } = options;
  const target = resolveTarget(op, options, caller);
  const accuracy = resolveAccuracy(op, options, caller);
  const effort = resolveEffort(op, options, target.k, caller);
  requireSeed(caller, seed);
  return { ...target, ...accuracy, ...effort, seed };
}

function resolveTarget({ size: n }: LinearOperator, options: EigshOptions, caller: string) {
  const { above, below, deflate } = options;
  if (above !== undefined && below !== undefined) refuse(caller, 'give above or below, not both');
  const threshold = above ?? below ?? null;
  if (threshold !== null) requireFinite(caller, above === undefined ? 'below' : 'above', threshold);
  if (threshold !== null && options.which !== undefined)
    refuse(caller, `which goes with k alone, got which=${options.which} with a threshold`);
  const which = below === undefined ? (options.which ?? 'LA') : 'SA';
  requireOneOf(caller, 'which', which, ['LA', 'SA', 'LM', 'BE']);
  const known = knownRows(deflate, n, caller).length;
  const k = options.k ?? ((threshold === null ? undefined : Math.min(n - known, 64)) as number);
  requireInteger(caller, known > 0 ? 'k (of those not known)' : 'k', k, n === 0 ? 0 : 1, n - known);
  return { k, which, known, threshold } as const;
}

function resolveAccuracy({ dtype }: LinearOperator, options: EigshOptions, caller: string) {
  const { noise, storage, failureProbability = 1e-4 } = options;
  const { tol = dtype === 'float32' || storage === 'float32' ? 1e-5 : 1e-8 } = options;
  requireWithin(caller, 'tol', tol, 0, 1);
  requireBetween(caller, 'failureProbability', failureProbability, 0, 1);
  if (noise !== undefined && noise !== 'estimate') requireWithin(caller, 'noise', noise, 0, 1);
  if (storage !== undefined) requireOneOf(caller, 'storage', storage, ['float32', 'float64']);
  // vectors kept more precisely than the operator takes them: its rounding is noise
  const rounding = storage === 'float64' && dtype === 'float32' ? 'estimate' : undefined;
  return { tol, failureProbability, noise: noise ?? rounding };
}

function resolveEffort({ size: n }: LinearOperator, options: EigshOptions, k: number, caller: string) {
  const { maxMatvecs = Math.max(3000, 100 * k), basisSize = Math.max(2 * k + 20, 40) } = options;
  const starts = requireStart(caller, options.v0, n, n);
  const { blockSize = Math.max(1, starts) } = options;
  const { denseBelow = 1024, memoryLimit = MOST_BYTES, checkpointEvery = 0 } = options;
  if (maxMatvecs !== Infinity) requireInteger(caller, 'maxMatvecs', maxMatvecs, 1);
  requireInteger(caller, 'basisSize', basisSize, 1);
  requireInteger(caller, 'blockSize', blockSize, Math.max(1, starts), n + 1);
  requireInteger(caller, 'checkpointEvery', checkpointEvery, 0);
  requireNonNegative(caller, 'denseBelow', denseBelow);
  requireOneOf(caller, 'filter', options.filter ?? 'auto', ['auto', 'off']);
  if (memoryLimit !== Infinity) requireNonNegative(caller, 'memoryLimit', memoryLimit);
  // a block, the pairs and something to find them in
  const least = k + 2 * blockSize + 2;
  return { maxMatvecs, basisSize: Math.max(least, basisSize), blockSize, denseBelow, memoryLimit, checkpointEvery };
}

/** Rows beyond the basis that a verification may use. */
export function reserveOf(basisSize: number): number {
  return Math.max(12, Math.ceil(0.4 * basisSize));
}
