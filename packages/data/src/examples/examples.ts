import { type Examples, refuse, requireInteger } from '@hyperribbon/contract';
import { bytesOf, sha256, textDigest } from '@hyperribbon/contract/digest';
import type { FloatArray } from '@hyperribbon/kernels';

/** Examples that have a name. */
export interface DataSet extends Examples {
  /** for people: 'MNIST binary, training images 0 to 54999'; for machines see {@link examplesIdentity} */
  readonly name: string;
}

/**
 * Names a set of examples by its content: `sha256:` and 64 hexadecimal digits. Equal content has equal identity, whatever it is called.
 *
 * It is SHA-256 [fips180] of the text
 *
 *     examples of 2 features in 10 classes
 *     float32 (3, 2) sha256:…
 *     int32 (3,) sha256:…
 *
 * with a newline after each line, where the second line has the digest of the inputs as they lie in memory (little-endian) and
 * the third that of the labels.
 *
 * Cost: one pass, at the pace of `sha256` (0.1 s for the 172 MB of MNIST in Node).
 * @example
 * const two = examplesFromArrays({ shape: [2, 1], data: Float32Array.of(0, 1) }, { shape: [2], data: Uint8Array.of(0, 1) });
 * examplesIdentity(two); // 'sha256:03a00fce…'
 */
export function examplesIdentity(examples: Examples): string {
  const { inputs, labels, count, features, classes } = examples;
  return textDigest(
    `examples of ${features} features in ${classes} classes\n` +
      `float${8 * inputs.BYTES_PER_ELEMENT} (${count}, ${features}) sha256:${sha256(bytesOf(inputs))}\n` +
      `int32 (${count},) sha256:${sha256(bytesOf(labels))}\n`,
  );
}

/** Puts a named set of examples together. For data whose values are known to be good. */
export function makeExamples(name: string, inputs: FloatArray, labels: Int32Array, classes: number): DataSet {
  const count = labels.length;
  return { inputs, labels, count, features: inputs.length / count, classes, name };
}

/**
 * Examples from (included) to (excluded). Inputs and labels are views, not copies; the name is the part's own.
 *
 * @param from integer in [0, to)
 * @param to integer in (from, count]
 * @throws ArgumentError when the range is empty or reaches outside
 * @example
 * subset(sloppyGaussian({ dimension: 2, decay: 1, count: 10, seed: 1 }), 2, 5).count; // 3
 */
export function subset(examples: DataSet, from: number, to: number): DataSet {
  const { inputs, labels, count, features, classes, name } = examples;
  requireInteger('subset', 'to', to, 1, count);
  requireInteger('subset', 'from', from, 0, to - 1);
  const part = inputs.subarray(from * features, to * features);
  return makeExamples(`${name} [${from}, ${to})`, part, labels.subarray(from, to), classes);
}

/**
 * How many examples of b have the same input, bit for bit, as some example of a: 0 shows that two splits do not overlap.
 *
 * @throws ArgumentError when the number of features or the dtype differs
 * Cost: one pass over each; inputs whose 32-bit hashes agree are compared in full.
 * @example
 * const sample = sloppyGaussian({ dimension: 2, decay: 1, count: 10, seed: 1 });
 * countSharedInputs(subset(sample, 0, 6), subset(sample, 4, 10)); // 2
 */
export function countSharedInputs(a: Examples, b: Examples): number {
  if (a.features !== b.features || a.inputs.BYTES_PER_ELEMENT !== b.inputs.BYTES_PER_ELEMENT) {
    refuse(
      'countSharedInputs',
      `need equal features and dtypes, got ${a.features} and ${b.features} of ${a.inputs.BYTES_PER_ELEMENT} and ${b.inputs.BYTES_PER_ELEMENT} bytes`,
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

/** The words of an array's memory: a view, not a copy. */
function wordsOf({ buffer, byteOffset, byteLength }: FloatArray): Uint32Array {
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
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
