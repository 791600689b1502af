import { stream } from '@hyperribbon/random';
import { type AnyExamples, type Examples, gatherBatch, isTargeted } from '@hyperribbon/nn';
import type { FloatArray } from '@hyperribbon/kernels';
import { UsageError } from '../usageError.js';

/** Rows from..to−1 as views. */
export function rows<Kind extends AnyExamples>(examples: Kind, from: number, to: number): Kind {
  const { features } = examples;
  const inputs = examples.inputs.subarray(from * features, to * features);
  const answers = isTargeted(examples)
    ? { targets: examples.targets.subarray(from * examples.outputs, to * examples.outputs) }
    : { labels: (examples as Examples).labels.subarray(from, to) };
  return { ...examples, inputs, ...answers, count: to - from };
}

/** Two sets one after the other, in the type of the first; a copy. */
export function join(first: Examples, second: Examples): Examples {
  const inputs = like(first.inputs, first.inputs.length + second.inputs.length);
  inputs.set(first.inputs);
  inputs.set(second.inputs, first.inputs.length);
  const labels = new Int32Array(first.count + second.count);
  labels.set(first.labels);
  labels.set(second.labels, first.count);
  return { ...first, inputs, labels, count: first.count + second.count };
}

/** Zeros in the type of an array. */
function like(array: FloatArray, length: number): FloatArray {
  return array.BYTES_PER_ELEMENT === 8 ? new Float64Array(length) : new Float32Array(length);
}

export interface HeldOut<Kind extends AnyExamples = Examples> {
  readonly train: Kind;
  readonly test: Kind;
  readonly order: { readonly seed: number; readonly purpose: string; readonly index: number };
  /** how many of the examples, in that order, were held out */
  readonly held: number;
}

/**
 * A sixth of the examples, chosen at random by the seed, for testing; the others for training.
 *
 * @param own test examples that are there already: none is held out then, and all are for training, in the same order
 */
export function holdOut<Kind extends AnyExamples>(examples: Kind, seed: number, own?: Kind): HeldOut<Kind> {
  if (examples.count < 12) {
    throw new UsageError(
      `--data: ${examples.count} examples are too few to hold some out for testing; give at least 12`,
    );
  }
  requireDifferent(examples);
  const order = { seed, purpose: 'hold-out', index: 0 };
  const held = own === undefined ? Math.round(examples.count / 6) : 0;
  const gathered = gather(examples, stream(order).permutation(examples.count));
  return { train: rows(gathered, held, examples.count), test: own ?? rows(gathered, 0, held), order, held };
}

/** @throws UsageError where there is nothing to learn */
function requireDifferent(examples: AnyExamples): void {
  if (isTargeted(examples)) {
    const { targets, outputs } = examples;
    if (targets.every((target, i) => target === targets[i % outputs]))
      throw new UsageError(
        `--data: every target is ${targets.subarray(0, outputs).join(', ')}. Are these the targets?`,
      );
    return;
  }
  const { labels } = examples;
  if (labels.every((label) => label === labels[0]))
    throw new UsageError(`--data: every label is ${labels[0]}: there is nothing to tell apart. Are these the labels?`);
}

/** The rows that `order` names, in its order; a copy. */
export function gather<Kind extends AnyExamples>(examples: Kind, order: Int32Array): Kind {
  const count = order.length;
  const to = {
    inputs: like(examples.inputs, count * examples.features),
    ...(isTargeted(examples)
      ? { targets: like(examples.targets, count * examples.outputs) }
      : { labels: new Int32Array(count) }),
  };
  gatherBatch(examples, order, 0, to);
  return { ...examples, ...to, count };
}

/** The first `count` examples, or all, as views. */
export function head<Kind extends AnyExamples>(examples: Kind, count: number): Kind {
  return rows(examples, 0, Math.min(count, examples.count));
}
