import { floatArray, requireInteger, requireOneOf, requireSeed } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import {
  binaryCrossEntropy,
  createEvaluator,
  type Examples,
  gatherBatch,
  type Loss,
  type Network,
  requireExamples,
  requireWeights,
  softmaxCrossEntropy,
} from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';

/** On what, and with which numbers, the accuracy of perturbed weights is measured. */
export interface AccuracyOptions {
  /** how many examples, drawn without replacement by the seed; default 2000, or all if there are fewer */
  readonly rows?: number;
  /** of everything drawn, default 0 */
  readonly seed?: number;
  /** default float32 */
  readonly dtype?: Dtype;
  readonly signal?: AbortSignal | undefined;
}

/** A network on some examples, planned once, at weights that may be moved. */
export interface PerturbedAccuracy {
  readonly network: Network;
  readonly examples: Examples;
  readonly loss: Loss;
  readonly dtype: Dtype;
  readonly seed: number;
  /** (size,) as they were given */
  readonly weights: FloatArray;
  /** (size,) to be filled with moved weights before `accuracy` */
  readonly moved: FloatArray;
  /** share of the examples that are right at the weights, and at the moved ones */
  readonly base: number;
  accuracy(): Promise<number>;
}

/** Plans a network on so many of the examples. @throws ArgumentError for what does not fit, and options out of range */
export async function perturbedAccuracy(
  caller: string,
  network: Network,
  params: FloatArray,
  examples: Examples,
  { rows = 2000, seed = 0, dtype = 'float32', signal }: AccuracyOptions,
): Promise<PerturbedAccuracy> {
  requireInteger(caller, 'rows', rows, 1);
  requireSeed(caller, seed);
  requireOneOf(caller, 'dtype', dtype, ['float32', 'float64']);
  requireWeights(caller, 'params', network, params, dtype);
  requireExamples(caller, network, examples, dtype);
  const some = someOf(examples, rows, seed);
  const loss = network.classes === 1 ? binaryCrossEntropy : softmaxCrossEntropy;
  const evaluator = createEvaluator(network, some, { loss, dtype, deterministic: true });
  const weights = floatArray(dtype, params);
  const moved = weights.slice();
  const accuracyAt = async (at: FloatArray): Promise<number> => 1 - (await evaluator.evaluate(at, { signal })).error;
  return {
    network,
    examples: some,
    loss,
    dtype,
    seed,
    weights,
    moved,
    base: await accuracyAt(weights),
    accuracy: () => accuracyAt(moved),
  };
}

function someOf(examples: Examples, rows: number, seed: number): Examples {
  const { count, features } = examples;
  if (rows >= count) return examples;
  const order = stream({ seed, purpose: 'complexity/rows' }).permutation(count);
  const dtype = examples.inputs.BYTES_PER_ELEMENT === 8 ? 'float64' : 'float32';
  const some = { ...examples, count: rows, inputs: floatArray(dtype, rows * features), labels: new Int32Array(rows) };
  gatherBatch(examples, order, 0, some);
  return some;
}
