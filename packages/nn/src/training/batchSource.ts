import { type AnyExamples, floatArray, refuse } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { stream } from '@hyperribbon/random';
import { isTargeted } from '../examples.js';
import type { Network } from '../network.js';
import { type Batch, batchOrder, gatherBatch } from './batches.js';
import type { GradientInputs } from './gradientProgram.js';

/** Where a step stands: what it is told apart by. */
export interface StepPosition {
  /** of the run, from 0 */
  readonly step: number;
  readonly epoch: number;
  /** of its epoch, from 0 */
  readonly batch: number;
}

/** A step and the seed of its run: what draws are told apart by. */
export interface SeededStep extends StepPosition {
  readonly seed: number;
}

/** What an augmentation sees of the run that it is part of. */
export interface AugmentSight {
  /** (size,) before the step: not to be written to, and changed by the step */
  readonly weights: FloatArray;
  /** The network as it is evaluated before the step, with copies of its buffers: made when it is asked for. */
  network(): Network;
}

/** A step as an augmentation is told of it. */
export interface AugmentMoment extends SeededStep, AugmentSight {}

/**
 * Changes the examples of one step: crops, flips, mixtures, attacks on the network as it is. A pure function, so that a run that is resumed sees
 * what it would have seen: draws come from a stream of seed and step, such as `stream({ seed, purpose: 'augment', index: step })`. It is called
 * once more before the first step, for that step, since its examples tell what is to be planned. Sharpness-aware steps call it once.
 *
 * @param batch examples of the step; its arrays may be written to and given back
 * @param at the step, and the weights and the network before it, for adversarial training
 * @returns as many examples with as many features; labels may become targets, in every step or in none
 */
export type Augment<Sees = AugmentMoment> = (batch: AnyExamples, at: Sees) => AnyExamples;

/** Batches in the seeded order. */
export interface BatchSource {
  readonly batches: number;
  /** examples such as those that steps get */
  readonly like: AnyExamples;
  /** From now on the order of this epoch, over these examples: as many as those planned for, the same by default. */
  enterEpoch(epoch: number, examples?: AnyExamples): void;
  /**
   * Writes the batch of a step, and the uniforms that it draws, from stream (seed, 'dropout', step), example after example.
   *
   * @returns the labels or targets that mistakes are counted by: those before they were augmented
   */
  fill(at: StepPosition, into: GradientInputs): Int32Array | FloatArray;
}

/**
 * @param batchSize in [1, count]; the last batch of an epoch holds the rest
 * @param seed names the order of epoch e: stream (seed, 'batch-order', e)
 */
export function batchSource(
  examples: AnyExamples,
  {
    batchSize,
    seed,
    dtype,
    augment,
    sight,
  }: {
    readonly batchSize: number;
    readonly seed: number;
    readonly dtype: Dtype;
    readonly augment?: Augment | undefined;
    readonly sight?: AugmentSight | undefined;
  },
): BatchSource {
  const { count, features } = examples;
  let current = examples;
  let order: Int32Array = Int32Array.from({ length: count }, (_, i) => i);
  const batches = Math.ceil(count / batchSize);
  const raw = (rows: number): AnyExamples => rawBatch(examples, rows, dtype);
  const plain = augment && { full: raw(batchSize), last: raw(count - (batches - 1) * batchSize) };
  const augmented = (at: StepPosition, before: AnyExamples): AnyExamples => {
    gatherBatch({ ...current, features }, order, at.batch * batchSize, before);
    const after = augment!(before, { ...at, seed, ...sight! });
    if (after.count !== before.count || after.features !== features)
      refuse(
        'train',
        `augment must give ${before.count} examples of ${features} features, got ${after.count} of ${after.features}`,
      );
    return after;
  };
  // what augmentation makes of examples is planned for: one batch is made before the first step, and again in it
  const like = plain ? augmented({ step: 0, epoch: 0, batch: 0 }, plain.full) : examples;
  return {
    batches,
    like,
    enterEpoch(epoch, among = examples) {
      current = among;
      order = batchOrder(count, seed, epoch);
    },
    fill(at, into) {
      const { uniforms } = into;
      if (uniforms !== undefined) stream({ seed, purpose: 'dropout', index: at.step }).uniform(uniforms);
      if (plain === undefined) {
        gatherBatch({ ...current, features }, order, at.batch * batchSize, into);
        return into.labels ?? into.targets!;
      }
      const before = at.batch === batches - 1 ? plain.last : plain.full;
      const labels = isTargeted(before) ? undefined : before.labels;
      copyBatch(augmented(at, before), into);
      return labels ?? into.labels ?? into.targets!;
    },
  };
}

/** Memory for examples as they are before they are augmented. */
function rawBatch(examples: AnyExamples, rows: number, dtype: Dtype): AnyExamples {
  const { features, shape, weights } = examples;
  const shared = {
    inputs: floatArray(dtype, rows * features),
    count: rows,
    features,
    ...(shape && { shape }),
    ...(weights && { weights: floatArray(dtype, rows) }),
  };
  return isTargeted(examples)
    ? { ...shared, targets: floatArray(dtype, rows * examples.outputs), outputs: examples.outputs }
    : { ...shared, labels: new Int32Array(rows), classes: examples.classes };
}

/** @throws ArgumentError for labels where targets were planned for, and the like */
function copyBatch(from: AnyExamples, into: GradientInputs): void {
  const given: Batch = from;
  for (const name of ['inputs', 'labels', 'targets', 'weights'] as const) {
    const [source, target] = [given[name], into[name]];
    if (source?.length !== target?.length)
      refuse(
        'train',
        `augment must give the same in every step: ${target?.length ?? 'no'} ${name} at first, then ${source?.length ?? 'none'}`,
      );
    target?.set(source as never);
  }
}
