import { refuse, requireNoOthers, requirePositive } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { stream } from '@hyperribbon/random';
import type { Augment, SeededStep } from '../training/batchSource.js';
import { betaDraw } from './betaDraw.js';
import { softTargets } from './softTargets.js';

export interface MixupOptions {
  /** both parameters of the beta law of λ, > 0; default 1, the uniform law. As it goes to 0 nothing is mixed */
  readonly alpha?: number;
}

/**
 * Mixup [zhang2018]: each example becomes λ times itself plus 1 − λ times another one of its batch, and so does its target. Labels become class
 * probabilities, for softmaxCrossEntropy.
 *
 * λ ~ Beta(alpha, alpha), one for the batch, and the order of the partners come from stream (seed, 'augment/mixup', step).
 *
 * @returns a function for the option `augment` of `train`; it writes to the inputs of the batch
 * @throws ArgumentError unless alpha > 0; when called, for tokens, which have no mean, and for examples with weights
 * Cost: one pass over the batch.
 * @example
 * const augment = mixup({ alpha: 0.2 });
 * augment({ inputs: Float32Array.of(0, 1), labels: Int32Array.of(0, 1), count: 2, features: 1, classes: 2 }, { seed: 1, step: 0, epoch: 0, batch: 0 }).outputs; // 2
 */
export function mixup(options: MixupOptions = {}): Augment<SeededStep> {
  const { alpha = 1, ...others } = options;
  requireNoOthers('mixup', others, 'MixupOptions');
  requirePositive('mixup', 'alpha', alpha);
  return (batch, { seed, step }) => {
    if (batch.weights !== undefined) refuse('mixup', 'examples must not have weights: a mixture has none of its own');
    const draws = stream({ seed, purpose: 'augment/mixup', index: step });
    const lambda = betaDraw(draws, alpha);
    const partners = draws.permutation(batch.count);
    const soft = softTargets('mixup', batch);
    mix(soft.inputs, partners, lambda);
    mix(soft.targets, partners, lambda);
    return soft;
  };
}

/** rows[i] = λ rows[i] + (1 − λ) rows[partners[i]], of the rows before */
function mix(rows: FloatArray, partners: Int32Array, lambda: number): void {
  const before = rows.slice();
  const width = rows.length / partners.length;
  for (let i = 0; i < partners.length; i++) {
    const [own, other] = [i * width, partners[i] * width];
    for (let j = 0; j < width; j++) rows[own + j] = lambda * before[own + j] + (1 - lambda) * before[other + j];
  }
}
