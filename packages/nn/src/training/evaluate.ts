import { compile, float32, float64, int32 } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import type { Dtype, FloatArray, KernelInfo } from '@hyperribbon/kernels';
import { type Examples, assertExamples, assertWeights } from '../examples.js';
import { type Loss, softmaxCrossEntropy } from '../losses.js';
import type { Network, ParameterTensors } from '../network.js';
import { parameterSpecs, unflatten } from '../parameterLayout.js';
import { yieldToEventLoop } from './yieldToEventLoop.js';
import { countMistakes } from './zeroOne.js';

export interface EvaluateOptions {
  /** default {@link softmaxCrossEntropy} */
  readonly loss?: Loss;
  /** examples per run of the plan, default 1000; the last chunk holds the rest */
  readonly chunkSize?: number;
  /** default float32 */
  readonly dtype?: Dtype;
  readonly deterministic?: boolean;
  /** rejects with the signal's reason */
  readonly signal?: AbortSignal;
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
  evaluate(params: FloatArray, options?: { readonly signal?: AbortSignal }): Promise<Evaluation>;
  /** logits (count, classes) at flat weights, in a new array */
  logits(params: FloatArray): Promise<FloatArray>;
}

interface Chunk {
  readonly inputs: FloatArray;
  readonly labels: Int32Array;
  readonly first: number;
  readonly run: (params: Record<string, FloatArray>, inputs: FloatArray, labels: Int32Array) => Outputs;
}

interface Outputs {
  readonly losses: FloatArray;
  readonly logits: FloatArray;
}

/**
 * Plans the evaluation of a network on examples.
 *
 * Sums go over examples, not over chunks, so an uneven last chunk counts for what it holds. float32 losses are added in
 * float64. Gives way to the event loop every 30 ms.
 *
 * @throws RangeError for examples that do not fit the network
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
  assertExamples('evaluate', network, examples);
  if (!Number.isInteger(chunkSize) || chunkSize < 1) {
    throw new RangeError(`evaluate: chunkSize must be an integer ≥ 1, got ${chunkSize}`);
  }
  const { count, features } = examples;
  const spec = dtype === 'float64' ? float64 : float32;
  const forward = (params: ParameterTensors, x: Tensor, labels: Tensor) => {
    const logits = network.apply(params, x);
    return { losses: loss(logits, labels), logits };
  };
  const plan = (rows: number) =>
    compile(forward, [parameterSpecs(network, dtype), spec(rows, features), int32(rows)], { deterministic });
  const size = Math.min(chunkSize, count);
  const rest = count % size;
  const full = plan(size);
  const tail = rest === 0 ? full : plan(rest);
  const inputs = dtype === 'float64' ? Float64Array.from(examples.inputs) : asFloat32(examples.inputs);
  const chunks: Chunk[] = [];
  for (let first = 0; first < count; first += size) {
    const end = Math.min(first + size, count);
    chunks.push({
      first,
      inputs: inputs.subarray(first * features, end * features),
      labels: examples.labels.subarray(first, end),
      run: (end - first === size ? full : tail) as unknown as Chunk['run'],
    });
  }
  const each = async (
    params: FloatArray,
    use: (chunk: Chunk, outputs: Outputs) => void,
    signal?: AbortSignal,
  ): Promise<void> => {
    assertWeights('evaluate', 'params', network, params);
    const views = unflatten(network, inDtype(params, dtype));
    let last = performance.now();
    for (const chunk of chunks) {
      signal?.throwIfAborted();
      use(chunk, chunk.run(views, chunk.inputs, chunk.labels));
      if (performance.now() - last > 30) {
        await yieldToEventLoop();
        last = performance.now();
      }
    }
  };
  return {
    kernels: full.kernels,
    async evaluate(params, { signal } = {}) {
      let lossSum = 0;
      let mistakes = 0;
      await each(
        params,
        ({ labels }, { losses, logits }) => {
          for (let i = 0; i < labels.length; i++) lossSum += losses[i];
          mistakes += countMistakes(logits, labels, labels.length, network.classes);
        },
        signal,
      );
      return { loss: lossSum / count, error: mistakes / count, mistakes, count };
    },
    async logits(params) {
      const length = count * network.classes;
      const out = dtype === 'float64' ? new Float64Array(length) : new Float32Array(length);
      await each(params, ({ first }, { logits }) => out.set(logits, first * network.classes));
      return out;
    },
  };
}

/**
 * Mean loss and zero-one error of a network on examples.
 *
 * @param params flat weights (size,)
 * @throws RangeError for weights or examples that do not fit, NaN in either. To evaluate many weights on the same
 * examples, {@link createEvaluator} plans once
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
  return createEvaluator(network, examples, options).evaluate(params, signal === undefined ? {} : { signal });
}

function asFloat32(values: FloatArray): Float32Array {
  return values instanceof Float32Array ? values : Float32Array.from(values);
}

function inDtype(values: FloatArray, dtype: Dtype): FloatArray {
  return dtype === 'float32' ? asFloat32(values) : values instanceof Float64Array ? values : Float64Array.from(values);
}
