import { compile, float32, float64 } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { type Examples, assertExamples, assertWeights } from './examples.js';
import type { Network, ParameterTensors } from './network.js';
import { parameterSpecs, unflatten } from './parameterLayout.js';

export interface LogitsOptions {
  /** default float64 */
  readonly dtype?: Dtype;
  /** default true: the same bits in every runtime */
  readonly deterministic?: boolean;
  /** examples per run of the plan, default 500 */
  readonly chunkSize?: number;
}

/**
 * The network's outputs on all examples at once, without giving way to the event loop.
 *
 * @param params flat weights (size,)
 * @returns (count, classes) row-major, a new array of the dtype
 * @throws RangeError for weights or examples that do not fit, NaN in either
 */
export function logits(
  network: Network,
  params: FloatArray,
  examples: Examples,
  { dtype = 'float64', deterministic = true, chunkSize = 500 }: LogitsOptions = {},
): FloatArray {
  assertWeights('logits', 'params', network, params);
  assertExamples('logits', network, examples);
  const FloatArrays = dtype === 'float64' ? Float64Array : Float32Array;
  const spec = dtype === 'float64' ? float64 : float32;
  const { count, features, inputs } = examples;
  const size = Math.min(chunkSize, count);
  const forward = (weights: ParameterTensors, x: Tensor): Tensor => network.apply(weights, x);
  const plan = (rows: number) =>
    compile(forward, [parameterSpecs(network, dtype), spec(rows, features)], { deterministic });
  const full = plan(size);
  const tail = count % size === 0 ? full : plan(count % size);
  const weights = unflatten(network, FloatArrays.from(params));
  const out = new FloatArrays(count * network.classes);
  for (let first = 0; first < count; first += size) {
    const end = Math.min(first + size, count);
    const rows = FloatArrays.from(inputs.subarray(first * features, end * features));
    const run = end - first === size ? full : tail;
    out.set(run(weights, rows) as FloatArray, first * network.classes);
  }
  return out;
}
