import type { Tensor } from '@hyperribbon/autodiff';
import { floatArray, requireNoOthers } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { type AnyExamples, requireAnyExamples, requireWeights } from './examples.js';
import type { Network, ParameterTensors } from './network.js';
import { rowsWithin, runInBatches } from './runInBatches.js';

export interface LogitsOptions {
  /** default float64 */
  readonly dtype?: Dtype;
  /** default true: the same bits in every runtime */
  readonly deterministic?: boolean;
  /** examples per run of the plan, default 500, or fewer where their outputs would take more than 128 MB */
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
  examples: AnyExamples,
  {
    dtype = 'float64',
    deterministic = true,
    chunkSize = rowsWithin(500, network.classes),
    ...others
  }: LogitsOptions = {},
): FloatArray {
  requireNoOthers('logits', others, 'LogitsOptions');
  requireWeights('logits', 'params', network, params, dtype);
  requireAnyExamples('logits', network, examples, dtype, 'any');
  const { classes } = network;
  const out = floatArray(dtype, examples.count * classes);
  const settings = { dtype, deterministic, batchSize: chunkSize };
  const forward = (weights: ParameterTensors, x: Tensor): Tensor => network.apply(weights, x);
  runInBatches(
    network,
    params,
    examples,
    settings,
    () => forward,
    (z, first) => out.set(z, first * classes),
  );
  return out;
}
