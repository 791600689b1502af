import { compile, float32, float64 } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import type { Dtype, FloatArray, KernelInfo } from '@hyperribbon/kernels';
import { assertExamples, unflatten, type Examples, type ParameterTensors } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { assertPosterior, type GaussianPosterior } from '../gaussian/gaussianPosterior.js';
import { noisyForward, type NoiseKind } from '../noise/noisyForward.js';
import { yieldToEventLoop } from '../yieldToEventLoop.js';

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
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly trials: number; readonly of: number; readonly errors: number }) => void;
}

export interface PosteriorErrors {
  /** mistakes among `trials` = passes × examples trials, each with its own draw of all weights */
  readonly errors: number;
  readonly trials: number;
  readonly passes: number;
  /** mistakes of each pass */
  readonly perPass: readonly number[];
  readonly seed: number;
  readonly purpose: string;
  readonly batchSize: number;
  readonly dtype: Dtype;
  readonly noise: NoiseKind;
  readonly kernels: KernelInfo;
  readonly seconds: number;
}

/**
 * Mistakes of the random classifier: every example meets `passes` independent draws of the weights.
 *
 * All passes × count trials are independent, each example equally often: the number of mistakes is a sum of independent 0-1
 * variables whose mean is exactly trials · ê(Q), so `monteCarloLimit({ errors, trials }, delta)` limits ê(Q) [hoeffding1956].
 * Ties count against the label unless it comes first; NaN logits are mistakes.
 *
 * @throws RangeError, TypeError for a posterior or examples that do not fit; the signal's reason when aborted
 * Cost: per example and pass two forward passes' matrix products (local), or one and as many normal numbers as weights (weights)
 * @example
 * const { errors, trials } = await posteriorErrors(posterior, digits.train, { passes: 5, seed: 7 });
 */
export async function posteriorErrors(
  posterior: GaussianPosterior,
  examples: Examples,
  {
    passes = 1,
    seed = 0,
    purpose = 'posterior/certify',
    batchSize: wanted = 500,
    dtype = 'float32',
    deterministic = true,
    noise: kind,
    signal,
    onProgress,
  }: PosteriorErrorOptions = {},
): Promise<PosteriorErrors> {
  const { network, basis } = posterior;
  assertPosterior('posteriorErrors', posterior);
  assertExamples('posteriorErrors', network, examples);
  for (const [name, value] of Object.entries({ passes, batchSize: wanted })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(`posteriorErrors: ${name} must be an integer ≥ 1, got ${value}`);
    }
  }
  const { count, features, classes } = examples;
  const forward = noisyForward(network, { basis, dtype, ...(kind === undefined ? {} : { kind }) });
  const batchSize = forward.kind !== 'local' ? 1 : Math.min(wanted, count);
  const spec = dtype === 'float64' ? float64 : float32;
  const FloatArrays = dtype === 'float64' ? Float64Array : Float32Array;
  const parameters = Object.fromEntries(network.parameters.map(({ name, shape }) => [name, spec(...shape)]));
  const mean = unflatten(network, FloatArrays.from(posterior.mean));
  const std = unflatten(network, FloatArrays.from(posterior.std));
  const plan = (batch: number) => {
    const shapes = forward.noiseShapes(batch);
    const run = compile(
      (m: ParameterTensors, s: ParameterTensors, x: Tensor, noise: readonly Tensor[]) => forward.logits(m, s, x, noise),
      [parameters, parameters, spec(batch, features), shapes.map((shape) => spec(...shape))],
      { deterministic },
    );
    const noise = shapes.map((shape) => new FloatArrays(shape.reduce((product, extent) => product * extent, 1)));
    const inputs = new FloatArrays(batch * features);
    return { run, noise, inputs, batch };
  };
  const full = plan(batchSize);
  const rest = count % batchSize;
  const tail = rest === 0 ? full : plan(rest);
  const batches = Math.ceil(count / batchSize);
  const perPass: number[] = [];
  const began = performance.now();
  let [lastYield, lastReport] = [began, began];
  let errors = 0;
  for (let pass = 0; pass < passes; pass++) {
    let mistakes = 0;
    for (let b = 0; b < batches; b++) {
      signal?.throwIfAborted();
      const { run, noise, inputs, batch } = b === batches - 1 ? tail : full;
      const from = b * batchSize;
      const draws = stream({ seed, purpose, index: pass * batches + b });
      for (const numbers of noise) draws.normal(numbers);
      inputs.set(examples.inputs.subarray(from * features, (from + batch) * features));
      const logits = run(mean as never, std as never, inputs, noise as never) as FloatArray;
      mistakes += mistakesIn(logits, examples.labels, from, batch, classes);
      const now = performance.now();
      if (now - lastReport > 100) {
        onProgress?.({ trials: pass * count + from + batch, of: passes * count, errors: errors + mistakes });
        lastReport = now;
      }
      if (now - lastYield > 30) {
        await yieldToEventLoop();
        lastYield = performance.now();
      }
    }
    errors += mistakes;
    perPass.push(mistakes);
  }
  onProgress?.({ trials: passes * count, of: passes * count, errors });
  return {
    errors,
    trials: passes * count,
    passes,
    perPass,
    seed,
    purpose,
    batchSize,
    dtype,
    noise: forward.kind,
    kernels: full.run.kernels,
    seconds: (performance.now() - began) / 1000,
  };
}

/** Rows whose largest logit is elsewhere; of equal largest ones the first counts, NaN is a mistake. */
export function mistakesIn(
  logits: FloatArray,
  labels: Int32Array,
  firstLabel: number,
  rows: number,
  classes: number,
): number {
  let mistakes = 0;
  for (let i = 0; i < rows; i++) {
    const label = labels[firstLabel + i];
    const chosen = logits[i * classes + label];
    let right = chosen === chosen;
    for (let c = 0; c < classes && right; c++) {
      const other = logits[i * classes + c];
      right = c < label ? other < chosen : other <= chosen;
    }
    if (!right) mistakes++;
  }
  return mistakes;
}
