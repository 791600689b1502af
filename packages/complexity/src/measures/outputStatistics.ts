import { jvp, type Tensor } from '@hyperribbon/autodiff';
import { requireInteger, requireNoOthers } from '@hyperribbon/contract';
import { type Dtype, exp, type FloatArray, log, log1p } from '@hyperribbon/kernels';
import {
  type Examples,
  type Network,
  type ParameterTensors,
  requireExamples,
  requireWeights,
  rowsWithin,
  runInBatches,
} from '@hyperribbon/nn';
import { logSquares } from './logNorm.js';

export interface OutputStatisticsOptions {
  /** default float64 */
  readonly dtype?: Dtype;
  /** default true: the same bits in every runtime */
  readonly deterministic?: boolean;
  /** examples per run of the plan, default 500, or fewer where their outputs would take more than 128 MB */
  readonly chunkSize?: number;
}

/** What the outputs on a sample, and their derivative along the weights, say. */
export interface OutputStatistics {
  /** ln of the mean of −ln p(y) */
  readonly logCrossEntropy: number;
  /** ln of the mean of −Σ p ln p, nats */
  readonly logEntropy: number;
  /** ln of the mean of ⟨w, ∂ℓ/∂w⟩² at the labels of the data */
  readonly logFisherRao: number;
  /** the same in the mean over labels drawn from the network */
  readonly logFisherRaoModel: number;
}

/**
 * Cross-entropy, entropy and Fisher-Rao norms of a network on labelled examples, in one pass.
 *
 * The Fisher-Rao norm is E⟨w, ∂ℓ/∂w⟩², and ⟨w, ∂ℓ/∂w⟩ is ⟨∂ℓ/∂f, t⟩ with t the derivative of the outputs along the weights themselves (forward mode): for
 * cross-entropy Σ p t − t_y. No gradient by the weights of an example is ever made. For a rectifier network of L layers without biases t = L f. All
 * parameters count, biases too. A network of one output has the logits 0 and f.
 *
 * @param params flat weights (size,)
 * @throws ArgumentError for weights or examples that do not fit or are not finite
 * Source: [liang2019]. Cost: three forward passes over the examples
 * @example
 * const net = mlp([2, 4, 3], { activation: 'relu' });
 * const examples = { inputs: Float64Array.of(1, 2, 3, 4), labels: Int32Array.of(0, 2), count: 2, features: 2, classes: 3 };
 * outputStatistics(net, new Float64Array(net.size), examples).logCrossEntropy; // ln ln 3: all classes are as likely
 */
export function outputStatistics(
  network: Network,
  params: FloatArray,
  examples: Examples,
  {
    dtype = 'float64',
    deterministic = true,
    chunkSize = rowsWithin(500, network.classes),
    ...others
  }: OutputStatisticsOptions = {},
): OutputStatistics {
  const caller = 'outputStatistics';
  requireNoOthers(caller, others, 'OutputStatisticsOptions');
  requireInteger(caller, 'chunkSize', chunkSize, 1);
  requireWeights(caller, 'params', network, params, dtype);
  requireExamples(caller, network, examples, dtype);
  const { count, labels } = examples;
  const { classes } = network;
  const data = new Float64Array(count);
  // per example and class √p |t − E t|: the mean of their squares is that over labels of the network
  const model = new Float64Array(count * Math.max(2, classes));
  let [crossEntropy, entropy] = [0, 0];
  const row = rowOf(Math.max(2, classes));
  runInBatches(
    network,
    params,
    examples,
    { dtype, deterministic, batchSize: chunkSize },
    () => (weights: ParameterTensors, x: Tensor) =>
      jvp((given: ParameterTensors) => network.apply(given, x))([weights], [weights]),
    ([logits, tangents], first) => {
      for (let i = 0; i * classes < logits.length; i++) {
        row.read(logits as FloatArray, tangents as FloatArray, i * classes, classes);
        const found = row.statistics(labels[first + i], model, (first + i) * row.classes);
        crossEntropy += found.loss;
        entropy += found.entropy;
        data[first + i] = found.slope;
      }
    },
  );
  const logCount = log(count);
  return {
    logCrossEntropy: log(crossEntropy) - logCount,
    logEntropy: log(entropy) - logCount,
    logFisherRao: logSquares(data) - logCount,
    logFisherRaoModel: logSquares(model) - logCount,
  };
}

/** Room for the logits of one example, their derivative along the weights, and their probabilities. */
function rowOf(classes: number) {
  const [z, t, p] = [0, 1, 2].map(() => new Float64Array(classes));
  return {
    classes,
    read(logits: FloatArray, tangents: FloatArray, at: number, outputs: number): void {
      // one output: the logits of its two classes are 0 and f
      const from = classes - outputs;
      for (let c = 0; c < outputs; c++) {
        z[c + from] = logits[at + c];
        t[c + from] = tangents[at + c];
      }
    },
    /** @param spread receives √p (t − E t) of every class from place `at` on */
    statistics(
      label: number,
      spread: Float64Array,
      at: number,
    ): { readonly loss: number; readonly entropy: number; readonly slope: number } {
      const top = z.reduce((most, x) => Math.max(most, x), -Infinity);
      let sum = 0;
      for (let c = 0; c < classes; c++) sum += p[c] = exp(z[c] - top);
      const logSum = log(sum);
      let [entropy, slope, mean] = [0, 0, 0];
      for (let c = 0; c < classes; c++) {
        p[c] /= sum;
        if (p[c] > 0) entropy -= p[c] * (z[c] - top - logSum);
        // differences to the label's: small where the others are unlikely, and then exact
        slope += p[c] * (t[c] - t[label]);
      }
      for (let c = 0; c < classes; c++) mean += p[c] * (t[c] - t[0]);
      for (let c = 0; c < classes; c++) spread[at + c] = Math.sqrt(p[c]) * (t[c] - t[0] - mean);
      return { loss: lossOf(z, label, top, logSum), entropy, slope };
    },
  };
}

/** −ln p(y): where the label's logit is the largest, from the others alone, so that small losses keep their digits. */
function lossOf(z: Float64Array, label: number, top: number, logSum: number): number {
  if (z[label] < top) return top + logSum - z[label];
  let others = 0;
  for (let c = 0; c < z.length; c++) if (c !== label) others += exp(z[c] - top);
  return log1p(others);
}
