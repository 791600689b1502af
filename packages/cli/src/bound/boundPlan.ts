import { networkIdentity, type Network } from '@hyperribbon/nn';
import type { RandomLabels } from '@hyperribbon/pac-bayes';
import { planText } from '@hyperribbon/study';
import { chosenOf, type Settled } from '../options/option.js';
import type { RunIdentity } from '../runs/runRecord.js';
import type { SeenByWeights } from '../input/seenByWeights.js';
import type { BoundData } from './boundData.js';
import {
  descentOptions,
  directionOptions,
  priorOptions,
  type BoundMethod,
  type certificationOptions,
  type networkOptions,
} from './boundOptions.js';

/** What Methods 2 to 4 need beside the rest for networks that are no stack of dense layers. */
export type SubspacePlan = Settled<typeof directionOptions> & Settled<typeof networkOptions>;

type Options = Settled<typeof priorOptions> & Settled<typeof descentOptions> & Settled<typeof certificationOptions>;

/** Everything a bound is computed from, checked: its options settled, and what they name loaded. */
export interface BoundPlan extends BoundData, Omit<Options, 'method' | 'means' | 'startEpochs' | 'startRate'> {
  readonly network: Network;
  readonly method: BoundMethod;
  /** which sides of the layers turn: the first layer's inputs only, or all */
  readonly basis: 'input' | 'full';
  /** where the optimiser takes its steps in the means, for methods with a basis */
  readonly means: 'weights' | 'basis';
  /** for curvature methods on networks that are no stack of dense layers */
  readonly subspace?: SubspacePlan;
  /** rows of `train` that train the prior's mean; the bound is about the others. 0: a random prior */
  readonly priorCount: number;
  /** weights where the posterior's mean starts; default the prior's mean */
  readonly start?: Float32Array;
  readonly startFile?: string;
  /** what is known of what those weights have seen */
  readonly seen?: SeenByWeights;
  /** passes over the bound's examples that train the weights where the posterior's mean starts; 0: it starts at the prior's */
  readonly startEpochs: number;
  /** of Adam when they begin */
  readonly startRate: number;
  /** the control: labels of the training examples replaced by random ones */
  readonly control?: RandomLabels;
  readonly commandLine: string;
}

/** of the draws, beside that of the bound */
export const deltaMonteCarlo = 0.01;

/** Text that a trained prior and a run with it agree in. */
export function priorKey(plan: BoundPlan): string {
  return planText(priorPart(plan));
}

/** Text that a checkpoint and the run that goes on from it agree in: all but how the posterior is certified in the end. */
export function boundKey(plan: BoundPlan): string {
  return planText(descentPart(plan));
}

/** What makes a bound the one it is: its posterior. How often that was drawn for the certificate may change. */
export function boundIdentity(plan: BoundPlan): RunIdentity {
  return { command: 'bound', ...descentPart(plan) };
}

function descentPart(plan: BoundPlan): object {
  return {
    ...priorPart(plan),
    ...chosenOf(descentOptions, plan),
    basis: plan.basis,
    start: plan.start,
    ...(plan.subspace === undefined ? {} : chosenOf(directionOptions, plan.subspace)),
  };
}

function priorPart(plan: BoundPlan): object {
  const { datasetIdentity, train, network, priorCount } = plan;
  return {
    ...chosenOf(priorOptions, plan),
    data: datasetIdentity,
    examples: train.count,
    network: networkIdentity(network),
    priorCount,
  };
}
