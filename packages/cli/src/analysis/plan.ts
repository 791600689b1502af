import { examplesIdentity } from '@hyperribbon/data';
import type { FloatArray } from '@hyperribbon/kernels';
import { networkIdentity, type Examples, type Network } from '@hyperribbon/nn';
import { architectureText } from '../input/models/architectureFile.js';
import { seenByWeights, type SeenByWeights } from '../input/seenByWeights.js';
import { loadSplit, type Split } from '../input/splitSource.js';
import { loadModel } from '../input/modelSource.js';
import { networkFor, requireFit } from '../input/networkFor.js';
import { betterReading, type Reading } from '../input/otherReadings.js';
import { shareExamples } from '../input/shareExamples.js';
import { chosenOf, settle, type Given, type Settled } from '../options/option.js';
import type { RunIdentity } from '../runs/runRecord.js';
import { analysisOptions, analyzeOptions, defaultArchitecture } from './analysisOptions.js';

/** Everything that decides what an analysis computes; a function of these values alone. */
export interface AnalysisPlan extends Omit<Split, 'test' | 'testKind'>, Settled<typeof analysisOptions> {
  /** absent where none are known to be unseen by the given weights */
  readonly test?: Examples;
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
  const { testKind, test, ...split } = await loadSplit(options, seed, { rows: options.repeatedRows });
  const loaded = model === undefined ? undefined : await loadModel(model, architecture, dtype, split.train);
  const seen = loaded && seenByWeights(loaded, { train: split.train, testKind });
  const network =
    loaded?.network ?? networkFor(await architectureText(architecture ?? defaultArchitecture), split.train);
  if (loaded !== undefined) requireFit(network.name, network, split.train);
  const better = loaded === undefined || loaded.stored ? undefined : await betterReading(loaded.model, split.train);
  return {
    ...chosenOf(analysisOptions, settle(analyzeOptions, options, { quick: options.quick })),
    ...split,
    notes: [...split.notes, ...(loaded?.notes ?? [])],
    train: shareExamples(split.train),
    // of what may have been seen nothing is a test; its labels still say what guessing costs
    ...(seen === 'unknown' ? { beside: { ...split.beside, name: 'held-out' } } : { test: shareExamples(test) }),
    ...(seen === undefined ? {} : { seen }),
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
    data: { train: examplesIdentity(plan.train), test: plan.test && examplesIdentity(plan.test) },
    network: networkIdentity(plan.network),
    weights: plan.weights,
  };
}
