import { evaluate } from '@hyperribbon/nn';
import { rows } from '../input/splits.js';
import { percentUp } from '../output/percent.js';
import type { BoundRun, RunBoundContext } from './boundContext.js';
import type { BoundPlan } from './boundPlan.js';
import { factoredBound } from './factoredBound.js';
import { priorWeights } from './priorWeights.js';
import { subspaceBound } from './subspaceBound.js';
import { testSets } from './testSets.js';

/** From data and a network to a certified bound: prior, curvature, optimisation, evaluation by fresh draws, certificate. */
export async function runBound(plan: BoundPlan, context: RunBoundContext): Promise<BoundRun> {
  const { network, train, priorCount, test } = plan;
  const examples = rows(train, priorCount, train.count);
  const priorMean = await priorWeights(plan, context);
  const certified = await (plan.subspace === undefined
    ? factoredBound(plan, context, examples, priorMean)
    : subspaceBound({ ...plan, subspace: plan.subspace }, context, examples, priorMean));
  const priorError = {
    bound: (await evaluate(network, priorMean, examples)).error,
    test: (await evaluate(network, priorMean, test)).error,
  };
  const fixed = await context.run.work(
    'errors of fixed networks on examples that they never met',
    () => testSets(plan, examples, { mean: certified.mean, priorMean, usedHeldOut: certified.usedHeldOut }),
    {
      step: 'test sets',
      summary: (results) => results.map(({ row }) => `${row.network} at most ${percentUp(row.value)}`).join(', '),
    },
  );
  return { ...certified, priorError, testSets: fixed, seconds: context.run.timings };
}
