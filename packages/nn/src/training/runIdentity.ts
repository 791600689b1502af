import { refuse, requireInteger, requireSeed } from '@hyperribbon/contract';
import type { Dtype } from '@hyperribbon/kernels';
import { type AnyExamples, requireAnyExamples } from '../examples.js';
import type { Loss } from '../losses.js';
import type { Network } from '../network.js';
import { networkIdentity } from '../networkProgram.js';

/** What must be the same in a resumed run as in the run that stopped. */
export interface RunIdentity {
  /** its networkIdentity */
  readonly network: string;
  readonly dtype: Dtype;
  readonly seed: number;
  readonly count: number;
  /** at most `count` */
  readonly batchSize: number;
}

/** @throws RangeError for examples that do not fit the network, or a batch size or seed that is none */
export function runIdentity(
  caller: string,
  network: Network,
  examples: AnyExamples,
  { batchSize, seed, dtype }: Pick<RunIdentity, 'batchSize' | 'seed' | 'dtype'>,
  loss?: Loss,
): RunIdentity {
  requireAnyExamples(caller, network, examples, dtype, loss);
  requireInteger(caller, 'batchSize', batchSize, 1);
  requireSeed(caller, seed);
  const { count } = examples;
  return { network: networkIdentity(network), dtype, seed, count, batchSize: Math.min(batchSize, count) };
}

/**
 * A resumed run must be the run that stopped: anything else would give weights that no seed explains.
 *
 * @param now what this run is told apart by; every entry must be equal in the checkpoint
 * @throws RangeError naming what differs
 */
export function requireSameRun<Identity extends RunIdentity>(
  caller: string,
  checkpoint: Identity & { readonly version: 2 },
  now: Identity,
): void {
  const { version } = checkpoint;
  if (version !== 2) refuse(caller, `resume must be a checkpoint of version 2, got ${String(version)}`);
  for (const key of Object.keys(now) as (keyof Identity)[]) {
    if (checkpoint[key] !== now[key]) {
      refuse(caller, `resume must have the ${String(key)} of this run, ${now[key]}, got ${checkpoint[key]}`);
    }
  }
}
