import { examplesIdentity } from '@hyperribbon/data';
import type { FloatArray } from '@hyperribbon/kernels';
import {
  type Examples,
  type LossData,
  type Network,
  networkIdentity,
  type Optimizer,
  sgd,
  type NetworkData,
  networkToData,
} from '@hyperribbon/nn';
import { loadModel } from '../input/modelSource.js';
import { architectureText } from '../input/models/architectureFile.js';
import { networkFor, requireFit } from '../input/networkFor.js';
import { seenByWeights, type SeenByWeights } from '../input/seenByWeights.js';
import { shareExamples } from '../input/shareExamples.js';
import { rows } from '../input/splits.js';
import { loadSplit, type Split } from '../input/splitSource.js';
import { chosenOf, settle, type Given, type Settled } from '../options/option.js';
import type { RunIdentity } from '../runs/runRecord.js';
import { variedFeatures } from './variedFeatures.js';
import { UsageError } from '../usageError.js';
import { averagedImages } from './averagedImages.js';
import {
  landscapeArchitecture,
  landscapeOptions,
  type LandscapeSetting,
  measuredOptions,
  minimumArchitecture,
} from './landscapeOptions.js';

const settledOptions = {
  seed: landscapeOptions.seed,
  dtype: landscapeOptions.dtype,
  deterministic: landscapeOptions.deterministic,
  workers: landscapeOptions.workers,
  quick: landscapeOptions.quick,
  ...measuredOptions,
};

/** The run of descent that is watched. */
export interface DescentPlan {
  readonly optimizer: Optimizer;
  readonly learningRate: number;
  readonly steps: number;
  /** the count of the examples: all of them every step */
  readonly batchSize: number;
  readonly every: number;
  readonly flow: boolean;
  readonly centralFlow: boolean;
  readonly topShare: boolean;
}

/** A network of rectifiers, as plain data, and the examples of its minimum. */
export interface MinimumPlan {
  readonly network: NetworkData;
  readonly examples: Examples;
}

/** Everything that decides what is measured. */
export interface LandscapePlan extends Omit<Split, 'test' | 'loss'>, Settled<typeof settledOptions> {
  /** of all that is measured: the first of the training examples */
  readonly examples: Examples;
  /** absent where none are known to be unseen */
  readonly test?: Examples;
  readonly loss: LossData;
  readonly network: Network;
  /** given weights; absent: trained from the seeded start */
  readonly weights?: FloatArray;
  readonly seen?: SeenByWeights;
  /** absent for given weights */
  readonly descent?: DescentPlan;
  /** in which a minimum is constructed, and on what */
  readonly minimumOf?: MinimumPlan;
  readonly commandLine: string;
}

/** Loads what the options name. */
export async function landscapePlan(
  options: Given<typeof landscapeOptions>,
  commandLine: string,
): Promise<LandscapePlan> {
  const { model, architecture, dtype, seed, quick, plane } = options;
  const setting: LandscapeSetting = {
    quick,
    trains: model === undefined,
    optimizer: options.optimizer,
    plane: plane !== undefined,
    widths: options.widths !== undefined,
  };
  const settled = settle(landscapeOptions, options, setting);
  const {
    test,
    loss: usual,
    ...split
  } = await loadSplit(options, seed, { task: 'digits', rows: options.repeatedRows });
  const { train, testKind } = split;
  const loss: LossData = options.loss === 'squared-error' ? { kind: 'squared-error' } : usual;
  const loaded = model === undefined ? undefined : await loadModel(model, architecture, dtype, train);
  const network =
    loaded?.network ??
    networkFor(await architectureText(architecture ?? landscapeArchitecture), train, loss, { trains: true });
  if (loaded !== undefined) requireFit(network.name, network, train, loss);
  const seen = loaded && seenByWeights(loaded, { train, testKind });
  const examples = firstOf(train, options.examples, settled.examples);
  const descent = model === undefined ? descentOf(settled, examples.count) : undefined;
  const { kernel } = options;
  if (kernel !== undefined && kernel > examples.count)
    throw new UsageError(`--kernel: there are ${examples.count} examples (see --examples), got ${kernel}`);
  if (model !== undefined && options.axes === 'trajectory')
    throw new UsageError('--axes: trajectory is the way of a run, and weights that are given have no run here');
  return {
    ...chosenOf(settledOptions, settled),
    ...split,
    notes: [...split.notes, ...(loaded?.notes ?? [])],
    train: shareExamples(train),
    examples: shareExamples(examples),
    ...(seen === 'unknown' ? {} : { test: shareExamples(test) }),
    loss,
    network,
    ...(loaded && { weights: loaded.model.params }),
    ...(seen === undefined ? {} : { seen }),
    ...(descent && { descent }),
    ...(options.minimum === true && {
      minimumOf: await rectifiersFor(architecture, variedFeatures(averagedImages(examples)), loss),
    }),
    commandLine,
  };
}

/** @throws UsageError for a network that is no chain of rectifiers, as far as its name tells */
async function rectifiersFor(
  architecture: string | undefined,
  examples: Examples,
  loss: LossData,
): Promise<MinimumPlan> {
  const text = await architectureText(architecture ?? minimumArchitecture);
  if (text.startsWith('mlp:') && !text.startsWith('mlp:relu'))
    throw new UsageError(
      `--minimum: is built of rectifiers whose inputs stay positive, and ${text} has others; take mlp:relu:HIDDEN,… or leave --architecture off`,
    );
  return { network: networkToData(networkFor(text, examples, loss)), examples };
}

/** @throws UsageError for more than there are, where a number was asked for */
function firstOf(train: Examples, asked: number | undefined, count: number): Examples {
  if (asked !== undefined && asked > train.count)
    throw new UsageError(`--examples: there are ${train.count} training examples, got ${asked}`);
  return rows(train, 0, Math.min(count, train.count));
}

/** @throws UsageError for a batch that is none, and flows of another rule than gradient descent */
function descentOf(settled: Settled<typeof landscapeOptions>, count: number): DescentPlan {
  const { optimizer: choice, learningRate, steps, every, topShare = false } = settled;
  const { batchSize = count, flow = false, centralFlow = false } = settled;
  if (batchSize > count)
    throw new UsageError(`--batch-size: there are ${count} examples (see --examples), got ${batchSize}`);
  const optimizer = choice?.make({}) ?? sgd();
  const other = optimizer.kind === 'sgd' ? `batches of ${batchSize}` : (choice?.name ?? '');
  const plain = optimizer.kind === 'sgd' && batchSize === count;
  if (flow && !plain)
    throw new UsageError(`--flow: is the limit of gradient descent on all examples, and says nothing of ${other}`);
  if (centralFlow && !plain)
    throw new UsageError(
      `--central-flow: is the average of gradient descent on all examples, and says nothing of ${other}; centralFlow of @hyperribbon/landscape has that of RMSProp, from the second moments of a run`,
    );
  return { optimizer, learningRate, steps, batchSize, every, flow, centralFlow, topShare };
}

/** What makes a run the one it is. */
export function landscapeIdentity(plan: LandscapePlan): RunIdentity {
  const { workers: _workers, ...options } = chosenOf(settledOptions, plan);
  return {
    command: 'landscape',
    ...options,
    loss: plan.loss,
    descent: plan.descent,
    data: { examples: examplesIdentity(plan.examples), test: plan.test && examplesIdentity(plan.test) },
    network: networkIdentity(plan.network),
    weights: plan.weights,
    minimumOf: plan.minimumOf?.network,
  };
}

/** The options of the descent, for the record of the report. */
export function descentSetting({ descent }: LandscapePlan): Readonly<Record<string, number | string>> {
  if (descent === undefined) return {};
  const { optimizer, learningRate, steps, batchSize, every } = descent;
  return { optimizer: optimizer.kind, learningRate, steps, batchSize, every };
}
