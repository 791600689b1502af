import { regressionRuns, type RegressionRuns, type RegressionRunsOptions } from '@hyperribbon/linear-dynamics';
import type { JobContext } from './job.js';

/** Some runs of gradient descent on linear regression; measuredWidths puts them together. */
export interface RegressionRunsJob extends Omit<RegressionRunsOptions, 'signal' | 'onProgress'> {
  readonly kind: 'regression-runs';
}

export type RegressionRunsResult = RegressionRuns;

export function runRegressionRuns(job: RegressionRunsJob, context: JobContext): Promise<RegressionRunsResult> {
  return regressionRuns({
    ...job,
    signal: context.signal,
    onProgress: ({ done, of }) => context.report(done / of, `step ${done} of ${of}`),
  });
}
