import { interval } from '@hyperribbon/contract';
import { cosineSchedule, momentum } from '@hyperribbon/nn';
import type { BoundDetail, DescentOptions, OptimizedBound } from '@hyperribbon/pac-bayes/networks';
import { percent, percentUp } from '../output/percent.js';
import type { RunBoundContext } from './boundContext.js';
import type { BoundPlan } from './boundPlan.js';

type Watched = Pick<OptimizedBound, 'history' | 'finished' | 'reason' | 'checkpoint'>;

/** An optimisation under the user's eyes: its progress, a checkpoint a minute and at the end, and a line on how it ended. */
export async function watchOptimization<T extends Watched>(
  plan: BoundPlan,
  { run, resume, save }: RunBoundContext,
  { priorMean, count }: { readonly priorMean: Float32Array; readonly count: number },
  optimize: (asked: Omit<DescentOptions, 'prior'>) => Promise<T>,
): Promise<T> {
  const saveDue = interval(60_000);
  const optimized = await run.work(
    `optimising the bound of ${plan.network.name} on ${count} examples`,
    (report) =>
      optimize({
        objective: plan.objective,
        surrogate: plan.surrogate,
        delta: plan.delta,
        klWeight: plan.klWeight,
        epochs: plan.epochs,
        batchSize: plan.batchSize,
        ...(plan.optimizer === 'adam' ? {} : { optimizer: momentum(), learningRateFactors: { logStd: 1, scales: 0 } }),
        schedule: cosineSchedule(plan.learningRate, plan.learningRate / 100),
        seed: plan.seed,
        signal: run.signal,
        ...(resume === undefined ? {} : { resume: resume.checkpoint }),
        onProgress: ({ detail, ...progress }) => report({ ...progress, detail: optimizationText(detail, plan) }),
        onEpoch: (checkpoint) => {
          if (saveDue()) save({ checkpoint, priorMean });
        },
      }),
    { step: 'optimisation', summary, whole: ({ finished }) => finished },
  );
  save({ checkpoint: optimized.checkpoint, priorMean });
  return optimized;
}

function summary({ history, finished, reason, checkpoint }: Watched): string {
  const last = history.at(-1);
  const found = last === undefined ? '' : `bound about ${percentUp(last.estimate)}`;
  return finished ? found : `${reason} at step ${checkpoint.step}; ${found}`;
}

function optimizationText(detail: BoundDetail | undefined, { epochs }: BoundPlan): string {
  if (detail === undefined) return '';
  const { epoch, estimate, error, kl } = detail;
  return `epoch ${epoch + 1}/${epochs}, bound about ${percentUp(estimate)}, error ${percent(error)}, KL ${kl.toFixed(0)}`;
}
