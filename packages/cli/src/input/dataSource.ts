import {
  examplesFromArrays,
  examplesIdentity,
  mnist,
  parseIdx,
  parseNpy,
  parseNpz,
  type NumericArray,
} from '@hyperribbon/data';
import type { Examples, Network } from '@hyperribbon/nn';
import type { SplitIndices } from '@hyperribbon/pac-bayes';
import type { Given } from '../options/option.js';
import type { dataOptions } from '../options/shared.js';
import { UsageError } from '../usageError.js';
import { csvExamples } from './csvExamples.js';
import { readInput } from './readInput.js';
import { withoutRepeats, type RepeatedRows } from './repeatedRows.js';
import { holdOut, join, rows } from './splits.js';

export type DataOptions = Given<typeof dataOptions>;

/** Labelled examples with what to call them. */
export interface NamedExamples {
  readonly name: string;
  readonly task: string;
  readonly examples: Examples;
}

export interface Split {
  readonly dataset: string;
  /** Which rows of which data set the training examples are, for certificates. */
  readonly origin: { readonly dataset: string; readonly indices: SplitIndices };
  readonly task: string;
  readonly train: Examples;
  readonly test: Examples;
  /** what became of rows with equal inputs, if there are any */
  readonly repeated?: string;
}

const tasks = { binary: 'binary: digits 0-4 against 5-9', digits: 'ten digits' };

/** One set of examples, fitting a network if one is given. */
export async function loadExamples(options: DataOptions, network?: Network): Promise<Examples> {
  const { examples } = await loadNamed(options, network?.classes);
  if (network !== undefined && examples.features !== network.inputs) {
    throw new UsageError(
      `--data: the examples have ${examples.features} features, but ${network.name} takes ${network.inputs}`,
    );
  }
  return examples;
}

/** One set of examples; `classes` tells how many a network distinguishes. */
export async function loadNamed(options: DataOptions, classes?: number): Promise<NamedExamples> {
  const source = sourceOf(options);
  if (isMnist(source)) return mnistPart(source, options, classes);
  const examples = await fromFile(source, options, classes);
  const seen = new Set(examples.labels);
  const unseen = Array.from({ length: examples.classes }, (_, c) => c).filter((c) => !seen.has(c));
  const without =
    unseen.length === 0 ? '' : `, none of class ${unseen.slice(0, 3).join(', ')}${unseen.length > 3 ? ', …' : ''}`;
  return { name: source, task: `${examples.classes} classes${without}`, examples };
}

/** A training and a test set: MNIST's own, or a sixth of the user's examples, chosen by the seed, held out for testing. */
export async function loadSplit(options: DataOptions, seed: number, rows: RepeatedRows = 'distinct'): Promise<Split> {
  const source = sourceOf(options);
  if (source === 'mnist') {
    const task = options.task ?? 'binary';
    const { train, prior, test } = await mnist({ task });
    const origin = {
      dataset: examplesIdentity(join(train, prior)),
      indices: { kind: 'ranges', ranges: [[0, train.count]] },
    } as const;
    return { dataset: 'MNIST', origin, task: tasks[task], train, test };
  }
  const { name, task, examples: given } = await loadNamed(options);
  const { examples, told } = withoutRepeats(given, rows);
  const { train, test, order } = holdOut(examples, seed);
  const indices = { ...order, kind: 'permutation', of: examples.count, from: test.count, to: examples.count } as const;
  const origin = { dataset: examplesIdentity(examples), indices };
  return { dataset: name, origin, task, train, test, ...(told === undefined ? {} : { repeated: told }) };
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
  const task = options.task ?? (classes === 2 ? 'binary' : 'digits');
  const { train, prior, test } = await mnist({ task });
  const whole = part === 'test' ? test : join(train, prior);
  const [from, to] = [Number(fromText), Number(toText ?? whole.count)];
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to > whole.count || from >= to) {
    throw new UsageError(
      `--data: ${source}: FROM and TO must be whole numbers with 0 ≤ FROM < TO ≤ ${whole.count} (${part} images)`,
    );
  }
  return { name: source, task: tasks[task], examples: rows(whole, from, to) };
}

async function fromFile(file: string, options: DataOptions, classes: number | undefined): Promise<Examples> {
  const { labels: labelFile, header, labelColumn } = options;
  const bytes = await readInput(file, '--data');
  const extra = classes === undefined ? {} : { classes };
  if (file.endsWith('.csv')) {
    if (labelFile !== undefined)
      throw new UsageError('--labels: the labels of a csv file are its last column, or --label-column');
    return examplesFromArrays(...csvExamples(file, bytes, options), extra);
  }
  if (header !== undefined || labelColumn !== undefined)
    throw new UsageError(`--${header === undefined ? 'label-column' : 'header'}: only csv files have one, not ${file}`);
  if (file.endsWith('.npz')) {
    const arrays = parseNpz(bytes);
    const inputs = oneOf(arrays, ['x', 'X', 'inputs', 'images', 'x_train'], file);
    const labels = oneOf(arrays, ['y', 'Y', 'labels', 'targets', 'y_train'], file);
    return examplesFromArrays(inputs, labels, extra);
  }
  if (labelFile === undefined)
    throw new UsageError(`--labels: ${file} holds inputs only; name the file of their labels`);
  const labels = array(labelFile, await readInput(labelFile, '--labels'));
  return examplesFromArrays(array(file, bytes), labels, extra);
}

/** npy by its ending, idx otherwise: idx files have no ending of their own. */
function array(file: string, bytes: Uint8Array): NumericArray {
  return file.endsWith('.npy') ? parseNpy(bytes) : parseIdx(bytes);
}

function oneOf(arrays: ReadonlyMap<string, NumericArray>, names: readonly string[], file: string): NumericArray {
  for (const name of names) {
    const found = arrays.get(name);
    if (found !== undefined) return found;
  }
  throw new UsageError(
    `--data: ${file} must hold an array ${names.join(' or ')}, it has ${[...arrays.keys()].join(', ')}`,
  );
}
