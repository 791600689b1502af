import type { Job, JobResult } from '../jobs/job.js';
import type { PosteriorErrorsResult } from '../jobs/posteriorErrors.js';
import type { SpectrumResult } from '../jobs/spectrum.js';
import type { TrainResult } from '../jobs/train.js';
import type { RunOptions, WorkerPool } from '../jobs/workerPool.js';
import type { ProgressLines, Step } from '../output/progressLines.js';
import { percent } from '../output/percent.js';
import type { AnalysisPlan } from './plan.js';
import type { Sections } from './sections.js';

/** What the steps of one analysis share. */
export interface AnalysisRun {
  readonly plan: AnalysisPlan;
  readonly sections: Sections;
  readonly stopped: () => boolean;
  /** files to write beside the report, by name */
  readonly attachments: Map<string, string | Uint8Array>;
  /** runs a job in the pool under a progress line; undefined once the run is being stopped and the job never began */
  job<J extends Job>(
    step: string,
    title: string,
    job: J,
    options?: Pick<RunOptions, 'priority'>,
  ): Promise<JobResult<J>>;
}

/** Raised inside the graph of steps when the user stopped the run; what is done is in the sections. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** Jobs under progress lines, with their times noted in the sections. */
export function jobRunner(
  pool: WorkerPool,
  progress: ProgressLines,
  sections: Sections,
  stopped: () => boolean,
): AnalysisRun['job'] {
  return async (name, title, job, options) => {
    if (stopped()) throw new Stopped(name);
    let step: Step | undefined;
    let started = 0;
    const result = await pool
      .run(job, {
        ...options,
        onStart: () => {
          started = performance.now();
          step = progress.start(title);
        },
        onProgress: (fraction, detail) => step?.update({ fraction, detail }),
      })
      .catch((error: unknown) => {
        // a step that had nothing to show yet when the user stopped the run
        if (!stopped()) throw error;
        step?.stopped('stopped');
        throw new Stopped(name);
      });
    const seconds = (performance.now() - started) / 1000;
    if (stopped()) step?.stopped('stopped');
    else {
      step?.done(summary(result));
      sections.finish(name, seconds);
    }
    return result;
  };
}

/** One line on what a step found. */
function summary(result: object): string {
  if ('final' in result) {
    const { final } = result as TrainResult;
    return `error ${percent(final.trainError)} on training, ${percent(final.testError)} on test examples`;
  }
  if ('residualNorms' in result) {
    const { values, matvecs, converged } = result as SpectrumResult;
    return `${values.length} eigenvalues from ${values[0].toPrecision(3)} down to ${values.at(-1)!.toPrecision(3)}, ${matvecs} products${converged ? '' : ', not all converged'}`;
  }
  if ('eigenvalues' in result) {
    const { eigenvalues } = result as { eigenvalues: Float64Array };
    return `λ₁ = ${eigenvalues[0].toPrecision(4)} of ${eigenvalues.length}`;
  }
  if ('errors' in result) {
    const { errors } = result as PosteriorErrorsResult;
    return `${errors.reduce((draws, list) => draws + list.length, 0)} draws`;
  }
  return '';
}
