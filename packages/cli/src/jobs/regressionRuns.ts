import { regressionRuns, type RegressionRuns, type RegressionRunsOptions } from '@hyperribbon/linear-dynamics';
import type { JobContext } from '@hyperribbon/study';

/** Some runs of gradient descent on linear regression; measuredWidths puts them together. */
export type RegressionRunsJob = Omit<RegressionRunsOptions, 'signal' | 'onProgress'>;

export function runRegressionRuns(job: RegressionRunsJob, context: JobContext): Promise<RegressionRuns> {
  return regressionRuns({
    ...job,
    signal: context.signal,
    onProgress: ({ done, of }) => context.report({ done, of, detail: `step ${done} of ${of}` }),
  });
}
