import { type Examples } from '@hyperribbon/nn';
import { architectureOf } from '@hyperribbon/nn/models';
import type { MeanOrigin } from '@hyperribbon/pac-bayes';
import type { NetworkBound, PriorRecipe } from '@hyperribbon/pac-bayes/networks';
import { functionCaveat } from '../input/functionCaveat.js';
import { percentUp } from '../output/percent.js';
import type { BoundPlan } from './boundPlan.js';
import { guessing } from './guessing.js';
import { boundSplits } from './boundSplits.js';

/** What a certificate says of the data, the prior's mean and the run, whatever the family of its posterior. */
export function certificateParts(plan: BoundPlan, examples: Examples) {
  const { control, repeated, commandLine: command } = plan;
  return {
    data: {
      splits: boundSplits(plan, examples),
      bound: 'bound',
      chance: guessing(plan).split,
      ...(control === undefined ? {} : { labels: control }),
    },
    priorMean: { origin: priorOrigin(plan) },
    caveats: [
      ...(control === undefined ? [] : ['the labels were replaced by random ones, as a control']),
      ...(repeated === undefined ? [] : [repeated]),
      ...functionCaveat(plan.network),
    ],
    architecture: architectureOf(plan.network),
    command,
  };
}

/** How the prior's mean is made: a verifier makes it again. */
function priorOrigin(plan: BoundPlan): MeanOrigin {
  return isLearnt(plan)
    ? { kind: 'trained', split: 'prior', ...priorRecipe(plan) }
    : { kind: 'init', seed: plan.seed, dtype: 'float32' };
}

/** How a learnt prior is trained. */
export function priorRecipe({ priorEpochs: epochs, batchSize, priorShift: shift, seed }: BoundPlan): PriorRecipe {
  return { epochs, batchSize: Math.min(100, batchSize), learningRate: { from: 1e-3, to: 1e-5 }, shift, seed };
}

/** Splits that the prior's curvature depends on: the held-out inputs, and those that trained the weights it is taken at. */
export function curvatureSaw(plan: BoundPlan): string[] {
  const { heldOut } = plan;
  return [...new Set([...(isLearnt(plan) ? ['prior'] : []), ...(heldOut === undefined ? [] : [heldOut.name])])];
}

export function isLearnt({ priorCount }: BoundPlan): boolean {
  return priorCount > 0;
}

/** The end of the line of a certification. */
export function certifiedSummary({ bound: { value, vacuous } }: NetworkBound): string {
  return `certified error ${percentUp(value)}${vacuous ? ', vacuous' : ''}`;
}
