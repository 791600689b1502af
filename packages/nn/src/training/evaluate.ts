import { compile, float32, float64 } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import { pacer, requireInteger, throwIfAborted } from '@hyperribbon/contract';
import type { Dtype, FloatArray, KernelInfo } from '@hyperribbon/kernels';
import { answersOf, areLabels, inDtype } from '../answers.js';
import { bufferValues } from '../buffers.js';
import { type AnyExamples, isTargeted, requireAnyExamples, requireWeights, totalWeight } from '../examples.js';
import { type Loss, requireLoss, softmaxCrossEntropy } from '../losses.js';
import type { Network, ParameterTensors } from '../network.js';
import { parameterSpecs, unflatten } from '../parameterLayout.js';
import { planBatches } from './batches.js';
import { rowsWithin } from '../runInBatches.js';
import { countMistakes, countTokenMistakes, type TokenMistakes } from './zeroOne.js';

export interface EvaluateOptions {
  /** default {@link softmaxCrossEntropy} */
  readonly loss?: Loss;
  /** examples per run of the plan, default 1000, or fewer where their outputs would take more than 128 MB; the last chunk holds the rest */
  readonly chunkSize?: number;
  /** default float32 */
  readonly dtype?: Dtype;
  readonly deterministic?: boolean;
  /** rejects with an AbortError: half the examples are no evaluation */
  readonly signal?: AbortSignal | undefined;
}

export interface Evaluation {
  /** mean loss per example, weighted if they are */
  readonly loss: number;
  /**
   * share of the examples whose largest logit is not at the label, weighted if they are; for tokens the mean over examples of the share of
   * tokens that are not the most likely ones; NaN where targets are real numbers
   */
  readonly error: number;
  /** how many labels or tokens they are; NaN where targets are real numbers */
  readonly mistakes: number;
  readonly count: number;
}

/** A network on fixed examples, planned once, for many weights. */
export interface Evaluator {
  readonly kernels: KernelInfo;
  /**
   * Mean loss and zero-one error at flat weights (size,).
   *
   * @param options.buffers by name, all of them: what evaluates in place of the network's own
   */
  evaluate(
    params: FloatArray,
    options?: Pick<EvaluateOptions, 'signal'> & { readonly buffers?: Readonly<Record<string, FloatArray>> },
  ): Promise<Evaluation>;
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
  examples: AnyExamples,
  {
    loss = softmaxCrossEntropy,
    chunkSize = rowsWithin(1000, network.classes),
    dtype = 'float32',
    deterministic = false,
  }: Omit<EvaluateOptions, 'signal'> = {},
): Evaluator {
  requireAnyExamples('evaluate', network, examples, dtype, loss);
  requireInteger('evaluate', 'chunkSize', chunkSize, 1);
  requireLoss('evaluate', loss, network.classes, dtype, isTargeted(examples) ? 'targets' : 'labels');
  const { count, features } = examples;
  const size = Math.min(chunkSize, count);
  const spec = dtype === 'float64' ? float64 : float32;
  const answers = answersOf(examples, dtype);
  const total = totalWeight(examples);
  const statistics = network.buffers ?? [];
  const forward = (params: ParameterTensors, x: Tensor, given: Tensor, buffers: ParameterTensors) => {
    const logits = statistics.length > 0 ? network.apply(params, x, buffers) : network.apply(params, x);
    return { losses: loss(logits, given), logits };
  };
  const plans = planBatches(count, size, (rows) => {
    const specs = [parameterSpecs(network, dtype), spec(rows, features), answers.spec(rows)] as const;
    return compile(forward, [...specs, parameterSpecs({ parameters: statistics }, dtype)], { deterministic });
  });
  const own = bufferValues(network, dtype);
  const inputs = inDtype(examples.inputs, dtype);
  return {
    kernels: plans.full.kernels,
    async evaluate(params, { signal, buffers = own } = {}) {
      requireWeights('evaluate', 'params', network, params, dtype);
      const views = unflatten(network, inDtype(params, dtype));
      const pause = pacer();
      let lossSum = 0;
      let mistakes = 0;
      let wrong = 0;
      for (let chunk = 0; chunk < plans.batches; chunk++) {
        throwIfAborted('evaluate', signal);
        const [from, to] = [chunk * size, Math.min((chunk + 1) * size, count)];
        const given = answers.of(from, to);
        const weights = examples.weights?.subarray(from, to);
        const { losses, logits } = plans.of(chunk)(
          views,
          inputs.subarray(from * features, to * features),
          given,
          buffers,
        );
        for (let i = 0; i < losses.length; i++) lossSum += weights === undefined ? losses[i] : weights[i] * losses[i];
        const found = mistakesIn(logits as FloatArray, given, loss, network.classes, weights);
        mistakes += found.mistakes;
        wrong += found.wrong;
        await pause();
      }
      return { loss: lossSum / total, error: wrong / total, mistakes, count };
    },
  };
}

/** Mistakes of a batch and what they weigh; NaN where answers are real numbers, which are never right. */
export function mistakesIn(
  logits: FloatArray,
  given: Int32Array | FloatArray,
  { tokens }: Pick<Loss, 'tokens'>,
  classes: number,
  weights?: FloatArray,
): TokenMistakes {
  if (!areLabels(given))
    return tokens === undefined
      ? { mistakes: NaN, wrong: NaN }
      : countTokenMistakes(logits, given, tokens, classes, weights);
  const mistakes = countMistakes(logits, given, classes);
  return { mistakes, wrong: weights === undefined ? mistakes : countMistakes(logits, given, classes, weights) };
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
  examples: AnyExamples,
  { signal, ...options }: EvaluateOptions = {},
): Promise<Evaluation> {
  requireWeights('evaluate', 'params', network, params);
  return createEvaluator(network, examples, options).evaluate(params, { signal });
}
