import { rows } from '../input/splits.js';
import type { RunBoundContext } from './boundContext.js';
import type { BoundPlan } from './boundPlan.js';
import { learnPrior } from './learnPrior.js';

/** The prior's mean: random weights, or trained on examples that the bound leaves out. */
export async function priorWeights(
  plan: BoundPlan,
  { run, prior, savePrior, resume }: RunBoundContext,
): Promise<Float32Array> {
  if (resume !== undefined) return resume.priorMean;
  const { network, train, priorCount, seed } = plan;
  const initial = network.init(seed, 'float32') as Float32Array;
  if (priorCount === 0) return initial;
  if (prior !== undefined) {
    return run.work("the prior's mean", () => prior, { summary: () => 'trained before' });
  }
  const { weights, finished } = await run.work(
    `training the prior's mean on ${priorCount} examples that the bound does not use`,
    (report) =>
      learnPrior(network, rows(train, 0, priorCount), {
        epochs: plan.priorEpochs,
        batchSize: Math.min(100, plan.batchSize),
        learningRate: { from: 1e-3, to: 1e-5 },
        shift: plan.priorShift,
        seed,
        initial,
        signal: run.signal,
        report,
      }),
    { step: 'prior', whole: ({ finished }) => finished },
  );
  if (finished) savePrior(weights);
  return weights;
}
