import { examplesIdentity, mnist } from '@hyperribbon/data';
import type { Examples } from '@hyperribbon/nn';
import type { RandomLabels, SplitIndices } from '@hyperribbon/pac-bayes';
import { loadNamed, type DataOptions } from '../input/dataSource.js';
import { withRandomLabels } from '../input/randomLabels.js';
import { holdOut, join, rows } from '../input/splits.js';

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
}

/**
 * MNIST: the first 55,000 training images for the bound and the last 5,000 held out, or all 60,000 where a prior is trained on a
 * part. Other data: a sixth for testing, and an eleventh of the rest held out where no prior is trained.
 */
export async function loadBoundData(
  options: DataOptions,
  seed: number,
  learnt: boolean,
  control: RandomLabels | undefined,
): Promise<BoundData> {
  const labelled = (examples: Examples): Examples =>
    control === undefined ? examples : withRandomLabels(examples, control);
  const whole = await wholeData(options, seed, labelled);
  if (learnt) return whole;
  const { train } = whole;
  const kept = whole.kept ?? train.count - Math.max(1, Math.round(train.count / 11));
  const heldOut = { name: 'held-out', examples: rows(train, kept, train.count), from: kept };
  return { ...whole, train: rows(train, 0, kept), heldOut };
}

/** Everything but the test examples for training; `kept` tells how many of it remain where some are held out. */
async function wholeData(
  options: DataOptions,
  seed: number,
  labelled: (examples: Examples) => Examples,
): Promise<BoundData & { readonly kept?: number }> {
  if (options.inputs === undefined && (options.data ?? 'mnist') === 'mnist') {
    const task = options.task ?? 'binary';
    const { train, prior, test } = await mnist({ task });
    const whole = join(train, prior);
    return {
      dataset: 'MNIST',
      task: task === 'binary' ? 'digits 0-4 against 5-9' : 'ten digits',
      datasetIdentity: examplesIdentity(whole),
      indicesOf: (from, to) => ({ kind: 'ranges', ranges: [[from, to]] }),
      train: labelled(whole),
      test,
      kept: train.count,
    };
  }
  const { name, task, examples } = await loadNamed(options);
  const { test, order } = holdOut(examples, seed);
  const of = examples.count;
  return {
    dataset: name,
    task,
    datasetIdentity: examplesIdentity(examples),
    // `holdOut` takes the test examples from the front of a seeded order of all
    indicesOf: (from, to) => ({ kind: 'permutation', ...order, of, from: test.count + from, to: test.count + to }),
    train: holdOut(labelled(examples), seed).train,
    test,
  };
}
