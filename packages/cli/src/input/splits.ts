import { stream } from '@hyperribbon/random';
import { gatherBatch, type Examples } from '@hyperribbon/nn';
import { UsageError } from '../usageError.js';

/** Rows from..to−1 as views. */
export function rows(examples: Examples, from: number, to: number): Examples {
  return {
    ...examples,
    inputs: examples.inputs.subarray(from * examples.features, to * examples.features),
    labels: examples.labels.subarray(from, to),
    count: to - from,
  };
}

/** Two sets one after the other, in the type of the first; a copy. */
export function join(first: Examples, second: Examples): Examples {
  const length = first.inputs.length + second.inputs.length;
  const inputs = first.inputs.BYTES_PER_ELEMENT === 8 ? new Float64Array(length) : new Float32Array(length);
  inputs.set(first.inputs);
  inputs.set(second.inputs, first.inputs.length);
  const labels = new Int32Array(first.count + second.count);
  labels.set(first.labels);
  labels.set(second.labels, first.count);
  return { ...first, inputs, labels, count: first.count + second.count };
}

export interface HeldOut {
  readonly train: Examples;
  readonly test: Examples;
  readonly order: { readonly seed: number; readonly purpose: string; readonly index: number };
  /** how many of the examples, in that order, were held out */
  readonly held: number;
}

/**
 * A sixth of the examples, chosen at random by the seed, for testing; the others for training.
 *
 * @param own test examples that are there already: none is held out then, and all are for training, in the same order
 */
export function holdOut(examples: Examples, seed: number, own?: Examples): HeldOut {
  if (examples.count < 12) {
    throw new UsageError(
      `--data: ${examples.count} examples are too few to hold some out for testing; give at least 12`,
    );
  }
  if (examples.labels.every((label) => label === examples.labels[0]))
    throw new UsageError(
      `--data: every label is ${examples.labels[0]}: there is nothing to tell apart. Are these the labels?`,
    );
  const order = { seed, purpose: 'hold-out', index: 0 };
  const held = own === undefined ? Math.round(examples.count / 6) : 0;
  const gathered = gather(examples, stream(order).permutation(examples.count));
  return { train: rows(gathered, held, examples.count), test: own ?? rows(gathered, 0, held), order, held };
}

/** The rows that `order` names, in its order; a copy. */
export function gather(examples: Examples, order: Int32Array): Examples {
  const { inputs, features } = examples;
  const size = order.length * features;
  const to = {
    inputs: inputs.BYTES_PER_ELEMENT === 8 ? new Float64Array(size) : new Float32Array(size),
    labels: new Int32Array(order.length),
  };
  gatherBatch(examples, order, 0, to);
  return { ...examples, ...to, count: order.length };
}

/** The first `count` examples, or all, as views. */
export function head(examples: Examples, count: number): Examples {
  return rows(examples, 0, Math.min(count, examples.count));
}
