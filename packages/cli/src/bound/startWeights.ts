import { AbortError } from '@hyperribbon/contract';
import type { Examples } from '@hyperribbon/nn';
import { learnPrior } from '@hyperribbon/pac-bayes/networks';
import { trainingText } from '../output/trainingText.js';
import type { RunBoundContext } from './boundContext.js';
import type { BoundPlan } from './boundPlan.js';

/**
 * Weights where the posterior's mean starts: those given, the prior's mean, or trained from there on the bound's examples.
 * @throws AbortError where the training was stopped
 */
export async function startWeights(
  plan: BoundPlan,
  examples: Examples,
  priorMean: Float32Array,
  { run, resume }: RunBoundContext,
): Promise<Float32Array> {
  if (plan.start !== undefined) return plan.start;
  // a run that goes on has its mean in the checkpoint; the Hessian of a subspace Method 3 needs the start all the same
  const needed = resume === undefined || (plan.subspace !== undefined && plan.method === 'method3');
  if (plan.startEpochs === 0 || !needed) return priorMean;
  const { weights, finished } = await run.work(
    `training the posterior's start on ${examples.count} examples`,
    (report) =>
      learnPrior(
        plan.network,
        examples,
        {
          epochs: plan.startEpochs,
          batchSize: Math.min(100, plan.batchSize),
          learningRate: { from: plan.startRate, to: plan.startRate / 4 },
          shift: 0,
          seed: plan.seed,
        },
        {
          initial: priorMean,
          signal: run.signal,
          onProgress: (progress) => report({ ...progress, detail: trainingText(progress, plan.startEpochs) }),
        },
      ),
    { step: 'start', whole: ({ finished }) => finished },
  );
  // a checkpoint from here would go on to another posterior than the run that was not stopped
  if (!finished) throw new AbortError('bound', run.signal.reason);
  return weights;
}
