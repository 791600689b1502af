import type { Job, JobContext, JobResult } from './job.js';
import { runEvaluate } from './evaluate.js';
import { runGramSpectrum } from './gramSpectrum.js';
import { runInputSpectrum } from './inputSpectrum.js';
import { runPosteriorErrors } from './posteriorErrors.js';
import { runDivergenceRows } from './divergenceRows.js';
import { runInpcaMaps } from './inpcaMaps.js';
import { runPhaseRows } from './phaseRows.js';
import { runRegressionRuns } from './regressionRuns.js';
import { runRegressionSpectrum } from './regressionSpectrum.js';
import { runRegressionPrediction } from './regressionPrediction.js';
import { runSpectrum } from './spectrum.js';
import { runTrain } from './train.js';
import { runTrajectory } from './trajectory.js';

/** Runs a job in this thread. */
export async function runJob<J extends Job>(job: J, context: JobContext): Promise<JobResult<J>> {
  const run = (): Promise<unknown> => {
    switch (job.kind) {
      case 'input-spectrum':
        return runInputSpectrum(job, context);
      case 'gram-spectrum':
        return runGramSpectrum(job, context);
      case 'train':
        return runTrain(job, context);
      case 'evaluate':
        return runEvaluate(job, context.signal);
      case 'spectrum':
        return runSpectrum(job, context);
      case 'posterior-errors':
        return runPosteriorErrors(job, context);
      case 'trajectory':
        return runTrajectory(job, context);
      case 'divergence-rows':
        return runDivergenceRows(job, context);
      case 'inpca-maps':
        return runInpcaMaps(job, context);
      case 'phase-rows':
        return runPhaseRows(job, context);
      case 'regression-runs':
        return runRegressionRuns(job, context);
      case 'regression-spectrum':
        return runRegressionSpectrum(job, context);
      case 'regression-prediction':
        return runRegressionPrediction(job, context);
    }
  };
  return (await run()) as JobResult<J>;
}
