import { examplesIdentity } from '@hyperribbon/data';
import type { AnyExamples, Examples, LossData } from '@hyperribbon/nn';
import type { SplitIndices } from '@hyperribbon/pac-bayes';
import { UsageError } from '../usageError.js';
import { type DataOptions, type Known, loadAny, requireClasses, sourceOf } from './dataSource.js';
import { loadSet, type NamedSet, taskWords, tasksOf, titleOf, wholeSet } from './imageSets.js';
import { keptApart, type RepeatedRows } from './repeatedRows.js';
import { requireUsed } from './sourceOptions.js';
import { saidOf } from './standardization.js';
import { holdOut, join } from './splits.js';
import { loadTest, type TestOptions } from './testSource.js';

export interface Split<Kind extends AnyExamples = Examples> {
  readonly dataset: string;
  /** Which rows of which data set the training examples are, for certificates. */
  readonly origin: { readonly dataset: string; readonly indices: SplitIndices };
  readonly task: string;
  /** what the data call class 0, 1, …; absent where labels are these numbers */
  readonly classNames?: readonly (number | string)[];
  readonly train: Kind;
  readonly test: Kind;
  /** that belongs to their labels or targets */
  readonly loss: LossData;
  /** whether the test examples are a part of the data, held out here, or are examples of their own */
  readonly testKind: 'held-out' | 'own';
  readonly testOrigin: { readonly dataset: string; readonly indices: SplitIndices };
  /** examples whose labels say what guessing costs: beside the training examples, which a bound may be about */
  readonly beside: {
    readonly name: string;
    readonly examples: Kind;
    readonly origin: { readonly dataset: string; readonly indices: SplitIndices };
  };
  /** what --standardize says became of the inputs */
  readonly standardize?: string;
  /** what became of rows with equal inputs, if there are any */
  readonly repeated?: string;
  /** what was made of the file that a person should know */
  readonly notes: readonly string[];
}

export interface SplitSetting {
  /** what MNIST is asked where nobody says */
  readonly task?: 'binary' | 'digits';
  /** what --repeated-rows says */
  readonly rows?: RepeatedRows | undefined;
  /** where it says nothing, or is not asked; default distinct */
  readonly rowsByDefault?: RepeatedRows;
}

/** A training and a test set: those of MNIST and its like, those of an npz file, or a sixth of the user's examples, chosen by the seed, held out for testing. */
export async function loadSplit(
  options: DataOptions & TestOptions,
  seed: number,
  setting: SplitSetting = {},
): Promise<Split> {
  requireClasses(options);
  // what is wanted are classes, and nothing else comes
  return (await loadAnySplit(options, seed, { ...setting, known: { wanted: 'classes' } })) as Split;
}

/** The same of examples with labels or with targets, whichever the data have. */
export async function loadAnySplit(
  { test: named, testLabels, ...options }: DataOptions & TestOptions,
  seed: number,
  {
    task: usual = 'binary',
    rows: repeatedRows,
    rowsByDefault = 'distinct',
    known = {},
  }: SplitSetting & { readonly known?: Known } = {},
): Promise<Split<AnyExamples>> {
  const source = sourceOf(options);
  const set = wholeSet(source);
  if (set !== undefined) {
    requireUsed({ ...options, repeatedRows }, set.name, source);
    if (named !== undefined)
      throw new UsageError(`--test: ${titleOf(set)} has test images of its own; leave the option off`);
    return setSplit(set, {
      ...options,
      ...(options.task === undefined && set.name === 'mnist' ? { task: usual } : {}),
    });
  }
  const loaded = await loadAny(options, known);
  const { name, task, loss, examples: given, notes, test: inFile } = loaded;
  const other = await loadTest({ test: named, testLabels }, options, loaded);
  const { examples, test: own, told } = keptApart(given, other?.examples ?? inFile, repeatedRows ?? rowsByDefault);
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
    ...(loaded.classNames === undefined ? {} : { classNames: loaded.classNames }),
    train,
    test,
    loss,
    testKind: own === undefined ? 'held-out' : 'own',
    testOrigin,
    beside: { name: 'test', examples: test, origin: testOrigin },
    notes: [...notes, ...(other?.notes ?? [])],
    ...saidOf(options),
    ...(told === undefined ? {} : { repeated: told }),
  };
}

/** A set of images in its own parts: the prior part lies beside the training examples. */
async function setSplit(set: NamedSet, { task = tasksOf(set)[0], ...options }: DataOptions): Promise<Split> {
  const { train, prior, test } = await loadSet(set, { ...options, task });
  const part = (dataset: string, from: number, to: number) =>
    ({ dataset, indices: { kind: 'ranges', ranges: [[from, to]] } }) as const;
  const whole = examplesIdentity(join(train, prior));
  const end = train.count + prior.count;
  return {
    dataset: titleOf(set),
    origin: part(whole, 0, train.count),
    task: taskWords(set, task),
    train,
    test,
    loss: { kind: 'softmax-cross-entropy' },
    testKind: 'own',
    testOrigin: part(examplesIdentity(test), 0, test.count),
    ...saidOf(options),
    beside: { name: 'held-out', examples: prior, origin: part(whole, train.count, end) },
    notes: [],
  };
}

/** All rows of test examples that came with the data. */
export function originOfTest(own: AnyExamples): { readonly dataset: string; readonly indices: SplitIndices } {
  return { dataset: examplesIdentity(own), indices: { kind: 'ranges', ranges: [[0, own.count]] } };
}
