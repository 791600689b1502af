import { floatArray, requireInteger, requireSeed, watch } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import {
  countMistakes,
  type Examples,
  logits,
  type LogitsOptions,
  type Network,
  requireExamples,
} from '@hyperribbon/nn';
import { settlePgd } from './pgd.js';
import { createAttacker, type PgdAttackOptions, requireAttackable } from './pgdAttack.js';

export interface RobustAccuracyOptions extends PgdAttackOptions {
  /** attacks of each example from starts of its own, integer ≥ 1, default 1: an example that one of them turns is turned */
  readonly restarts?: number;
}

/** Accuracy under attack; plain data. */
export interface RobustAccuracy {
  readonly count: number;
  /** share of examples that are right */
  readonly clean: number;
  /** share that is right and stays right under every attack: an upper limit, there may be attacks that PGD does not find */
  readonly robust: number;
  /** (count,) 1 where an example stays right */
  readonly stays: Uint8Array;
  /** examples that were right, and whose gradients were zero in every step of every attack: for these the attack says nothing */
  readonly flat: number;
  /** entries of gradients that were not finite, over all steps and attacks */
  readonly notFinite: number;
  /** largest |x′ − x| that was made */
  readonly largestChange: number;
  readonly radius: number;
  readonly stepSize: number;
  readonly steps: number;
  readonly restarts: number;
}

/**
 * Clean accuracy and accuracy under {@link pgdAttack}. Attack r from 1 on draws its starts from streams (seed, 'pgd/r', i). Outputs that are not finite count
 * as wrong.
 *
 * @param params (size,) flat weights
 * @param examples with labels
 * @throws ArgumentError as pgdAttack, and for examples without labels; AbortError
 * Cost: restarts · steps gradients by the inputs
 * @example
 * const { clean, robust } = await robustAccuracy(net, run.params, digits.test, { radius: 0.1, range: 'unbounded', restarts: 2 });
 */
export async function robustAccuracy(
  network: Network,
  params: FloatArray,
  examples: Examples,
  options: RobustAccuracyOptions,
): Promise<RobustAccuracy> {
  const caller = 'robustAccuracy';
  const { restarts = 1, ...attack } = options;
  const { seed = 0, dtype = 'float32', deterministic = false, chunkSize = 250, signal, onProgress, ...pgd } = attack;
  const settled = settlePgd(caller, pgd);
  requireInteger(caller, 'restarts', restarts, 1);
  requireInteger(caller, 'chunkSize', chunkSize, 1);
  requireSeed(caller, seed);
  requireExamples(caller, network, examples, dtype);
  requireAttackable(caller, network, params, examples, { ...settled, dtype, deterministic });
  const { count, features } = examples;
  const attacker = createAttacker(network, params, examples, { ...settled, dtype, deterministic, chunkSize });
  const isRight = judge(network, floatArray(dtype, params), examples, { dtype, deterministic, chunkSize });
  const stays = new Uint8Array(count);
  let [clean, flat, notFinite, largestChange, done] = [0, 0, 0, 0, 0];
  const between = watch(caller, count, { signal, onProgress }, () => done);
  while (done < count) {
    const [from, to] = [done, Math.min(count, done + chunkSize)];
    const given = floatArray(dtype, examples.inputs.subarray(from * features, to * features));
    const right = isRight(given, from, to);
    const still = right.slice();
    const unmoved = right.slice();
    for (let r = 0; r < restarts; r++) {
      await between();
      const found = attacker(from, to, { seed, purpose: r === 0 ? 'pgd' : `pgd/${r}` });
      keepCommon(still, isRight(found.inputs, from, to));
      keepCommon(unmoved, found.flat);
      notFinite += found.notFinite;
      largestChange = Math.max(largestChange, distance(found.inputs, given));
    }
    stays.set(still, from);
    clean += total(right);
    flat += total(unmoved);
    done = to;
  }
  const { radius, stepSize, steps } = settled;
  const found = { clean: clean / count, robust: total(stays) / count, stays, flat, notFinite, largestChange };
  return { count, ...found, radius, stepSize, steps, restarts };
}

/** For inputs in the place of examples [from, to): 1 for each that the network is right on. */
function judge(
  network: Network,
  params: FloatArray,
  examples: Examples,
  options: LogitsOptions,
): (inputs: FloatArray, from: number, to: number) => Uint8Array {
  const { classes } = network;
  return (inputs, from, to) => {
    const own = examples.labels.subarray(from, to);
    const z = logits(network, params, { ...examples, inputs, labels: own, count: to - from }, options);
    return Uint8Array.from(
      own,
      (_, i) => 1 - countMistakes(z.subarray(i * classes, (i + 1) * classes), own.subarray(i, i + 1), classes),
    );
  };
}

function keepCommon(flags: Uint8Array, others: Uint8Array): void {
  for (let i = 0; i < flags.length; i++) flags[i] &= others[i];
}

/** max |x − y| */
function distance(x: FloatArray, y: FloatArray): number {
  let largest = 0;
  for (let k = 0; k < x.length; k++) largest = Math.max(largest, Math.abs(x[k] - y[k]));
  return largest;
}

function total(flags: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < flags.length; i++) sum += flags[i];
  return sum;
}
