import { compile, float32, float64, int32 } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import { floatArray, pacer, requireInteger, throwIfAborted } from '@hyperribbon/contract';
import type { Dtype, FloatArray, KernelInfo } from '@hyperribbon/kernels';
import { type Examples, requireExamples, requireWeights } from '../examples.js';
import { type Loss, requireLoss, softmaxCrossEntropy } from '../losses.js';
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
  {
    loss = softmaxCrossEntropy,
    chunkSize = 1000,
    dtype = 'float32',
    deterministic = false,
  }: Omit<EvaluateOptions, 'signal'> = {},
): Evaluator {
  requireExamples('evaluate', network, examples, dtype);
  requireInteger('evaluate', 'chunkSize', chunkSize, 1);
  requireLoss('evaluate', loss, network.classes, dtype);
  const { count, features } = examples;
  const size = Math.min(chunkSize, count);
  const spec = dtype === 'float64' ? float64 : float32;
  const forward = (params: ParameterTensors, x: Tensor, labels: Tensor) => {
    const logits = network.apply(params, x);
    return { losses: loss(logits, labels), logits };
  };
  const plans = planBatches(count, size, (rows) =>
    compile(forward, [parameterSpecs(network, dtype), spec(rows, features), int32(rows)], { deterministic }),
  );
  const inputs = inDtype(examples.inputs, dtype);
  return {
    kernels: plans.full.kernels,
    async evaluate(params, { signal } = {}) {
      requireWeights('evaluate', 'params', network, params, dtype);
      const views = unflatten(network, inDtype(params, dtype));
      const pause = pacer();
      let lossSum = 0;
      let mistakes = 0;
      for (let chunk = 0; chunk < plans.batches; chunk++) {
        throwIfAborted('evaluate', signal);
        const [from, to] = [chunk * size, Math.min((chunk + 1) * size, count)];
        const labels = examples.labels.subarray(from, to);
        const { losses, logits } = plans.of(chunk)(views, inputs.subarray(from * features, to * features), labels);
        for (const value of losses) lossSum += value;
        mistakes += countMistakes(logits as FloatArray, labels, network.classes);
        await pause();
      }
      return { loss: lossSum / count, error: mistakes / count, mistakes, count };
    },
  };
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
  requireWeights('evaluate', 'params', network, params);
  return createEvaluator(network, examples, options).evaluate(params, { signal });
}

/** The numbers themselves where they have the dtype. */
function inDtype(values: FloatArray, dtype: Dtype): FloatArray {
  return values.BYTES_PER_ELEMENT === (dtype === 'float64' ? 8 : 4) ? values : floatArray(dtype, values);
}
