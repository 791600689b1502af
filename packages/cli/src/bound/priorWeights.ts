import { AbortError } from '@hyperribbon/contract';
import { learnPrior } from '@hyperribbon/pac-bayes/networks';
import { rows } from '../input/splits.js';
import { trainingText } from '../output/trainingText.js';
import type { RunBoundContext } from './boundContext.js';
import type { BoundPlan } from './boundPlan.js';
import { priorRecipe } from './certificateParts.js';

/**
 * The prior's mean: random weights, or trained on examples that the bound leaves out.
 * @throws AbortError where the training was stopped
 */
export async function priorWeights(
  plan: BoundPlan,
  { run, prior, training, saveTraining, savePrior, resume }: RunBoundContext,
): Promise<Float32Array> {
  if (resume !== undefined) return resume.priorMean;
  const { network, train, priorCount, seed } = plan;
  const initial = network.init(seed, 'float32') as Float32Array;
  if (priorCount === 0) return initial;
  if (prior !== undefined) {
    return run.work("the prior's mean", () => prior, { summary: () => 'trained before' });
  }
  const { weights, finished, checkpoint } = await run.work(
    `training the prior's mean on ${priorCount} examples that the bound does not use`,
    (report) =>
      learnPrior(network, rows(train, 0, priorCount), priorRecipe(plan), {
        initial,
        signal: run.signal,
        resume: training,
        onProgress: (progress) => report({ ...progress, detail: trainingText(progress, plan.priorEpochs) }),
      }),
    {
      step: 'prior',
      whole: ({ finished }) => finished,
      summary: ({ finished, checkpoint: { step } }) => (finished ? '' : `kept at step ${step}: --resume goes on`),
    },
  );
  // half a training is no prior that a certificate could name: nobody can make it again
  if (!finished) saveTraining(checkpoint);
  if (!finished) throw new AbortError('bound', run.signal.reason);
  savePrior(weights);
  return weights;
}
