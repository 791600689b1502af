import { floatArray, requireInteger, requireSeed, watch, type WatchOptions } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import {
  type AnyExamples,
  answersOf,
  bufferValues,
  isTargeted,
  type Network,
  requireAnyExamples,
  requireLoss,
  requireSeparateExamples,
  requireWeights,
} from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { requireContinuous } from './requireContinuous.js';
import { type InputGradient, planInputGradient } from './inputGradient.js';
import { type Attacked, attackBatch, type PgdOptions, requireRange, type SettledPgd, settlePgd } from './pgd.js';

export interface PgdAttackOptions extends PgdOptions, WatchOptions {
  /** of the random starts, default 0: the start of example i comes from stream (seed, 'pgd', i) */
  readonly seed?: number;
  /** default float32 */
  readonly dtype?: Dtype;
  /** true: the same bits in every runtime. Default false */
  readonly deterministic?: boolean;
  /** examples at a time, default 250 */
  readonly chunkSize?: number;
}

/** Examples under attack. */
export interface PgdAttack {
  /** (count, features) adversarial inputs, of the dtype */
  readonly inputs: FloatArray;
  /** (count,) 1 where no step found a gradient other than zero: what resists there is the gradient, not the network */
  readonly flat: Uint8Array;
  /** entries of gradients that were not finite, over all steps */
  readonly notFinite: number;
}

/**
 * Projected gradient descent against the inputs of a network [madry2018]: steps along the sign of the gradient of the loss, within ε of each example in every
 * feature and within the range of inputs. Any network; batch norms as in evaluation.
 *
 * sign(0) = 0. |x′ − x| ≤ ε and the range hold to rounding of the dtype.
 *
 * @param params (size,) flat weights
 * @throws ArgumentError for weights, examples and options that do not fit, inputs outside the range, a network that takes tokens; AbortError
 * Cost: `steps` gradients by the inputs, of about three forward passes each
 * @example
 * const { inputs } = await pgdAttack(net, run.params, digits.test, { radius: 0.1, range: 'unbounded' });
 * const { error } = await evaluate(net, run.params, { ...digits.test, inputs });
 */
export async function pgdAttack(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  options: PgdAttackOptions,
): Promise<PgdAttack> {
  const caller = 'pgdAttack';
  const { seed = 0, dtype = 'float32', deterministic = false, chunkSize = 250, signal, onProgress, ...pgd } = options;
  const settled = settlePgd(caller, pgd);
  requireAttackable(caller, network, params, examples, { ...settled, dtype, deterministic });
  requireSeed(caller, seed);
  requireInteger(caller, 'chunkSize', chunkSize, 1);
  const attacker = createAttacker(network, params, examples, { ...settled, dtype, deterministic, chunkSize });
  const inputs = floatArray(dtype, examples.count * examples.features);
  const flat = new Uint8Array(examples.count);
  let [done, notFinite] = [0, 0];
  const between = watch(caller, examples.count, { signal, onProgress }, () => done);
  while (done < examples.count) {
    await between();
    const to = Math.min(examples.count, done + chunkSize);
    const found = attacker(done, to, { seed, purpose: 'pgd' });
    inputs.set(found.inputs, done * examples.features);
    flat.set(found.flat, done);
    notFinite += found.notFinite;
    done = to;
  }
  return { inputs, flat, notFinite };
}

interface SettledAttack extends SettledPgd {
  readonly dtype: Dtype;
  readonly deterministic: boolean;
}

/** @throws ArgumentError for what cannot be attacked */
export function requireAttackable(
  caller: string,
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  { loss, range, dtype, deterministic }: SettledAttack,
): void {
  requireWeights(caller, 'params', network, params, dtype);
  requireAnyExamples(caller, network, examples, dtype, loss);
  requireContinuous(caller, network);
  requireSeparateExamples(caller, network, deterministic);
  requireLoss(caller, loss, network.classes, dtype, isTargeted(examples) ? 'targets' : 'labels');
  requireRange(caller, examples.inputs, range);
}

/** Attacks examples [from, to) from starts of a stream; chunks of one size share a plan. */
export function createAttacker(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  settled: SettledAttack & { readonly chunkSize: number },
): (from: number, to: number, start: { readonly seed: number; readonly purpose: string }) => Attacked {
  const { dtype } = settled;
  const { features } = examples;
  const answers = answersOf(examples, dtype);
  const plans = new Map<number, InputGradient>();
  const state = { params: floatArray(dtype, params), buffers: bufferValues(network, dtype) };
  return (from, to, { seed, purpose }) => {
    const rows = to - from;
    const plan = plans.get(rows) ?? planInputGradient(network, rows, answers.spec(rows), settled);
    plans.set(rows, plan);
    const inputs = floatArray(dtype, examples.inputs.subarray(from * features, to * features));
    // by the number of the example: chunks of any size give the same
    const draws = settled.start === 'random' ? new Float64Array(rows * features) : undefined;
    if (draws !== undefined)
      for (let i = 0; i < rows; i++)
        stream({ seed, purpose, index: from + i }).uniform(draws.subarray(i * features, (i + 1) * features));
    return attackBatch(plan, state, { inputs, answers: answers.of(from, to) }, settled, draws, rows);
  };
}
