import { type AnyExamples, type ExampleInputs, refuse } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { stream } from '@hyperribbon/random';

/** Which examples have an input of their own, and how many repeat that of another. */
export interface RepeatedInputs {
  /** One row for each distinct input, ascending. */
  readonly distinct: Int32Array;
  /** Rows that were left out for them. */
  readonly repeats: number;
  /** Inputs that occur with more than one label, or with targets that differ. */
  readonly contradictions: number;
}

/**
 * Finds examples whose inputs are equal, number by number (0 and −0 are equal).
 *
 * Rows that were written twice are no independent draws, and one of them may end up among the training examples and its twin among
 * those that test. Of each group one row stays, drawn at random from a fixed stream, so that no label is preferred where labels
 * contradict each other.
 *
 * Cost: one pass over the inputs; rows whose 32-bit hashes agree are compared in full.
 * @example
 * const set = { inputs: Float32Array.of(1, 2, 1, 0), labels: Int32Array.of(0, 1, 0, 1), count: 4, features: 1, classes: 2 };
 * repeatedInputs(set).repeats; // 1
 */
export function repeatedInputs(examples: AnyExamples): RepeatedInputs {
  const { inputs, count, features } = examples;
  const order = stream({ seed: 0, purpose: 'repeated-inputs' }).permutation(count);
  const groups = new InputGroups(inputs, features);
  const contradicted = new Set<number>();
  const distinct: number[] = [];
  for (const row of order) {
    const first = groups.firstLike(inputs, row);
    if (first === undefined) {
      groups.add(row);
      distinct.push(row);
    } else if (!answeredAlike(examples, first, row)) contradicted.add(first);
  }
  return {
    distinct: Int32Array.from(distinct).sort(),
    repeats: count - distinct.length,
    contradictions: contradicted.size,
  };
}

function answeredAlike(examples: AnyExamples, a: number, b: number): boolean {
  if (!('targets' in examples)) return examples.labels[a] === examples.labels[b];
  const { targets, outputs } = examples;
  for (let k = 0; k < outputs; k++) if (targets[a * outputs + k] !== targets[b * outputs + k]) return false;
  return true;
}

/**
 * How many examples of b have the same input as some example of a: 0 shows that two splits do not overlap.
 *
 * @throws ArgumentError when the number of features or the dtype differs
 * Cost: one pass over each; inputs whose 32-bit hashes agree are compared in full.
 * @example
 * const sample = sloppyGaussian({ dimension: 2, decay: 1, count: 10, seed: 1 });
 * countSharedInputs(subset(sample, 0, 6), subset(sample, 4, 10)); // 2
 */
export function countSharedInputs(a: ExampleInputs, b: ExampleInputs): number {
  if (a.features !== b.features || a.inputs.BYTES_PER_ELEMENT !== b.inputs.BYTES_PER_ELEMENT) {
    refuse(
      'countSharedInputs',
      `need equal features and dtypes, got ${a.features} and ${b.features} of ${a.inputs.BYTES_PER_ELEMENT} and ${b.inputs.BYTES_PER_ELEMENT} bytes`,
    );
  }
  const groups = new InputGroups(a.inputs, a.features);
  for (let row = 0; row < a.count; row++) groups.add(row);
  let shared = 0;
  for (let row = 0; row < b.count; row++) if (groups.firstLike(b.inputs, row) !== undefined) shared++;
  return shared;
}

/** Rows of inputs by their hash. */
class InputGroups {
  readonly #rowsByHash = new Map<number, number[]>();
  readonly #inputs: FloatArray;
  readonly #features: number;
  readonly #number = new Float64Array(1);
  readonly #words = new Uint32Array(this.#number.buffer);

  constructor(inputs: FloatArray, features: number) {
    this.#inputs = inputs;
    this.#features = features;
  }

  add(row: number): void {
    const hash = this.#hash(this.#inputs, row * this.#features);
    const rows = this.#rowsByHash.get(hash);
    if (rows === undefined) this.#rowsByHash.set(hash, [row]);
    else rows.push(row);
  }

  /** A row that was added and is equal to this one. */
  firstLike(inputs: FloatArray, row: number): number | undefined {
    const start = row * this.#features;
    const rows = this.#rowsByHash.get(this.#hash(inputs, start));
    return rows?.find((other) => this.#equals(other * this.#features, inputs, start));
  }

  #equals(own: number, inputs: FloatArray, start: number): boolean {
    for (let k = 0; k < this.#features; k++) if (this.#inputs[own + k] !== inputs[start + k]) return false;
    return true;
  }
  #hash(inputs: FloatArray, start: number): number {
    const [number, words] = [this.#number, this.#words];
    let h = 0x811c9dc5;
    for (let i = start; i < start + this.#features; i++) {
      number[0] = inputs[i] + 0; // −0 + 0 is 0
      h = Math.imul(h ^ words[0], 0x01000193);
      h ^= h >>> 15;
      h = Math.imul(h ^ words[1], 0x01000193);
      h ^= h >>> 15;
    }
    return h;
  }
}
