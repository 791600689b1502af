import { examplesIdentity, repeatedInputs, weightsFromNpz } from '@hyperribbon/data';
import type { FloatArray } from '@hyperribbon/kernels';
import { evaluate, flatten, type Examples } from '@hyperribbon/nn';
import { parseArchitecture } from '@hyperribbon/nn/models';
import {
  errorOfGuessing,
  type DataSplit,
  type RandomLabels,
  type TestSetCertificate,
  type TestSetChecks,
} from '@hyperribbon/pac-bayes';
import { withRandomLabels } from '@hyperribbon/pac-bayes/networks';
import { reading } from '../input/reading.js';
import { loadNamed, type DataOptions } from '../input/dataSource.js';
import { tasksToTry, wholeSet } from '../input/imageSets.js';
import { readInput } from '../input/readInput.js';
import { gather } from '../input/splits.js';
import { UsageError } from '../usageError.js';
import { chosen, lastRow } from './boundExamples.js';

/** What the files that the user names let be checked of the certificate of a test set: rows, weights, the mistakes counted again. */
export async function testSetEvidence(
  certificate: TestSetCertificate,
  { model, ...options }: DataOptions & { readonly model?: string | undefined },
): Promise<TestSetChecks> {
  const weights = model === undefined ? undefined : await loadWeights(model);
  if (options.data === undefined && options.inputs === undefined) return weights === undefined ? {} : { weights };
  const { data, classifier } = certificate;
  const splitOf = (name: string | null): DataSplit | undefined => data.splits.find((split) => split.name === name);
  const sources = await sourcesOf(options);
  const labels = data.labels === null ? [] : [data.labels, ofTraining(data.labels)];
  const found = (name: string | null): Examples | undefined => {
    const split = splitOf(name);
    return split === undefined ? undefined : examplesOf(split, sources, labels);
  };
  const [test, guessed] = [found(data.test), found(data.chance)];
  const digest = test === undefined ? nearest(splitOf(data.test), sources) : examplesIdentity(test);
  const known = weights !== undefined && classifier.architecture !== null && test !== undefined;
  return {
    data: { ...Object.fromEntries(besides(data, sources, found)), [data.test]: digest },
    ...(weights === undefined ? {} : { weights }),
    ...(known ? { recounted: { errors: await mistakes(classifier.architecture, weights, test) } } : {}),
    ...(guessed === undefined ? {} : { chance: errorOfGuessing(guessed.labels, guessed.classes).error }),
  };
}

async function loadWeights(file: string): Promise<Readonly<Record<string, FloatArray>>> {
  if (!file.endsWith('.npz'))
    throw new UsageError(`--model: ${file} must be the .npz file that came with the certificate`);
  const arrays = weightsFromNpz(await readInput(file, '--model'), { integers: 'omit' });
  return Object.fromEntries([...arrays].map(([name, { data }]) => [name, data]));
}

/** The data as given and without repeated rows; for MNIST and its like the training and the test images, with the labels of either task. */
async function sourcesOf(options: DataOptions): Promise<readonly Examples[]> {
  const set = options.data === undefined ? undefined : wholeSet(options.data);
  const given: Examples[] = [];
  for (const data of set === undefined ? [options.data] : [options.data, `${options.data}:test`])
    for (const task of tasksToTry(set, options.task)) {
      const asked = { ...options, ...(data === undefined ? {} : { data }), ...(task === undefined ? {} : { task }) };
      given.push((await loadNamed(asked)).examples);
    }
  if (set !== undefined) return given;
  const [whole] = given;
  const { distinct, repeats } = repeatedInputs(whole);
  return repeats === 0 ? given : [whole, gather(whole, distinct)];
}

/** Test images have random labels of their own; those of the training images have the purpose without its ending. */
function ofTraining({ purpose, ...labels }: RandomLabels): RandomLabels {
  return { ...labels, purpose: purpose.replace(/\/test$/u, '') };
}

/** The rows that a split names, in the source that it names, with the labels that its digest is of. */
function examplesOf(
  split: DataSplit,
  sources: readonly Examples[],
  labels: readonly RandomLabels[],
): Examples | undefined {
  for (const source of sources) {
    if (examplesIdentity(source) !== split.dataset || lastRow(split.indices) > source.count) continue;
    for (const labelled of [source, ...labels.map((each) => withRandomLabels(source, each))]) {
      const examples = chosen(labelled, split.indices);
      if (examplesIdentity(examples) === split.digest) return examples;
    }
  }
  return undefined;
}

/** Digests of the other splits: those of the rows that are named, where their data set was given. */
function besides(
  { splits, test }: TestSetCertificate['data'],
  sources: readonly Examples[],
  found: (name: string) => Examples | undefined,
): (readonly [name: string, digest: string])[] {
  return splits
    .filter(({ name }) => name !== test)
    .flatMap((split) => {
      if (found(split.name) !== undefined) return [[split.name, split.digest] as const];
      const source = sources.find((each) => examplesIdentity(each) === split.dataset);
      if (source === undefined || lastRow(split.indices) > source.count) return [];
      return [[split.name, examplesIdentity(chosen(source, split.indices))] as const];
    });
}

/** What the refusal calls the data that were given. */
function nearest(split: DataSplit | undefined, sources: readonly Examples[]): string {
  const [source] = sources;
  const enough = split !== undefined && lastRow(split.indices) <= source.count;
  return examplesIdentity(enough ? chosen(source, split.indices) : source);
}

async function mistakes(
  architecture: string,
  weights: Readonly<Record<string, FloatArray>>,
  examples: Examples,
): Promise<number> {
  const network = reading('certificate', architecture, () => parseArchitecture(architecture));
  const params = flatten(network, weights);
  const dtype = params.BYTES_PER_ELEMENT === 8 ? 'float64' : 'float32';
  return (await evaluate(network, params, examples, { deterministic: true, dtype })).mistakes;
}
