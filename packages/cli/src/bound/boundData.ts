import { examplesIdentity } from '@hyperribbon/data';
import type { Examples } from '@hyperribbon/nn';
import type { RandomLabels, SplitIndices } from '@hyperribbon/pac-bayes';
import { loadNamed, sourceOf, type DataOptions } from '../input/dataSource.js';
import { loadSet, type NamedSet, taskWords, tasksOf, titleOf, wholeSet } from '../input/imageSets.js';
import { saidOf } from '../input/standardization.js';
import { originOfTest } from '../input/splitSource.js';
import { withRandomLabels } from '@hyperribbon/pac-bayes/networks';
import { keptApart, type RepeatedRows } from '../input/repeatedRows.js';
import { requireUsed } from '../input/sourceOptions.js';
import { holdOut, join, rows } from '../input/splits.js';
import { loadTest, type TestOptions } from '../input/testSource.js';
import { UsageError } from '../usageError.js';

/** Examples of a bound and where they come from. */
export interface BoundData {
  readonly dataset: string;
  readonly task: string;
  /** identity of the data set that the splits count in */
  readonly datasetIdentity: string;
  /** rows from..to of `train` as indices into that data set */
  readonly indicesOf: (from: number, to: number) => SplitIndices;
  /** training examples, prior's and bound's together */
  readonly train: Examples;
  /** inputs beside the bound's examples, for the curvature that shapes prior and posterior */
  readonly heldOut?: { readonly name: string; readonly examples: Examples; readonly from: number };
  readonly test: Examples;
  /** whether they were held out here, or are examples of their own */
  readonly testKind: 'held-out' | 'own';
  /** everything but the test examples */
  readonly whole: Examples;
  /** which rows of which data set they are, and the control's labels where those were replaced too */
  readonly testOrigin: TestOrigin;
  /** what --standardize says became of the inputs */
  readonly standardize?: string;
  /** what became of rows with equal inputs, if there are any */
  readonly repeated?: string;
  /** what was made of a file that a person should know */
  readonly notes: readonly string[];
}

export interface TestOrigin {
  readonly dataset: string;
  readonly indices: SplitIndices;
  readonly labels?: RandomLabels;
}

/**
 * MNIST and its like: the first 55,000 training images for the bound and the last 5,000 held out, or all 60,000 where a prior is trained on a
 * part; of CIFAR 45,000, 5,000 and 50,000. Other data: a sixth for testing, unless the file has test examples, and an eleventh of the rest held out where no prior is trained.
 */
export async function loadBoundData(
  options: DataOptions & TestOptions & { readonly repeatedRows?: RepeatedRows },
  seed: number,
  learnt: boolean,
  control: RandomLabels | undefined,
): Promise<BoundData> {
  const whole = await wholeData(options, seed, control);
  if (learnt) return whole;
  const { train } = whole;
  const kept = whole.kept ?? train.count - Math.max(1, Math.round(train.count / 11));
  const heldOut = { name: 'held-out', examples: rows(train, kept, train.count), from: kept };
  return { ...whole, train: rows(train, 0, kept), heldOut };
}

/** Everything but the test examples for training; `kept` tells how many of it remain where some are held out. */
async function wholeData(
  {
    repeatedRows,
    test: named,
    testLabels,
    ...options
  }: DataOptions & TestOptions & { readonly repeatedRows?: RepeatedRows },
  seed: number,
  control: RandomLabels | undefined,
): Promise<BoundData & { readonly kept?: number }> {
  const set = wholeSet(sourceOf(options));
  if (set !== undefined) {
    if (named !== undefined)
      throw new UsageError(`--test: ${titleOf(set)} has test images of its own; leave the option off`);
    requireUsed({ ...options, repeatedRows }, set.name, set.name);
    return setData(set, options, control);
  }
  const loaded = await loadNamed(options);
  const { name, task, examples: given, notes, test: inFile } = loaded;
  const other = await loadTest({ test: named, testLabels }, options, loaded);
  const { examples, test: own, told } = keptApart(given, other?.examples ?? inFile, repeatedRows ?? 'distinct');
  const ownLabels = control && { ...control, purpose: `${control.purpose}/test` };
  const { train, test, order, held } = holdOut(labelled(examples, control), seed, own && labelled(own, ownLabels));
  const of = examples.count;
  return {
    dataset: name,
    task,
    datasetIdentity: examplesIdentity(examples),
    // `holdOut` takes the test examples from the front of a seeded order of all
    indicesOf: (from, to) => ({ kind: 'permutation', ...order, of, from: held + from, to: held + to }),
    train,
    whole: train,
    test,
    testKind: own === undefined ? 'held-out' : 'own',
    notes: [...notes, ...(other?.notes ?? [])],
    ...saidOf(options),
    testOrigin:
      own === undefined
        ? {
            dataset: examplesIdentity(examples),
            indices: { kind: 'permutation', ...order, of, from: 0, to: held },
            ...(control === undefined ? {} : { labels: control }),
          }
        : {
            ...originOfTest(own),
            ...(ownLabels === undefined ? {} : { labels: ownLabels }),
          },
    ...(told === undefined ? {} : { repeated: told }),
  };
}

async function setData(
  set: NamedSet,
  options: DataOptions,
  control: RandomLabels | undefined,
): Promise<BoundData & { readonly kept: number }> {
  const task = options.task ?? (set.name === 'mnist' ? 'binary' : tasksOf(set)[0]);
  const { train, prior, test } = await loadSet(set, { ...options, task, dtype: 'float32' });
  const whole = join(train, prior);
  const all = labelled(whole, control);
  // the test images are another data set: their labels are other numbers
  const labels = control && { ...control, purpose: `${control.purpose}/test` };
  return {
    dataset: titleOf(set),
    task: taskWords(set, task).replace('binary: ', ''),
    datasetIdentity: examplesIdentity(whole),
    indicesOf: (from, to) => ({ kind: 'ranges', ranges: [[from, to]] }),
    train: all,
    whole: all,
    testKind: 'own',
    test: labelled(test, labels),
    testOrigin: {
      dataset: examplesIdentity(test),
      indices: { kind: 'ranges', ranges: [[0, test.count]] },
      ...(labels === undefined ? {} : { labels }),
    },
    notes: [],
    ...saidOf(options),
    kept: train.count,
  };
}

/** The labels of the data, or those of a control. */
function labelled(examples: Examples, control: RandomLabels | undefined): Examples {
  return control === undefined ? examples : withRandomLabels(examples, control);
}
