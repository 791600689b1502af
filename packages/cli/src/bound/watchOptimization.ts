import { cosine, momentum } from '@hyperribbon/nn';
import type { OptimizeBoundOptions, OptimizedBound } from '@hyperribbon/pac-bayes/networks';
import { percent } from '../output/percent.js';
import type { BoundPlan } from './boundPlan.js';
import type { RunBoundContext } from './runBound.js';

/** What a plan says of an optimisation whatever the family of posteriors. */
type Asked = Pick<
  OptimizeBoundOptions,
  | 'objective'
  | 'surrogate'
  | 'delta'
  | 'klWeight'
  | 'epochs'
  | 'batchSize'
  | 'optimizer'
  | 'rates'
  | 'schedule'
  | 'seed'
  | 'signal'
  | 'resume'
  | 'onProgress'
  | 'onEpoch'
>;

/** An optimisation under the user's eyes: its progress, a checkpoint a minute and at the end, and a line on how it ended. */
export async function watchOptimization<
  T extends Pick<OptimizedBound, 'history' | 'finished' | 'reason' | 'checkpoint'>,
>(
  plan: BoundPlan,
  { progress, signal, resume, save }: RunBoundContext,
  { priorMean, count }: { readonly priorMean: Float32Array; readonly count: number },
  optimize: (asked: Asked) => Promise<T>,
): Promise<T> {
  const step = progress.start(`optimising the bound of ${plan.network.name} on ${count} examples`);
  let lastSave = performance.now();
  const optimized = await optimize({
    objective: plan.objective,
    surrogate: plan.surrogate,
    delta: plan.delta,
    klWeight: plan.klWeight,
    epochs: plan.epochs,
    batchSize: plan.batchSize,
    ...(plan.optimizer === 'adam' ? {} : { optimizer: momentum(), rates: { logStd: 1, scales: 0 } }),
    schedule: cosine(plan.learningRate.from, plan.learningRate.to),
    seed: plan.seed,
    signal,
    ...(resume === undefined ? {} : { resume: resume.checkpoint }),
    onProgress: ({ epoch, epochs, step: done, steps, estimate, error, kl }) =>
      step.update({
        fraction: done / steps,
        detail: `epoch ${epoch + 1}/${epochs}, bound about ${percent(estimate)}, error ${percent(error)}, KL ${kl.toFixed(0)}`,
      }),
    onEpoch: (checkpoint) => {
      if (performance.now() - lastSave < 60_000) return;
      save({ checkpoint, priorMean });
      lastSave = performance.now();
    },
  });
  save({ checkpoint: optimized.checkpoint, priorMean });
  const last = optimized.history.at(-1);
  const found = last === undefined ? '' : `bound about ${percent(last.estimate)}`;
  if (optimized.finished) step.done(found);
  else step.stopped(`${optimized.reason} at step ${optimized.checkpoint.step}; ${found}`);
  return optimized;
}
