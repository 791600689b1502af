import { examplesIdentity } from '@hyperribbon/data';
import type { FloatArray } from '@hyperribbon/kernels';
import { type AnyExamples, inEvaluation, isTargeted, networkIdentity, type Network } from '@hyperribbon/nn';
import type { ExampleShape } from '@hyperribbon/nn/models';
import { type Known, loadAny, sourceOf } from '../input/dataSource.js';
import { wholeSet } from '../input/imageSets.js';
import { architectureText } from '../input/models/architectureFile.js';
import { betterOrder } from '../input/models/otherOrders.js';
import { seenByWeights, type SeenByWeights } from '../input/seenByWeights.js';
import { loadAnySplit, type Split } from '../input/splitSource.js';
import { loadModel } from '../input/modelSource.js';
import { networkFor, requireFit } from '../input/networkFor.js';
import { betterReading, type Reading } from '../input/otherReadings.js';
import { shareExamples } from '../input/shareExamples.js';
import { chosenOf, flagOf, settle, type Given, type Settled } from '../options/option.js';
import type { RunIdentity } from '../runs/runRecord.js';
import { UsageError } from '../usageError.js';
import { analysisOptions, analyzeOptions, defaultArchitecture } from './analysisOptions.js';

/** Everything that decides what an analysis computes; a function of these values alone. */
export interface AnalysisPlan<Kind extends AnyExamples = AnyExamples>
  extends Omit<Split<Kind>, 'test' | 'testKind'>,
    Settled<typeof analysisOptions> {
  /** absent where none are known to be unseen by the given weights */
  readonly test?: Kind;
  /** labels are not there, and what needs them is left out */
  readonly unlabelled?: true;
  /** what is known of what the given weights have seen */
  readonly seen?: SeenByWeights;
  readonly network: Network;
  /** given weights; absent: train from the seeded start */
  readonly weights?: FloatArray;
  /** another way of reading them that suits the data better */
  readonly better?: Reading;
  readonly commandLine: string;
}

/** Loads what the options name. */
export async function analysisPlan(options: Given<typeof analyzeOptions>, commandLine: string): Promise<AnalysisPlan> {
  const { model, architecture, dtype, seed } = options;
  // what a file says of its network says how to read the data; a name without sizes needs the data first
  const first =
    model !== undefined && architecture === undefined ? await loadModel(model, undefined, dtype) : undefined;
  const known = first === undefined ? {} : knownOf(first.network);
  const { testKind, test, unlabelled = false, ...split } = await loadData(options, seed, known);
  const loaded =
    model === undefined ? undefined : (first ?? (await loadModel(model, architecture, dtype, sizesOf(split.train))));
  const seen = loaded && !unlabelled ? seenByWeights(loaded, { train: split.train, testKind }) : undefined;
  const network =
    loaded?.network ??
    networkFor(await architectureText(architecture ?? defaultArchitecture), split.train, split.loss, { trains: true });
  if (loaded !== undefined) requireFit(network.name, network, split.train, split.loss);
  if (options.batchNorm !== undefined && (loaded !== undefined || network.buffers === undefined))
    throw new UsageError(
      `--batch-norm: is of networks with batch norms that are trained here; ${loaded === undefined ? `${network.name} has none` : 'this one is given'}`,
    );
  const better =
    loaded === undefined || unlabelled || isTargeted(split.train)
      ? undefined
      : ((loaded.stored ? undefined : await betterReading(loaded.model, split.train)) ??
        betterOrder(loaded.model, split.train, split.classNames));
  return {
    ...chosenOf(analysisOptions, settle(analyzeOptions, options, { quick: options.quick })),
    ...split,
    notes: [...split.notes, ...(loaded?.notes ?? [])],
    train: shareExamples(split.train),
    // of what may have been seen nothing is a test; its labels still say what guessing costs
    ...(seen === 'unknown' ? { beside: { ...split.beside, name: 'held-out' } } : test && { test: shareExamples(test) }),
    ...(seen === undefined ? {} : { seen }),
    ...(unlabelled ? { unlabelled } : {}),
    network: options.batchNorm === 'fixed' ? inEvaluation(network) : network,
    ...(loaded ? { weights: loaded.model.params } : {}),
    ...(better ? { better } : {}),
    commandLine,
  };
}

/** How a network wants its data read. */
function knownOf({ classes, vocabulary }: Network): Known {
  return { classes, tokens: vocabulary !== undefined };
}

/** What examples say of the network that takes them. */
function sizesOf(examples: AnyExamples): ExampleShape {
  const { features, shape } = examples;
  return { features, classes: isTargeted(examples) ? examples.outputs : examples.classes, shape };
}

interface Loaded extends Omit<Split<AnyExamples>, 'test'> {
  readonly test: AnyExamples | undefined;
  readonly unlabelled?: true;
}

/** Training and test examples; where there are no labels all of them are what is looked at. */
async function loadData(options: Given<typeof analyzeOptions>, seed: number, known: Known): Promise<Loaded> {
  const source = sourceOf(options);
  const { test, testLabels, repeatedRows, ...data } = options;
  // without a network there is nothing that could be told without labels
  const may = options.model !== undefined && wholeSet(source) === undefined;
  const found = may ? await loadAny(data, { ...known, unlabelled: true }) : undefined;
  if (found?.unlabelled !== true) return loadAnySplit(options, seed, { rows: options.repeatedRows, known });
  for (const [name, value] of Object.entries({ test, testLabels, repeatedRows }))
    if (value !== undefined) throw new UsageError(`${flagOf(name)}: goes with labels, and ${source} holds none`);
  const { name: dataset, examples: train, task, loss, notes } = found;
  const origin = { dataset: examplesIdentity(train), indices: { kind: 'ranges', ranges: [[0, train.count]] } } as const;
  const beside = { name: 'train', examples: train, origin };
  return {
    dataset,
    origin,
    task,
    train,
    loss,
    notes,
    beside,
    test: undefined,
    testKind: 'held-out',
    testOrigin: origin,
    unlabelled: true,
  };
}

/** What makes an analysis the one it is: all that its numbers depend on. */
export function analysisIdentity(plan: AnalysisPlan): RunIdentity {
  const { workers: _workers, ...options } = chosenOf(analysisOptions, plan);
  return {
    command: 'analyze',
    ...options,
    ...(plan.unlabelled === true ? { unlabelled: true } : {}),
    data: { train: examplesIdentity(plan.train), test: plan.test && examplesIdentity(plan.test) },
    network: networkIdentity(plan.network),
    weights: plan.weights,
  };
}
