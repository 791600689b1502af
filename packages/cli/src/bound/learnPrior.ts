import type { Progress } from '@hyperribbon/contract';
import { cosineSchedule, train, type Examples, type Network } from '@hyperribbon/nn';
import { trainingText } from '../output/trainingText.js';
import { shiftedImages } from './shiftedImages.js';

export interface LearnPriorOptions {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: { readonly from: number; readonly to: number };
  readonly shift: number;
  readonly seed: number;
  readonly initial: Float32Array;
  readonly signal: AbortSignal;
  readonly report: (progress: Progress<string>) => void;
}

/** Trains the prior's mean on examples of its own, by Adam with a cosine schedule, images moved anew every epoch if asked. */
export async function learnPrior(
  network: Network,
  examples: Examples,
  { epochs, batchSize, learningRate, shift, seed, initial, signal, report }: LearnPriorOptions,
): Promise<{ weights: Float32Array; finished: boolean }> {
  const { params, finished } = await train(network, examples, {
    epochs,
    batchSize,
    schedule: cosineSchedule(learningRate.from, learningRate.to),
    seed,
    initial,
    signal,
    ...(shift === 0 ? {} : { renewExamples: (epoch) => shiftedImages(examples, shift, seed, epoch) }),
    onProgress: (progress) => report({ ...progress, detail: trainingText(progress, epochs) }),
  });
  return { weights: params as Float32Array, finished };
}
