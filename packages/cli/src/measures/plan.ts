import { examplesIdentity } from '@hyperribbon/data';
import type { FloatArray } from '@hyperribbon/kernels';
import { type Examples, type Network, networkIdentity } from '@hyperribbon/nn';
import { architectureText } from '../input/models/architectureFile.js';
import { isOnnx } from '../input/models/onnxModel.js';
import { type LoadedModel, loadModel } from '../input/modelSource.js';
import { networkFor, requireFit } from '../input/networkFor.js';
import { seenByWeights, type SeenByWeights } from '../input/seenByWeights.js';
import { shareExamples } from '../input/shareExamples.js';
import { loadSplit, type Split } from '../input/splitSource.js';
import { chosenOf, settle, type Given, type Settled } from '../options/option.js';
import type { RunIdentity } from '../runs/runRecord.js';
import { UsageError } from '../usageError.js';
import { complexityOptions, measuresArchitecture, measuresOptions, trainingOptions } from './measuresOptions.js';

const settledOptions = {
  seed: measuresOptions.seed,
  dtype: measuresOptions.dtype,
  deterministic: measuresOptions.deterministic,
  workers: measuresOptions.workers,
  quick: measuresOptions.quick,
  ...complexityOptions,
};

/** Everything that decides what is measured. */
export interface MeasuresPlan extends Omit<Split, 'test'>, Settled<typeof settledOptions> {
  /** absent where none are known to be unseen */
  readonly test?: Examples;
  readonly network: Network;
  /** given weights; absent: train from the seeded start */
  readonly weights?: FloatArray;
  readonly seen?: SeenByWeights;
  /** weights that distances are taken to, from a file */
  readonly reference?: FloatArray;
  readonly training?: { readonly epochs: number; readonly batchSize: number };
  readonly commandLine: string;
}

/** Loads what the options name. */
export async function measuresPlan(options: Given<typeof measuresOptions>, commandLine: string): Promise<MeasuresPlan> {
  const { model, architecture, dtype, seed, quick } = options;
  requireUse(options);
  const { test, ...split } = await loadSplit(options, seed, { rows: options.repeatedRows });
  const { train, testKind } = split;
  const loaded = model === undefined ? undefined : await loadModel(model, architecture, dtype, train);
  const network =
    loaded?.network ??
    networkFor(await architectureText(architecture ?? measuresArchitecture), train, split.loss, { trains: true });
  if (loaded !== undefined) requireFit(network.name, network, train, split.loss);
  const seen = loaded && seenByWeights(loaded, { train, testKind });
  const reference = options.reference === undefined ? undefined : await referenceOf(options.reference, network, dtype);
  const settled = settle(measuresOptions, options, { quick });
  const { epochs, batchSize = 500 } = chosenOf(trainingOptions, settled);
  return {
    ...chosenOf(settledOptions, settled),
    ...split,
    notes: [...split.notes, ...(loaded?.notes ?? [])],
    train: shareExamples(train),
    ...(seen === 'unknown' ? {} : { test: shareExamples(test) }),
    network,
    ...(loaded ? { weights: loaded.model.params } : { training: { epochs, batchSize } }),
    ...(seen === undefined ? {} : { seen }),
    ...(reference && { reference }),
    commandLine,
  };
}

/** @throws UsageError for options that would do nothing */
function requireUse(options: Given<typeof measuresOptions>): void {
  const { model, quick, searchExamples } = options;
  for (const [flag, value] of [
    ['--epochs', options.epochs],
    ['--batch-size', options.batchSize],
  ] as const)
    if (model !== undefined && value !== undefined)
      throw new UsageError(`${flag}: is of training, and --model is not trained; leave it off`);
  if (quick && searchExamples !== undefined)
    throw new UsageError('--search-examples: goes with the searches, which --quick leaves out');
}

async function referenceOf(file: string, network: Network, dtype: 'float32' | 'float64'): Promise<FloatArray> {
  let found: LoadedModel;
  try {
    found = await loadModel(file, isOnnx(file) ? undefined : (network.architecture ?? network.name), dtype);
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(error.message.replace(/^--\w+:/u, '--reference:'));
    throw error;
  }
  if (networkIdentity(found.network) !== networkIdentity(network))
    throw new UsageError(`--reference: ${file} holds ${found.network.name}, not ${network.name}`);
  return found.model.params;
}

/** What makes a run the one it is. */
export function measuresIdentity(plan: MeasuresPlan): RunIdentity {
  const { workers: _workers, ...options } = chosenOf(settledOptions, plan);
  return {
    command: 'measures',
    ...options,
    training: plan.training,
    data: { train: examplesIdentity(plan.train), test: plan.test && examplesIdentity(plan.test) },
    network: networkIdentity(plan.network),
    weights: plan.weights,
    reference: plan.reference,
  };
}
