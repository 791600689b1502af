import { requireInteger, requireNonNegative, requireOneOf } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import {
  adam,
  cosineSchedule,
  requireSameRun,
  runIdentity,
  type Examples,
  type Network,
  type Schedule,
  type TrainOptions,
} from '@hyperribbon/nn';
import { requireDelta } from '../../assumptions.js';
import type { PriorFamily } from '../gaussian/priorFamily.js';
import type { MeanCoordinates } from '../noise/noisyLogits.js';
import type { BoundCheckpoint, BoundIdentity, BoundProgress } from './boundCheckpoint.js';
import { requireObjective, type ObjectiveName, type ObjectiveSetting } from './objective.js';
import type { StepSetting } from './boundStepOptions.js';
import type { Surrogate } from './surrogate.js';

/** What is asked of every optimisation of a bound, whatever the family of posteriors. */
export interface DescentOptions
  extends Pick<TrainOptions, 'epochs' | 'optimizer' | 'seed' | 'dtype' | 'deterministic' | 'signal'> {
  readonly prior: PriorFamily;
  /** posterior mean to start from (size,), in the coordinates of the posterior; default the prior's mean */
  readonly initialMean?: FloatArray;
  /** deviations to start from, as many as the posterior has, or a factor on the prior's; default 0.5 */
  readonly initialStd?: FloatArray | number;
  /** default `kl` */
  readonly objective?: ObjectiveName;
  /** default `cross-entropy` */
  readonly surrogate?: Surrogate;
  /** δ of the bound that is optimised, default 0.025 */
  readonly delta?: number;
  /** η of `bbb`, default 0.1 */
  readonly klWeight?: number;
  /** default 500; a last batch that would be smaller is left out, another one in every epoch */
  readonly batchSize?: number;
  /** draws that a step's risk is averaged over, default 1; of whole networks each meets the whole batch */
  readonly draws?: number;
  /** of means and deviations, default cosine 2e-3 → 1e-4 */
  readonly schedule?: Schedule;
  /** on the learning rate: of ln std (default 3) and of ½ ln of the prior's scales (default 3) */
  readonly learningRateFactors?: { readonly logStd?: number; readonly scales?: number };
  /** called about ten times a second and after every epoch; a unit is a step */
  readonly onProgress?: ((progress: BoundProgress) => void) | undefined;
  /** called after every epoch with views of the running state: write or copy them before returning */
  readonly onEpoch?: ((checkpoint: BoundCheckpoint) => void) | undefined;
  /** the `checkpoint` of an earlier run with the same options: goes on where it stopped, to the same bits */
  readonly resume?: BoundCheckpoint | undefined;
}

/** How a bound is descended, with the defaults filled in. */
export interface DescentSetting
  extends Required<Pick<DescentOptions, 'epochs' | 'optimizer' | 'schedule'>>,
    Pick<DescentOptions, 'signal' | 'onProgress' | 'onEpoch' | 'resume'> {
  /** the public function that was called, for its errors */
  readonly caller: string;
  readonly network: Network;
  /** its fixed scales do not move */
  readonly prior: PriorFamily;
  readonly identity: BoundIdentity;
  readonly setting: ObjectiveSetting;
  readonly learningRateFactors: { readonly logStd: number; readonly scales: number };
}

/**
 * @param meansIn coordinates of the means, for posteriors with a basis
 * @throws RangeError, TypeError for options out of range, examples that do not fit, or a checkpoint of another run
 */
export function resolveDescent(
  caller: string,
  examples: Examples,
  {
    prior,
    objective = 'kl',
    surrogate = 'cross-entropy',
    delta = 0.025,
    klWeight = 0.1,
    epochs = 20,
    batchSize = 500,
    draws = 1,
    optimizer = adam(),
    schedule = cosineSchedule(2e-3, 1e-4),
    learningRateFactors: { logStd = 3, scales = 3 } = {},
    seed = 0,
    dtype = 'float32',
    deterministic = false,
    signal,
    onProgress,
    onEpoch,
    resume,
  }: DescentOptions,
  meansIn?: MeanCoordinates,
): { readonly descent: DescentSetting; readonly step: StepSetting } {
  const { network } = prior;
  requireObjective(caller, objective);
  requireOneOf(caller, 'surrogate', surrogate, ['cross-entropy', 'bounded']);
  requireDelta(caller, delta);
  requireNonNegative(caller, 'klWeight', klWeight);
  requireInteger(caller, 'epochs', epochs, 0);
  requireInteger(caller, 'draws', draws, 1);
  requireNonNegative(caller, 'learningRateFactors.logStd', logStd);
  requireNonNegative(caller, 'learningRateFactors.scales', scales);
  const run = runIdentity(caller, network, examples, { batchSize, seed, dtype });
  const identity = { ...run, objective, ...(meansIn === undefined ? {} : { meansIn }) };
  if (resume !== undefined) requireSameRun<BoundIdentity>(caller, resume, identity);
  const setting = { objective, n: examples.count, delta, klWeight };
  const settled = { epochs, optimizer, schedule, learningRateFactors: { logStd, scales } };
  return {
    descent: { caller, network, prior, identity, setting, ...settled, signal, onProgress, onEpoch, resume },
    step: { setting, surrogate, batch: run.batchSize, draws, dtype, deterministic },
  };
}
