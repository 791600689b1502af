import { examplesIdentity, mnist, parseCifar, parseIdx, parseNpy, type NumericArray } from '@hyperribbon/data';
import type { Dtype } from '@hyperribbon/kernels';
import type { Examples, Network } from '@hyperribbon/nn';
import type { SplitIndices } from '@hyperribbon/pac-bayes';
import { UsageError } from '../usageError.js';
import { fileKind } from './fileKind.js';
import { labelled, reading, type FileExamples } from './labelled.js';
import { npzExamples } from './npzExamples.js';
import { readInput, unzipped } from './readInput.js';
import { keptApart, type RepeatedRows } from './repeatedRows.js';
import { requireUsed, type SourceOptions } from './sourceOptions.js';
import { holdOut, join, rows } from './splits.js';
import { tableExamples } from './tableExamples.js';

/** What to read; `dtype` is what pixels become where a command has one. */
export type DataOptions = SourceOptions & { readonly dtype?: Dtype };

/** Labelled examples with what to call them. */
export interface NamedExamples {
  readonly name: string;
  readonly task: string;
  readonly examples: Examples;
  /** test examples that the file holds beside them */
  readonly test?: Examples;
  /** what was made of the file that a person should know */
  readonly notes: readonly string[];
}

export interface Split {
  readonly dataset: string;
  /** Which rows of which data set the training examples are, for certificates. */
  readonly origin: { readonly dataset: string; readonly indices: SplitIndices };
  readonly task: string;
  readonly train: Examples;
  readonly test: Examples;
  readonly testOrigin: { readonly dataset: string; readonly indices: SplitIndices };
  /** examples whose labels say what guessing costs: beside the training examples, which a bound may be about */
  readonly beside: {
    readonly name: string;
    readonly examples: Examples;
    readonly origin: { readonly dataset: string; readonly indices: SplitIndices };
  };
  /** what became of rows with equal inputs, if there are any */
  readonly repeated?: string;
  /** what was made of the file that a person should know */
  readonly notes: readonly string[];
}

const tasks = { binary: 'binary: digits 0-4 against 5-9', digits: 'ten digits' };

/** One set of examples, fitting a network; `name` and `notes` with them. */
export async function loadExamples(options: DataOptions, network: Network): Promise<NamedExamples> {
  const found = await loadNamed(options, network.classes);
  if (found.examples.features !== network.inputs) {
    throw new UsageError(
      `--data: the examples have ${found.examples.features} features, but ${network.name} takes ${network.inputs}`,
    );
  }
  return found;
}

/** One set of examples; `classes` tells how many a network distinguishes. */
export async function loadNamed(options: DataOptions, classes?: number): Promise<NamedExamples> {
  const source = sourceOf(options);
  if (isMnist(source)) return mnistPart(source, options, classes);
  return { name: source, ...(await fromFile(source, options, classes)) };
}

export interface SplitSetting {
  /** what MNIST is asked where nobody says */
  readonly task?: 'binary' | 'digits';
  readonly rows?: RepeatedRows;
}

/** A training and a test set: MNIST's own, those of an npz file, or a sixth of the user's examples, chosen by the seed, held out for testing. */
export async function loadSplit(
  options: DataOptions,
  seed: number,
  { task: usual = 'binary', rows = 'distinct' }: SplitSetting = {},
): Promise<Split> {
  const source = sourceOf(options);
  if (source === 'mnist') {
    requireUsed(options, 'mnist', source);
    const { task = usual, dtype = 'float32' } = options;
    const { train, prior, test } = await mnist({ task, dtype });
    const part = (dataset: string, from: number, to: number) =>
      ({ dataset, indices: { kind: 'ranges', ranges: [[from, to]] } }) as const;
    const whole = examplesIdentity(join(train, prior));
    const end = train.count + prior.count;
    return {
      dataset: 'MNIST',
      origin: part(whole, 0, train.count),
      task: tasks[task],
      train,
      test,
      testOrigin: part(examplesIdentity(test), 0, test.count),
      beside: { name: 'held-out', examples: prior, origin: part(whole, train.count, end) },
      notes: [],
    };
  }
  const { name, task, examples: given, notes, test: givenTest } = await loadNamed(options);
  const { examples, test: own, told } = keptApart(given, givenTest, rows);
  const { train, test, order, held } = holdOut(examples, seed, own);
  const part = (from: number, to: number) =>
    ({
      dataset: examplesIdentity(examples),
      indices: { ...order, kind: 'permutation', of: examples.count, from, to },
    }) as const;
  const testOrigin = own === undefined ? part(0, held) : originOfTest(own);
  return {
    dataset: name,
    origin: part(held, examples.count),
    task,
    train,
    test,
    testOrigin,
    beside: { name: 'test', examples: test, origin: testOrigin },
    notes,
    ...(told === undefined ? {} : { repeated: told }),
  };
}

/** All rows of test examples that came with the data. */
export function originOfTest(own: Examples): { readonly dataset: string; readonly indices: SplitIndices } {
  return { dataset: examplesIdentity(own), indices: { kind: 'ranges', ranges: [[0, own.count]] } };
}

function sourceOf({ data, inputs }: DataOptions): string {
  if (data !== undefined && inputs !== undefined) throw new UsageError('--data and --inputs: give one of the two');
  return data ?? inputs ?? 'mnist';
}

function isMnist(source: string): boolean {
  return source === 'mnist' || source.startsWith('mnist:');
}

/** mnist:train:FROM:TO counts the 60,000 training images of the files, mnist:test:FROM:TO the 10,000 test images. */
async function mnistPart(source: string, options: DataOptions, classes: number | undefined): Promise<NamedExamples> {
  const [, part = 'train', fromText = '0', toText, ...rest] = source.split(':');
  if ((part !== 'train' && part !== 'test') || rest.length > 0) {
    throw new UsageError(`--data: expected mnist, mnist:train:FROM:TO or mnist:test:FROM:TO, got "${source}"`);
  }
  requireUsed(options, 'mnist', source);
  const { task = classes === 2 ? 'binary' : 'digits', dtype = 'float32' } = options;
  const { train, prior, test } = await mnist({ task, dtype });
  const whole = part === 'test' ? test : join(train, prior);
  const [from, to] = [Number(fromText), Number(toText ?? whole.count)];
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to > whole.count || from >= to) {
    throw new UsageError(
      `--data: ${source}: FROM and TO must be whole numbers with 0 ≤ FROM < TO ≤ ${whole.count} (${part} images)`,
    );
  }
  return { name: source, task: tasks[task], examples: rows(whole, from, to), notes: [] };
}

async function fromFile(file: string, options: DataOptions, classes: number | undefined): Promise<FileExamples> {
  const bytes = unzipped(await readInput(file, '--data'), file, '--data');
  const kind = fileKind(file, bytes, '--data');
  requireUsed(options, kind, file);
  const { labels: labelFile, layout, dtype } = options;
  const setting = { classes, layout, dtype };
  if (kind === 'table') return reading('--data', file, () => tableExamples(file, bytes, { ...options, classes }));
  if (kind === 'npz') return reading('--data', file, () => npzExamples(file, bytes, setting));
  if (kind === 'cifar')
    return reading('--data', file, () => {
      const { images: inputs, labels } = parseCifar(bytes);
      return labelled({ inputs, labels }, setting);
    });
  if (labelFile === undefined)
    throw new UsageError(`--labels: ${file} holds inputs only; name the file of their labels`);
  const labelBytes = unzipped(await readInput(labelFile, '--labels'), labelFile, '--labels');
  const inputs = reading('--data', file, () => array(file, bytes));
  const labels = reading('--labels', labelFile, () => array(labelFile, labelBytes));
  return reading('--data', file, () => labelled({ inputs, labels }, setting));
}

function array(file: string, bytes: Uint8Array): NumericArray {
  const kind = fileKind(file, bytes, '--labels');
  if (kind === 'npy') return parseNpy(bytes);
  if (kind === 'idx') return parseIdx(bytes);
  throw new UsageError(`${file} is a file of the kind ${kind}, not npy or idx`);
}
