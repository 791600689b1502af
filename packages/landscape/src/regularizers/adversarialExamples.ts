import { refuse } from '@hyperribbon/contract';
import type { Dtype } from '@hyperribbon/kernels';
import { type AnyExamples, answersOf, type Augment, bufferValues, type Network } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { type InputGradient, planInputGradient } from './inputGradient.js';
import { attackBatch, type PgdOptions, requireRange, settlePgd } from './pgd.js';
import { requireContinuous } from './requireContinuous.js';

export interface AdversarialOptions extends PgdOptions {
  /** true: the same bits in every runtime. Default false */
  readonly deterministic?: boolean;
}

/**
 * Adversarial training [madry2018]: every step learns from the examples that projected gradient descent makes of its batch, against the weights before the step
 * and batch norms as they are evaluated then. Seven steps are usual in training.
 *
 * The starts of a step come from stream (seed, 'augment/pgd', step). Plans are kept for batches of each size.
 *
 * @returns for the option `augment` of `train`
 * @throws ArgumentError for options out of range; when called, for inputs outside the range and weights of another network
 * Cost: `steps` gradients by the inputs a step, of about three forward passes each
 * @example
 * const augment = adversarialExamples(net, { radius: 0.1, range: 'unbounded', steps: 7 });
 * const run = await train(net, digits.train, { augment });
 */
export function adversarialExamples(network: Network, options: AdversarialOptions): Augment {
  const caller = 'adversarialExamples';
  const { deterministic = false, ...pgd } = options;
  const settled = settlePgd(caller, pgd);
  requireContinuous(caller, network);
  const plans = new Map<string, InputGradient>();
  const planFor = (batch: AnyExamples, dtype: Dtype, targets: boolean): InputGradient => {
    const key = [batch.count, dtype, targets].join();
    const plan =
      plans.get(key) ??
      planInputGradient(network, batch.count, answersOf(batch, dtype).spec(batch.count), {
        ...settled,
        dtype,
        deterministic,
      });
    plans.set(key, plan);
    return plan;
  };
  return (batch, { seed, step, weights, network: current }) => {
    if (weights.length !== network.size)
      refuse(caller, `the trained network must be the one given, with ${network.size} weights, got ${weights.length}`);
    requireRange(caller, batch.inputs, settled.range);
    const dtype = batch.inputs.BYTES_PER_ELEMENT === 8 ? 'float64' : 'float32';
    const plan = planFor(batch, dtype, 'targets' in batch);
    const buffers = (network.buffers ?? []).length === 0 ? {} : bufferValues(current(), dtype);
    const draws =
      settled.start === 'random'
        ? stream({ seed, purpose: 'augment/pgd', index: step }).uniform(new Float64Array(batch.inputs.length))
        : undefined;
    const answers = answersOf(batch, dtype).data;
    const { inputs } = attackBatch(
      plan,
      { params: weights, buffers },
      { inputs: batch.inputs, answers },
      settled,
      draws,
      batch.count,
    );
    return { ...batch, inputs };
  };
}
