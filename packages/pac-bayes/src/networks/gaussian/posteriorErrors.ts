import { compile, float32, float64 } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import { floatArray, interval, type OnProgress, pacer, requireInteger, throwIfAborted } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import {
  requireExamples,
  countMistakes,
  parameterSpecs,
  planBatches,
  sizeOf,
  unflatten,
  type Examples,
  type ParameterTensors,
} from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { noisyForward, type NoiseKind } from '../noise/noisyForward.js';
import type { PosteriorErrors } from '../posteriorFamily.js';
import { requirePosterior, type GaussianPosterior } from './gaussianPosterior.js';

export interface PosteriorErrorOptions {
  /** passes over the examples, default 1 */
  readonly passes?: number;
  /** names the streams of the draws; default 0 */
  readonly seed?: number;
  /** what the draws are for, part of the streams' names; default 'posterior/certify' */
  readonly purpose?: string;
  /** examples per run with local reparametrisation, default 500. It names the streams too: another size is another draw */
  readonly batchSize?: number;
  /** default float32 */
  readonly dtype?: Dtype;
  /** default true: the same count in every runtime, so that a certificate can be re-measured */
  readonly deterministic?: boolean;
  readonly noise?: NoiseKind;
  /** rejects with an AbortError: the theorem counts the trials that were announced */
  readonly signal?: AbortSignal | undefined;
  /** called about ten times a second and at the end; a unit is a trial */
  readonly onProgress?: OnProgress<{ readonly errors: number }>;
}

/**
 * Mistakes of the random classifier: every example meets `passes` independent draws of the weights.
 *
 * All passes × count trials are independent, each example equally often: the number of mistakes is a sum of independent 0-1
 * variables whose mean is exactly trials · ê(Q), so `monteCarloLimit({ errors, trials }, delta)` limits ê(Q) [hoeffding1956].
 * Equal largest logits count as in `countMistakes` of nn.
 *
 * @throws RangeError, TypeError for a posterior or examples that do not fit; AbortError when the signal aborts
 * Cost: per example and pass two forward passes' matrix products (local), or one and as many normal numbers as weights (weights)
 * @example
 * const { errors, trials } = await posteriorErrors(posterior, digits.train, { passes: 5, seed: 7 });
 */
export async function posteriorErrors(
  posterior: GaussianPosterior,
  examples: Examples,
  options: PosteriorErrorOptions = {},
): Promise<PosteriorErrors> {
  const caller = 'posteriorErrors';
  const { passes = 1, seed = 0, purpose = 'posterior/certify', dtype = 'float32', signal, onProgress } = options;
  requirePosterior(caller, posterior);
  requireExamples(caller, posterior.network, examples);
  requireInteger(caller, 'passes', passes, 1);
  const { batches, batchSize, noise, kernels, mistakesOf } = planTrials(posterior, examples, options);
  const { count } = examples;
  const trials = passes * count;
  const perPass: number[] = [];
  const began = performance.now();
  const [pause, due] = [pacer(), interval()];
  let errors = 0;
  for (let pass = 0; pass < passes; pass++) {
    let mistakes = 0;
    for (let batch = 0; batch < batches; batch++) {
      throwIfAborted(caller, signal);
      mistakes += mistakesOf(batch, stream({ seed, purpose, index: pass * batches + batch }));
      if (due()) {
        const done = pass * count + Math.min(count, (batch + 1) * batchSize);
        onProgress?.({ done, of: trials, detail: { errors: errors + mistakes } });
      }
      await pause();
    }
    errors += mistakes;
    perPass.push(mistakes);
  }
  onProgress?.({ done: trials, of: trials, detail: { errors } });
  const seconds = (performance.now() - began) / 1000;
  const drawn = { errors, trials, units: trials, scheme: 'per-example', passes, perPass } as const;
  return { ...drawn, seed, purpose, batchSize, dtype, noise, kernels, seconds };
}

/** Trials of one posterior, planned: batch by batch, every example with weights of its own. */
interface Trials extends Pick<PosteriorErrors, 'batchSize' | 'noise' | 'kernels'> {
  readonly batches: number;
  /** Mistakes among the examples of a batch, the weights drawn from a stream. */
  mistakesOf(batch: number, draws: { normal(out: FloatArray): FloatArray }): number;
}

function planTrials(
  { network, mean, std, basis }: GaussianPosterior,
  { inputs, labels, count, features }: Examples,
  { batchSize: wanted = 500, dtype = 'float32', deterministic = true, noise: kind }: PosteriorErrorOptions,
): Trials {
  requireInteger('posteriorErrors', 'batchSize', wanted, 1);
  const forward = noisyForward(network, { basis, dtype, ...(kind === undefined ? {} : { kind }) });
  const batchSize = forward.kind !== 'local' ? 1 : Math.min(wanted, count);
  const spec = dtype === 'float64' ? float64 : float32;
  const parameters = parameterSpecs(network, dtype);
  const means = unflatten(network, floatArray(dtype, mean));
  const deviations = unflatten(network, floatArray(dtype, std));
  const plans = planBatches(count, batchSize, (rows) => {
    const shapes = forward.noiseShapes(rows);
    const run = compile(
      (m: ParameterTensors, s: ParameterTensors, x: Tensor, noise: readonly Tensor[]) => forward.logits(m, s, x, noise),
      [parameters, parameters, spec(rows, features), shapes.map((shape) => spec(...shape))],
      { deterministic },
    );
    const noise = shapes.map((shape) => floatArray(dtype, sizeOf(shape)));
    return { run, noise, x: floatArray(dtype, rows * features) };
  });
  return {
    batches: plans.batches,
    batchSize,
    noise: forward.kind,
    kernels: plans.full.run.kernels,
    mistakesOf(batch, draws) {
      const { run, noise, x } = plans.of(batch);
      for (const numbers of noise) draws.normal(numbers);
      const from = batch * batchSize;
      x.set(inputs.subarray(from * features, from * features + x.length));
      const logits = run(means as never, deviations as never, x, noise as never) as FloatArray;
      return countMistakes(logits, labels.subarray(from, from + batchSize), network.classes);
    },
  };
}
