import { cosine, train, type Checkpoint, type Examples, type Network } from '@hyperribbon/nn';
import { shiftedImages } from './shiftedImages.js';

export interface LearnPriorOptions {
  readonly epochs: number;
  readonly batchSize: number;
  readonly rate: { readonly from: number; readonly to: number };
  readonly shift: number;
  readonly seed: number;
  readonly initial: Float32Array;
  readonly signal: AbortSignal;
  readonly report: (fraction: number, detail: string) => void;
}

/** Trains the prior's mean on examples of its own, by Adam with a cosine schedule, images moved anew every epoch if asked. */
export async function learnPrior(
  network: Network,
  examples: Examples,
  { epochs, batchSize, rate, shift, seed, initial, signal, report }: LearnPriorOptions,
): Promise<{ weights: Float32Array; finished: boolean }> {
  let checkpoint: Checkpoint | undefined;
  let weights = initial;
  const options = {
    epochs,
    batchSize,
    schedule: cosine(rate.from, rate.to),
    seed,
    initial,
    onProgress: ({
      epoch,
      step,
      steps,
      loss,
      error,
    }: {
      epoch: number;
      step: number;
      steps: number;
      loss: number;
      error: number;
    }) =>
      report(
        step / steps,
        `epoch ${epoch + 1}/${epochs}, loss ${loss.toFixed(4)}, error ${(100 * error).toFixed(2)} %`,
      ),
  };
  if (shift === 0) {
    const run = await train(network, examples, { ...options, signal });
    return { weights: run.params as Float32Array, finished: run.finished };
  }
  // one epoch at a time: the run stops after each and goes on with the same images moved otherwise
  const stepsPerEpoch = Math.ceil(examples.count / Math.min(batchSize, examples.count));
  for (let epoch = 0; epoch < epochs && !signal.aborted; epoch++) {
    const pause = new AbortController();
    const stop = (): void => pause.abort();
    signal.addEventListener('abort', stop);
    const run = await train(network, shiftedImages(examples, shift, seed, epoch), {
      ...options,
      signal: pause.signal,
      ...(checkpoint === undefined ? {} : { resume: checkpoint }),
      onProgress: (progress) => {
        options.onProgress(progress);
        if (progress.step >= (epoch + 1) * stepsPerEpoch) pause.abort();
      },
    });
    signal.removeEventListener('abort', stop);
    checkpoint = run.checkpoint;
    weights = run.params as Float32Array;
    if (run.reason === 'nonFiniteLoss') return { weights, finished: false };
  }
  return { weights, finished: !signal.aborted };
}
