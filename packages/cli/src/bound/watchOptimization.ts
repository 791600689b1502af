import { interval } from '@hyperribbon/contract';
import { cosineSchedule, momentum } from '@hyperribbon/nn';
import type { BoundDetail, DescentOptions, OptimizedBound } from '@hyperribbon/pac-bayes/networks';
import { percent } from '../output/percent.js';
import type { BoundPlan } from './boundPlan.js';
import type { RunBoundContext } from './runBound.js';

/** An optimisation under the user's eyes: its progress, a checkpoint a minute and at the end, and a line on how it ended. */
export async function watchOptimization<
  T extends Pick<OptimizedBound, 'history' | 'finished' | 'reason' | 'checkpoint'>,
>(
  plan: BoundPlan,
  { progress, signal, resume, save }: RunBoundContext,
  { priorMean, count }: { readonly priorMean: Float32Array; readonly count: number },
  optimize: (asked: DescentOptions) => Promise<T>,
): Promise<T> {
  const step = progress.start(`optimising the bound of ${plan.network.name} on ${count} examples`);
  const saveDue = interval(60_000);
  const optimized = await optimize({
    objective: plan.objective,
    surrogate: plan.surrogate,
    delta: plan.delta,
    klWeight: plan.klWeight,
    epochs: plan.epochs,
    batchSize: plan.batchSize,
    ...(plan.optimizer === 'adam' ? {} : { optimizer: momentum(), learningRateFactors: { logStd: 1, scales: 0 } }),
    schedule: cosineSchedule(plan.learningRate.from, plan.learningRate.to),
    seed: plan.seed,
    signal,
    ...(resume === undefined ? {} : { resume: resume.checkpoint }),
    onProgress: ({ done, of, detail }) => step.update({ fraction: done / of, detail: optimizationText(detail, plan) }),
    onEpoch: (checkpoint) => {
      if (saveDue()) save({ checkpoint, priorMean });
    },
  });
  save({ checkpoint: optimized.checkpoint, priorMean });
  const last = optimized.history.at(-1);
  const found = last === undefined ? '' : `bound about ${percent(last.estimate)}`;
  if (optimized.finished) step.done(found);
  else step.stopped(`${optimized.reason} at step ${optimized.checkpoint.step}; ${found}`);
  return optimized;
}

function optimizationText(detail: BoundDetail | undefined, { epochs }: BoundPlan): string {
  if (detail === undefined) return '';
  const { epoch, estimate, error, kl } = detail;
  return `epoch ${epoch + 1}/${epochs}, bound about ${percent(estimate)}, error ${percent(error)}, KL ${kl.toFixed(0)}`;
}
