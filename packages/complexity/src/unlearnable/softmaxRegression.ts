import {
  type Examples,
  requireCounts,
  requireNonNegative,
  requireNoOthers,
  requirePositive,
  requireSeed,
  watch,
  type WatchOptions,
} from '@hyperribbon/contract';
import { exp, log, productIn } from '@hyperribbon/kernels';
import { createLinearWorkspace } from '@hyperribbon/kernels/linear';
import { stream } from '@hyperribbon/random';
import { requireImages } from './poisoned.js';

export interface SoftmaxRegressionOptions extends WatchOptions {
  /** default 20 */
  readonly epochs?: number;
  /** default 1024, in the order given: nothing is shuffled */
  readonly batchSize?: number;
  /** default 0.1; a tenth of it after half of the epochs, a hundredth after three quarters */
  readonly learningRate?: number;
  /** the weights start uniform on ± initialScale/√features; ≥ 0, default 0: at zero */
  readonly initialScale?: number;
  /** names the draw of the start, default 0 */
  readonly seed?: number;
}

/** A linear classifier without biases, z = W x. */
export interface SoftmaxRegression {
  /** (classes, features) */
  readonly weights: Float64Array;
  /** mean cross-entropy and share of right answers on the examples, at the end */
  readonly loss: number;
  readonly accuracy: number;
}

/**
 * Softmax regression without biases by gradient descent on batches in their order: what finds linearly separable perturbations.
 *
 * From zero the weights are sums of inputs; with C classes they sum to zero, and W has rank C − 1 at most.
 *
 * @throws ArgumentError for options out of range and fewer than two classes; AbortError when the signal aborts
 * Cost: 4 · classes · features flops per example and epoch, in float64
 * @example
 * const { accuracy } = await softmaxRegression(digits.train, { epochs: 50 });
 * Source: step 1 of the attack of [sandovalsegura2023].
 */
export async function softmaxRegression(
  examples: Examples,
  options: SoftmaxRegressionOptions = {},
): Promise<SoftmaxRegression> {
  const caller = 'softmaxRegression';
  const { epochs = 20, batchSize = 1024, learningRate = 0.1, initialScale = 0, seed = 0, ...rest } = options;
  const { signal, onProgress, ...others } = rest;
  requireNoOthers(caller, others, 'SoftmaxRegressionOptions');
  requireImages(caller, examples);
  requireCounts(caller, { epochs, batchSize });
  requirePositive(caller, 'learningRate', learningRate);
  requireNonNegative(caller, 'initialScale', initialScale);
  requireSeed(caller, seed);
  const { features, count } = examples;
  const space = regressionSpace(examples, Math.min(batchSize, count));
  const { weights } = space;
  if (initialScale > 0) {
    stream({ seed, purpose: 'complexity.softmax-regression' }).uniform(weights);
    for (let k = 0; k < weights.length; k++) weights[k] = ((2 * weights[k] - 1) * initialScale) / Math.sqrt(features);
  }
  let done = 0;
  const batches = Math.ceil(count / batchSize);
  const between = watch(caller, epochs * batches, { signal, onProgress }, () => done);
  for (let epoch = 0; epoch < epochs; epoch++) {
    const rate = learningRate * (2 * epoch >= epochs ? 0.1 : 1) * (4 * epoch >= 3 * epochs ? 0.1 : 1);
    for (let from = 0; from < count; from += batchSize, done++) {
      const to = Math.min(from + batchSize, count);
      space.residuals(from, to);
      space.step(to - from, rate / (to - from));
      await between();
    }
  }
  let [loss, right] = [0, 0];
  for (let from = 0; from < count; from += batchSize) {
    const found = space.residuals(from, Math.min(from + batchSize, count));
    loss += found.loss;
    right += found.right;
  }
  return { weights: weights.slice(), loss: loss / count, accuracy: right / count };
}

/** Weights at zero and a batch in the memory of the kernels. */
interface RegressionSpace {
  /** (classes, features) */
  readonly weights: Float64Array;
  /** Leaves softmax(W x) − one-hot of a batch in memory; the sum of its losses, and how many answers are right. */
  residuals(from: number, to: number): { readonly loss: number; readonly right: number };
  /** W ← W − scale · residualsᵀ X of the batch whose residuals are in memory. */
  step(rows: number, scale: number): void;
}

function regressionSpace({ inputs, labels, features, classes }: Examples, rows: number): RegressionSpace {
  const [X, W, Z] = [rows * features, classes * features, rows * classes];
  const space = createLinearWorkspace({ bytes: 8 * (X + W + Z) + 192, deterministic: true });
  const [x, w, z] = [X, W, Z].map((length) => space.allocate(8 * length));
  const [batch, weights, logits] = [space.float64View(x, X), space.float64View(w, W), space.float64View(z, Z)];
  const kernels = space.float64;
  return {
    weights,
    residuals(from, to) {
      const m = to - from;
      batch.set(inputs.subarray(from * features, to * features));
      productIn(kernels, { m, n: classes, k: features, a: x, b: w, transposeB: true, c: z });
      return toResiduals(logits, labels.subarray(from, to), classes);
    },
    step(m, scale) {
      productIn(kernels, { m: classes, n: features, k: m, alpha: -scale, a: z, transposeA: true, b: x, beta: 1, c: w });
    },
  };
}

/** Logits (rows, classes) become softmax − one-hot. */
function toResiduals(
  logits: Float64Array,
  labels: Int32Array,
  classes: number,
): { readonly loss: number; readonly right: number } {
  let [loss, right] = [0, 0];
  for (let i = 0; i < labels.length; i++) {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    let best = 0;
    for (let c = 1; c < classes; c++) if (row[c] > row[best]) best = c;
    if (best === labels[i]) right++;
    const [most, own] = [row[best], row[labels[i]]];
    let total = 0;
    for (let c = 0; c < classes; c++) total += row[c] = exp(row[c] - most);
    loss += log(total) + most - own;
    for (let c = 0; c < classes; c++) row[c] /= total;
    row[labels[i]] -= 1;
  }
  return { loss, right };
}
