import { architectureOf, type Examples } from '@hyperribbon/nn';
import type { NetworkBound } from '@hyperribbon/pac-bayes/networks';
import { percent } from '../output/percent.js';
import type { BoundPlan } from './boundPlan.js';
import { boundSplits } from './boundSplits.js';

/** What a certificate says of the data, the prior's mean and the run, whatever the family of its posterior. */
export function certificateParts(plan: BoundPlan, examples: Examples) {
  const { control, seed, priorEpochs, repeated, commandLine: command } = plan;
  return {
    data: {
      splits: boundSplits(plan, examples),
      bound: 'bound',
      ...(control === undefined ? {} : { labels: control }),
    },
    priorMean: isLearnt(plan)
      ? { description: `trained ${priorEpochs} epochs on split "prior"`, saw: ['prior'], seed }
      : { description: 'random initialisation', saw: [], seed, purpose: 'init' },
    caveats: [
      ...(control === undefined ? [] : ['the labels were replaced by random ones, as a control']),
      ...(repeated === undefined ? [] : [repeated]),
    ],
    architecture: architectureOf(plan.network),
    command,
  };
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
  return `certified error ${percent(value)}${vacuous ? ', vacuous' : ''}`;
}
