import type { Dtype } from '@hyperribbon/kernels';
import {
  adam,
  assertExamples,
  cosine,
  type Examples,
  type Network,
  type Optimizer,
  type Schedule,
} from '@hyperribbon/nn';
import { requireCount, requireDelta } from '../../theorems/assumptions.js';
import type { ObjectiveName, ObjectiveSetting, Surrogate } from './objective.js';
import type { BoundCheckpoint, BoundProgress } from './optimizedBound.js';
import type { StepSetting } from './stepSetting.js';

/** What is asked of every optimisation of a bound, whatever the family of posteriors. */
export interface DescentOptions {
  /** default `kl` */
  readonly objective?: ObjectiveName;
  /** default `cross-entropy` */
  readonly surrogate?: Surrogate;
  /** δ of the bound that is optimised, default 0.025 */
  readonly delta?: number;
  /** η of `bbb`, default 0.1 */
  readonly klWeight?: number;
  /** passes over the examples, default 20 */
  readonly epochs?: number;
  /** default 500; a last batch that would be smaller is left out, another one in every epoch */
  readonly batchSize?: number;
  /** draws that a step's risk is averaged over, default 1 */
  readonly draws?: number;
  /** default Adam */
  readonly optimizer?: Optimizer;
  /** of means and deviations, default cosine 2e-3 → 1e-4 */
  readonly schedule?: Schedule;
  /** factors on the rate: of ln std (default 3) and of ½ ln of the prior's scales (default 3) */
  readonly rates?: { readonly logStd?: number; readonly scales?: number };
  readonly seed?: number;
  readonly dtype?: Dtype;
  readonly deterministic?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: BoundProgress) => void;
  /** called after every epoch with views of the running state: write or copy them before returning */
  readonly onEpoch?: (checkpoint: BoundCheckpoint) => void;
  readonly resume?: BoundCheckpoint;
}

/** How a bound is descended, with the defaults filled in. */
export interface DescentSetting {
  readonly network: Network;
  readonly setting: ObjectiveSetting;
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: Optimizer;
  readonly schedule: Schedule;
  readonly rates: { readonly logStd: number; readonly scales: number };
  readonly seed: number;
  readonly signal: DescentOptions['signal'] | undefined;
  readonly onProgress: DescentOptions['onProgress'] | undefined;
  readonly onEpoch: DescentOptions['onEpoch'] | undefined;
  readonly resume: BoundCheckpoint | undefined;
}

/** @throws RangeError, TypeError for options out of range or examples that do not fit */
export function descentOptions(
  caller: string,
  network: Network,
  examples: Examples,
  {
    objective = 'kl',
    surrogate = 'cross-entropy',
    delta = 0.025,
    klWeight = 0.1,
    epochs = 20,
    batchSize: wantedBatch = 500,
    draws = 1,
    optimizer = adam(),
    schedule = cosine(2e-3, 1e-4),
    rates: { logStd = 3, scales = 3 } = {},
    seed = 0,
    dtype = 'float32',
    deterministic = false,
    signal,
    onProgress,
    onEpoch,
    resume,
  }: DescentOptions,
): { readonly descent: DescentSetting; readonly step: StepSetting } {
  assertExamples(caller, network, examples);
  requireDelta(caller, delta);
  requireCount(caller, epochs, 'epochs', 0);
  requireCount(caller, wantedBatch, 'batchSize', 1);
  requireCount(caller, draws, 'draws', 1);
  const { count } = examples;
  const batchSize = Math.min(wantedBatch, count);
  const setting = { objective, n: count, delta, klWeight };
  const rates = { logStd, scales };
  return {
    descent: {
      network,
      setting,
      epochs,
      batchSize,
      optimizer,
      schedule,
      rates,
      seed,
      signal,
      onProgress,
      onEpoch,
      resume,
    },
    step: { setting, surrogate, batch: batchSize, draws, dtype, deterministic },
  };
}
