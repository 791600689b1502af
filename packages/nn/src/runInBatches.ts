import { type ArraysOf, type Tensor, compile, float32, float64 } from '@hyperribbon/autodiff';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { answersOf } from './answers.js';
import type { AnyExamples } from './examples.js';
import type { Network, ParameterTensors } from './network.js';
import { parameterSpecs, unflatten } from './parameterLayout.js';
import { planBatches } from './training/batches.js';

/** Examples per batch: `wanted`, or fewer where their float64 outputs would take more than 128 MB. */
export function rowsWithin(wanted: number, outputs: number): number {
  return Math.max(1, Math.min(wanted, Math.floor(2 ** 27 / (8 * outputs))));
}

/**
 * Runs a function of a network's weights and a batch over all examples.
 *
 * @param f for batches of so many rows: of weights, inputs (rows, features) and labels (rows,) or targets (rows, outputs)
 * @param take receives the result of every batch and the number of its first example; its arrays are valid until the next batch
 */
export function runInBatches<Result>(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  {
    dtype,
    deterministic,
    batchSize,
  }: { readonly dtype: Dtype; readonly deterministic: boolean; readonly batchSize: number },
  f: (rows: number) => (weights: ParameterTensors, x: Tensor, answers: Tensor) => Result,
  take: (result: ArraysOf<Result>, first: number) => void,
): void {
  const { inputs, count, features } = examples;
  const answers = answersOf(examples, dtype);
  const [FloatArrays, spec] = dtype === 'float64' ? [Float64Array, float64] : [Float32Array, float32];
  const size = Math.min(batchSize, count);
  const weights = unflatten(network, FloatArrays.from(params));
  const plans = planBatches(count, size, (rows) =>
    compile(f(rows), [parameterSpecs(network, dtype), spec(rows, features), answers.spec(rows)], { deterministic }),
  );
  for (let batch = 0; batch < plans.batches; batch++) {
    const [from, to] = [batch * size, Math.min(count, (batch + 1) * size)];
    const x = FloatArrays.from(inputs.subarray(from * features, to * features));
    take(plans.of(batch)(weights, x, answers.of(from, to)), from);
  }
}
