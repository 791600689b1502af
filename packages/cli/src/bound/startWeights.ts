import type { Examples } from '@hyperribbon/nn';
import type { BoundPlan } from './boundPlan.js';
import { learnPrior } from './learnPrior.js';
import type { RunBoundContext } from './runBound.js';

/** Weights where the posterior's mean starts: the prior's mean, or trained from there on the bound's examples. */
export async function startWeights(
  plan: BoundPlan,
  examples: Examples,
  priorMean: Float32Array,
  { progress, signal, resume }: RunBoundContext,
): Promise<Float32Array> {
  // a run that goes on has its mean in the checkpoint; the Hessian of a subspace Method 3 needs the start all the same
  const needed = resume === undefined || (plan.subspace !== undefined && plan.method === 'method3');
  if (plan.startEpochs === 0 || !needed) return priorMean;
  const step = progress.start(`training the posterior's start on ${examples.count} examples`);
  const { weights, finished } = await learnPrior(plan.network, examples, {
    epochs: plan.startEpochs,
    batchSize: Math.min(100, plan.batchSize),
    learningRate: { from: 2e-3, to: 5e-4 },
    shift: 0,
    seed: plan.seed,
    initial: priorMean,
    signal,
    report: (fraction, detail) => step.update({ fraction, detail }),
  });
  if (finished) step.done('');
  else step.stopped('stopped early');
  return weights;
}
