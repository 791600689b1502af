import { examplesIdentity } from '@hyperribbon/data';
import type { FloatArray } from '@hyperribbon/kernels';
import { networkIdentity, type Network } from '@hyperribbon/nn';
import { loadSplit, type Split } from '../input/dataSource.js';
import { loadModel } from '../input/modelSource.js';
import { networkFor, requireFit } from '../input/networkFor.js';
import { betterReading, type Reading } from '../input/otherReadings.js';
import { shareExamples } from '../input/shareExamples.js';
import { chosenOf, settle, type Given, type Settled } from '../options/option.js';
import type { RunIdentity } from '../runs/runRecord.js';
import { analysisOptions, analyzeOptions, defaultArchitecture } from './analysisOptions.js';

/** Everything that decides what an analysis computes; a function of these values alone. */
export interface AnalysisPlan extends Split, Settled<typeof analysisOptions> {
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
  const split = await loadSplit(options, seed, { rows: options.repeatedRows });
  const loaded = model === undefined ? undefined : await loadModel(model, architecture, dtype);
  const network = loaded?.network ?? networkFor(architecture ?? defaultArchitecture, split.train);
  if (loaded !== undefined) requireFit(network.name, network, split.train);
  const better = loaded === undefined || loaded.stored ? undefined : await betterReading(loaded.model, split.test);
  return {
    ...chosenOf(analysisOptions, settle(analyzeOptions, options, { quick: options.quick })),
    ...split,
    notes: [...split.notes, ...(loaded?.notes ?? [])],
    train: shareExamples(split.train),
    test: shareExamples(split.test),
    network,
    ...(loaded ? { weights: loaded.model.params } : {}),
    ...(better ? { better } : {}),
    commandLine,
  };
}

/** What makes an analysis the one it is: all that its numbers depend on. */
export function analysisIdentity(plan: AnalysisPlan): RunIdentity {
  const { workers: _workers, ...options } = chosenOf(analysisOptions, plan);
  return {
    command: 'analyze',
    ...options,
    data: { train: examplesIdentity(plan.train), test: examplesIdentity(plan.test) },
    network: networkIdentity(plan.network),
    weights: plan.weights,
  };
}
