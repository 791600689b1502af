import type { FloatArray } from '@hyperribbon/kernels';
import { contentDigest, wordsOf } from '../contentDigest.js';

/** Labelled inputs: what networks are trained, evaluated and certified on. */
export interface Examples {
  /** (count, features), row-major */
  readonly inputs: FloatArray;
  /** (count,), each in [0, classes) */
  readonly labels: Int32Array;
  readonly count: number;
  readonly features: number;
  readonly classes: number;
  /** for people: 'MNIST binary, training images 0 to 54999' */
  readonly name: string;
  /** for machines: digest of inputs, labels and sizes, see {@link examplesIdentity} */
  readonly identity: string;
}

/**
 * Names a set of examples by its content: `fnx128:` and 32 hexadecimal digits over the sizes, the dtype, every bit of the
 * inputs and every label. Equal content has equal identity, whatever it is called. Not cryptographic.
 *
 * Cost: one pass, about 1 GB/s.
 */
export function examplesIdentity(examples: Omit<Examples, 'name' | 'identity'>): string {
  const { inputs, labels, count, features, classes } = examples;
  const sizes = Uint32Array.of(inputs.BYTES_PER_ELEMENT, count, features, classes);
  return `fnx128:${contentDigest([sizes, wordsOf(inputs), wordsOf(labels)])}`;
}

/** Checks sizes and puts a named set of examples together. For data whose values are known to be good. */
export function makeExamples(name: string, inputs: FloatArray, labels: Int32Array, classes: number): Examples {
  const count = labels.length;
  const features = inputs.length / count;
  const content = { inputs, labels, count, features, classes };
  return { ...content, name, identity: examplesIdentity(content) };
}

/**
 * Examples from (included) to (excluded). Inputs and labels are views, not copies; name and identity are the part's own.
 *
 * @param from integer in [0, to)
 * @param to integer in (from, count]
 * @throws RangeError when the range is empty or reaches outside
 * Cost: one pass for the identity.
 */
export function subset(examples: Examples, from: number, to: number): Examples {
  const { inputs, labels, count, features, classes, name } = examples;
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to > count || from >= to) {
    throw new RangeError(`subset: need integers 0 <= from < to <= ${count}, got from=${from}, to=${to}`);
  }
  const part = inputs.subarray(from * features, to * features);
  return makeExamples(`${name} [${from}, ${to})`, part, labels.subarray(from, to), classes);
}

/**
 * How many examples of b have the same input, bit for bit, as some example of a: 0 shows that two splits do not overlap.
 *
 * @throws RangeError when the number of features or the dtype differs
 * Cost: one pass over each; inputs whose 32-bit hashes agree are compared in full.
 */
export function countSharedInputs(a: Examples, b: Examples): number {
  if (a.features !== b.features || a.inputs.BYTES_PER_ELEMENT !== b.inputs.BYTES_PER_ELEMENT) {
    throw new RangeError(
      `countSharedInputs: need equal features and dtypes, got ${a.features} and ${b.features} of ${a.inputs.BYTES_PER_ELEMENT} and ${b.inputs.BYTES_PER_ELEMENT} bytes`,
    );
  }
  const wordsPerRow = (a.features * a.inputs.BYTES_PER_ELEMENT) / 4;
  const wordsA = wordsOf(a.inputs);
  const wordsB = wordsOf(b.inputs);
  const rowsByHash = new Map<number, number[]>();
  for (let i = 0; i < a.count; i++) {
    const hash = hashRow(wordsA, i * wordsPerRow, wordsPerRow);
    const rows = rowsByHash.get(hash);
    if (rows === undefined) rowsByHash.set(hash, [i]);
    else rows.push(i);
  }
  let shared = 0;
  for (let j = 0; j < b.count; j++) {
    const rows = rowsByHash.get(hashRow(wordsB, j * wordsPerRow, wordsPerRow)) ?? [];
    if (rows.some((i) => equalRows(wordsA, i * wordsPerRow, wordsB, j * wordsPerRow, wordsPerRow))) shared++;
  }
  return shared;
}

function hashRow(words: Uint32Array, start: number, length: number): number {
  let h = 0x811c9dc5;
  for (let i = start; i < start + length; i++) {
    h = Math.imul(h ^ words[i], 0x01000193);
    h ^= h >>> 15;
  }
  return h;
}

function equalRows(a: Uint32Array, i: number, b: Uint32Array, j: number, length: number): boolean {
  for (let k = 0; k < length; k++) if (a[i + k] !== b[j + k]) return false;
  return true;
}
