import {
  cosineSchedule,
  inEvaluation,
  train,
  type Checkpoint,
  type Examples,
  type Network,
  type TrainProgress,
} from '@hyperribbon/nn';
import type { TrainedOrigin } from '../../certificate/certificate.js';
import { shiftedImages } from './shiftedImages.js';

/** What a learnt prior's mean depends on beside network and examples: a certificate tells it, and a verifier trains it again. */
export type PriorRecipe = Pick<TrainedOrigin, 'epochs' | 'batchSize' | 'learningRate' | 'shift' | 'seed'>;

export interface LearnPriorOptions {
  /** (size,) where it starts; default `network.init(seed, 'float32')` */
  readonly initial?: Float32Array;
  /** stops before the next step: what there is then is no prior that anybody can make again */
  readonly signal?: AbortSignal | undefined;
  /** of a training that was stopped, with the same recipe and examples: it goes on to the same bits */
  readonly resume?: Checkpoint | undefined;
  readonly onProgress?: (progress: TrainProgress) => void;
}

/**
 * Trains the mean of a prior, on examples that the bound leaves out: Adam with a cosine schedule, images moved anew every epoch if asked, in
 * deterministic kernels, so that the same recipe gives the same bits everywhere.
 *
 * @returns weights (size,); `finished` is false if the signal ended it early, and `checkpoint` is then where it goes on
 * @throws RangeError for images that are to be moved and are not square; what `train` of nn throws
 * Cost: that of `train`
 */
export async function learnPrior(
  network: Network,
  examples: Examples,
  { epochs, batchSize, learningRate, shift, seed }: PriorRecipe,
  { initial, signal, resume, onProgress }: LearnPriorOptions = {},
): Promise<{ weights: Float32Array; finished: boolean; checkpoint: Checkpoint }> {
  const { params, finished, checkpoint } = await train(inEvaluation(network), examples, {
    epochs,
    batchSize,
    schedule: cosineSchedule(learningRate.from, learningRate.to),
    seed,
    initial: initial ?? network.init(seed, 'float32'),
    deterministic: true,
    signal,
    ...(resume === undefined ? {} : { resume }),
    ...(shift === 0 ? {} : { renewExamples: (epoch) => shiftedImages(examples, shift, seed, epoch) }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  return { weights: params as Float32Array, finished, checkpoint };
}
