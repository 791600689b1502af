import { type Examples, isTargeted } from '@hyperribbon/nn';
import type { Note } from '@hyperribbon/report';
import type { AnalysisPlan } from './plan.js';

/** An analysis of classes: what a bound on mistakes is about. */
export type ClassPlan = AnalysisPlan<Examples>;

/** The plan where a bound can be had; undefined where none can, for the reason that {@link withoutBound} gives. */
export function boundedPlan(plan: AnalysisPlan): ClassPlan | undefined {
  return withoutBound(plan) === undefined ? (plan as ClassPlan) : undefined;
}

/** Why there is no bound; undefined where there is one. */
export function withoutBound({ train, loss, unlabelled, network, weights, batchNorm }: AnalysisPlan): Note | undefined {
  const why = (text: string): Note => ({ title: 'No bound', kind: 'explanation', text });
  if (unlabelled === true)
    return why(
      'A bound is about mistakes, and these examples have no labels. Nor is there a Hessian: only matrices that need no labels are shown.',
    );
  if (loss.kind === 'token-cross-entropy')
    return why(
      'The bounds here are about examples drawn independently of each other, which the tokens of a sequence are not.',
    );
  if (isTargeted(train))
    return why(
      'The bounds here are about the share of mistakes, and these answers are numbers, of which none is a mistake.',
    );
  if (network.buffers !== undefined && (weights !== undefined || batchNorm !== 'fixed'))
    return why(
      'The batch norms of this network hold statistics of the examples that it was trained on. A bound is about functions that were fixed before any of them ' +
        'was seen but for the weights, which it pays for; it does not pay for statistics. Train with --batch-norm fixed for a network that has a bound.',
    );
  return undefined;
}
