import {
  type Augment,
  augmentations,
  cropAndFlip,
  mixup,
  lossFromData,
  type Network,
  networkFromData,
  type NetworkData,
  networkToData,
  smoothLabels,
  train,
  type TrainOptions,
  type TrainReport,
} from '@hyperribbon/nn';
import { parseArchitecture } from '@hyperribbon/nn/models';
import type { JobContext } from '@hyperribbon/study';
import { trainingText } from '../output/trainingText.js';
import { UsageError } from '../usageError.js';
import { runEvaluate, type EvaluateJob, type EvaluateResult } from './evaluate.js';

type Asked =
  | 'batchSize'
  | 'schedule'
  | 'seed'
  | 'initial'
  | 'anchor'
  | 'optimizer'
  | 'clipNorm'
  | 'sharpnessAware'
  | 'normBias'
  | 'microBatch'
  | 'workers'
  | 'resume'
  | 'hooks';

/**
 * Training, by Adam unless another optimiser is named; with an anchor, the "decayed" run of the analytic bound [yang2022]. Hooks are functions:
 * a job that has them runs in this thread.
 */
export interface TrainJob extends Omit<EvaluateJob, 'params'>, Pick<TrainOptions, Asked> {
  readonly epochs: number;
  readonly augmentation?: Augmentation;
}

export type TrainResult = EvaluateResult &
  Omit<TrainReport, 'checkpoint' | 'network'> & {
    /** as it is evaluated with the buffers that came of training */
    readonly network: NetworkData;
  };

/** How training examples are changed, as plain data. */
export interface Augmentation {
  /** [channels, height, width] of what crop and flip move */
  readonly image?: readonly [number, number, number];
  /** pixels */
  readonly crop?: number;
  readonly flip?: boolean;
  /** alpha of the shares of mixtures */
  readonly mixup?: number;
  /** share of the probability that goes to all classes alike */
  readonly smoothing?: number;
}

function augmentOf({ image, crop = 0, flip = false, mixup: alpha, smoothing }: Augmentation): Augment {
  return augmentations(
    ...(crop > 0 || flip ? [cropAndFlip({ padding: crop, flip, ...(image && { image }) })] : []),
    ...(alpha === undefined ? [] : [mixup({ alpha })]),
    ...(smoothing === undefined ? [] : [smoothLabels(smoothing)]),
  );
}

/** Trains, then measures loss and error on all training and test examples at the final weights. */
export async function runTrain(job: TrainJob, { signal, report }: JobContext): Promise<TrainResult> {
  const { network, train: examples, test: validation, loss, augmentation: changes, ...options } = job;
  const run = await train(trainable(network), examples, {
    ...options,
    ...(validation === undefined ? {} : { validation }),
    ...(loss === undefined ? {} : { loss: lossFromData(loss) }),
    ...(changes === undefined ? {} : { augment: augmentOf(changes) }),
    signal,
    onProgress: (progress) => report({ ...progress, detail: trainingText(progress, job.epochs) }),
  });
  const { checkpoint: _checkpoint, network: bound, ...result } = run;
  const trained = bound.buffers === undefined ? network : networkToData(bound);
  // without the signal: what an interrupted run reached is measured too
  return { ...result, network: trained, ...(await runEvaluate({ ...job, network: trained, params: run.params })) };
}

/** The network of data, with the training mode that data do not hold. */
export function trainable(network: NetworkData): Network {
  if (network.trainingMode !== true) return networkFromData(network);
  if (network.architecture === undefined)
    throw new UsageError(
      `--architecture: ${network.name} has a training mode that no text describes; train it by the library`,
    );
  return parseArchitecture(network.architecture);
}
