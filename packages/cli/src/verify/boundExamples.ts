import type { Examples } from '@hyperribbon/contract';
import { examplesIdentity, repeatedInputs } from '@hyperribbon/data';
import type { Certificate, DataSplit, RandomLabels, SplitIndices } from '@hyperribbon/pac-bayes';
import { stream } from '@hyperribbon/random';
import { loadNamed, type DataOptions } from '../input/dataSource.js';
import { imageSet, tasksToTry } from '../input/imageSets.js';
import { withRandomLabels } from '@hyperribbon/pac-bayes/networks';
import { randomLabels } from '../input/randomLabels.js';
import { gather, rows } from '../input/splits.js';
import { versionOneIdentity } from './versionOneIdentity.js';

export interface GivenData {
  /** Identity of the examples that come closest to the bound split. */
  readonly digest: string;
  /** The bound split's examples, if the data given are or contain them. */
  readonly examples?: Examples;
}

/**
 * The bound split among the data the user gave: these examples as they are, or the rows that the certificate names. MNIST and
 * CIFAR-100 without --task are tried with both. Labels that were replaced by random ones are replaced again.
 *
 * @param seed of `--random-labels`, for a certificate that does not tell it
 */
export async function boundExamples(
  certificate: Certificate,
  options: DataOptions,
  seed: number | undefined,
): Promise<GivenData> {
  const labels = seed === undefined ? certificate.data.labels : randomLabels(seed);
  const split = certificate.data.splits.find(({ name }) => name === certificate.data.bound);
  const tasks = tasksToTry(options.data === undefined ? undefined : imageSet(options.data), options.task);
  const identityOf = split?.digest.startsWith('fnx128:') === true ? versionOneIdentity : examplesIdentity;
  let digest = '';
  for (const task of tasks) {
    const { examples: given } = await loadNamed({ ...options, ...(task === undefined ? {} : { task }) });
    // data whose labels were replaced, or whose repeated rows were left out, already are welcome too
    for (const examples of readings(given, labels)) {
      for (const candidate of candidates(examples, split)) {
        digest = identityOf(candidate);
        if (digest === split?.digest) return { digest, examples: candidate };
      }
    }
  }
  return { digest };
}

/** The data as given and without the rows that repeat an input, each with its own labels and with those of a control. */
function* readings(given: Examples, labels: RandomLabels | null): Generator<Examples> {
  const { distinct, repeats } = repeatedInputs(given);
  for (const examples of repeats === 0 ? [given] : [given, gather(given, distinct)]) {
    yield examples;
    if (labels !== null) yield withRandomLabels(examples, labels);
  }
}

function* candidates(examples: Examples, split: DataSplit | undefined): Generator<Examples> {
  if (split === undefined || examples.count === split.count) yield examples;
  if (split !== undefined && lastRow(split.indices) <= examples.count) yield chosen(examples, split.indices);
  // what was given is named by its own digest in the refusal
  yield examples;
}

/** Rows that a data set must have. */
export function lastRow(indices: SplitIndices): number {
  return indices.kind === 'permutation' ? indices.of : (indices.ranges.at(-1)?.[1] ?? Infinity);
}

/** The rows that a certificate names. */
export function chosen(examples: Examples, indices: SplitIndices): Examples {
  if (indices.kind === 'permutation') {
    const { seed, purpose, index, of, from, to } = indices;
    return gather(examples, stream({ seed, purpose, index }).permutation(of).subarray(from, to));
  }
  if (indices.ranges.length === 1) return rows(examples, ...indices.ranges[0]);
  const order: number[] = [];
  for (const [from, to] of indices.ranges) for (let row = from; row < to; row++) order.push(row);
  return gather(examples, Int32Array.from(order));
}
