import { compile, float32, float64, int32 } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import { floatArray, pacer, requireInteger, throwIfAborted } from '@hyperribbon/contract';
import type { Dtype, FloatArray, KernelInfo } from '@hyperribbon/kernels';
import { type Examples, assertExamples, assertWeights } from '../examples.js';
import { type Loss, softmaxCrossEntropy } from '../losses.js';
import type { Network, ParameterTensors } from '../network.js';
import { parameterSpecs, unflatten } from '../parameterLayout.js';
import { planBatches } from './batches.js';
import { countMistakes } from './zeroOne.js';

export interface EvaluateOptions {
  /** default {@link softmaxCrossEntropy} */
  readonly loss?: Loss;
  /** examples per run of the plan, default 1000; the last chunk holds the rest */
  readonly chunkSize?: number;
  /** default float32 */
  readonly dtype?: Dtype;
  readonly deterministic?: boolean;
  /** rejects with an AbortError: half the examples are no evaluation */
  readonly signal?: AbortSignal | undefined;
}

export interface Evaluation {
  /** mean loss per example */
  readonly loss: number;
  /** share of the examples whose largest logit is not at the label */
  readonly error: number;
  readonly mistakes: number;
  readonly count: number;
}

/** A network on fixed examples, planned once, for many weights. */
export interface Evaluator {
  readonly kernels: KernelInfo;
  /** mean loss and zero-one error at flat weights (size,) */
  evaluate(params: FloatArray, options?: Pick<EvaluateOptions, 'signal'>): Promise<Evaluation>;
}

interface Chunk {
  readonly inputs: FloatArray;
  readonly labels: Int32Array;
  readonly run: (
    params: Record<string, FloatArray>,
    inputs: FloatArray,
    labels: Int32Array,
  ) => { readonly losses: FloatArray; readonly logits: FloatArray };
}

/**
 * Plans the evaluation of a network on examples.
 *
 * Sums go over examples, not over chunks, so an uneven last chunk counts for what it holds. float32 losses are added in
 * float64. Gives way to the event loop every 40 ms.
 *
 * @throws RangeError for examples that do not fit the network; `evaluate` of the result rejects with AbortError when its signal aborts
 */
export function createEvaluator(
  network: Network,
  examples: Examples,
  options: Omit<EvaluateOptions, 'signal'> = {},
): Evaluator {
  const { chunkSize = 1000, dtype = 'float32' } = options;
  assertExamples('evaluate', network, examples);
  requireInteger('evaluate', 'chunkSize', chunkSize, 1);
  const { count } = examples;
  const { chunks, kernels } = planChunks(network, examples, { ...options, chunkSize, dtype });
  return {
    kernels,
    async evaluate(params, { signal } = {}) {
      assertWeights('evaluate', 'params', network, params);
      const views = unflatten(network, inDtype(params, dtype));
      const pause = pacer();
      let lossSum = 0;
      let mistakes = 0;
      for (const { inputs, labels, run } of chunks) {
        throwIfAborted('evaluate', signal);
        const { losses, logits } = run(views, inputs, labels);
        for (let i = 0; i < labels.length; i++) lossSum += losses[i];
        mistakes += countMistakes(logits, labels, network.classes);
        await pause();
      }
      return { loss: lossSum / count, error: mistakes / count, mistakes, count };
    },
  };
}

/** The examples cut into chunks, each with what evaluates it. */
function planChunks(
  network: Network,
  { inputs: given, labels, count, features }: Examples,
  {
    loss = softmaxCrossEntropy,
    chunkSize,
    dtype,
    deterministic = false,
  }: EvaluateOptions & { readonly chunkSize: number; readonly dtype: Dtype },
): { readonly chunks: readonly Chunk[]; readonly kernels: KernelInfo } {
  const spec = dtype === 'float64' ? float64 : float32;
  const forward = (params: ParameterTensors, x: Tensor, labels: Tensor) => {
    const logits = network.apply(params, x);
    return { losses: loss(logits, labels), logits };
  };
  const size = Math.min(chunkSize, count);
  const plans = planBatches(count, size, (rows) =>
    compile(forward, [parameterSpecs(network, dtype), spec(rows, features), int32(rows)], { deterministic }),
  );
  const inputs = inDtype(given, dtype);
  const chunks = Array.from({ length: plans.batches }, (_, i): Chunk => {
    const [first, end] = [i * size, Math.min((i + 1) * size, count)];
    return {
      inputs: inputs.subarray(first * features, end * features),
      labels: labels.subarray(first, end),
      run: plans.of(i) as unknown as Chunk['run'],
    };
  });
  return { chunks, kernels: plans.full.kernels };
}

/**
 * Mean loss and zero-one error of a network on examples.
 *
 * @param params flat weights (size,)
 * @throws RangeError for weights or examples that do not fit, NaN in either; AbortError when the signal aborts. To evaluate
 * many weights on the same examples, {@link createEvaluator} plans once
 * @example
 * const { loss, error } = await evaluate(net, run.params, digits.test);
 */
export async function evaluate(
  network: Network,
  params: FloatArray,
  examples: Examples,
  { signal, ...options }: EvaluateOptions = {},
): Promise<Evaluation> {
  assertWeights('evaluate', 'params', network, params);
  return createEvaluator(network, examples, options).evaluate(params, { signal });
}

/** The numbers themselves where they have the dtype. */
function inDtype(values: FloatArray, dtype: Dtype): FloatArray {
  return values.BYTES_PER_ELEMENT === (dtype === 'float64' ? 8 : 4) ? values : floatArray(dtype, values);
}
