import type { FloatArray } from '@hyperribbon/kernels';
import type { EvaluateJob, EvaluateResult } from './evaluate.js';
import type { GramSpectrumJob, GramSpectrumResult } from './gramSpectrum.js';
import type { InputSpectrumJob, InputSpectrumResult } from './inputSpectrum.js';
import type { PosteriorErrorsJob, PosteriorErrorsResult } from './posteriorErrors.js';
import type { DivergenceRowsJob, DivergenceRowsResult } from './divergenceRows.js';
import type { InpcaMapsJob, InpcaMapsResult } from './inpcaMaps.js';
import type { PhaseRowsJob, PhaseRowsResult } from './phaseRows.js';
import type { RegressionRunsJob, RegressionRunsResult } from './regressionRuns.js';
import type { RegressionSpectrumJob, RegressionSpectrumResult } from './regressionSpectrum.js';
import type { RegressionPredictionJob, RegressionPredictionResult } from './regressionPrediction.js';
import type { SpectrumJob, SpectrumResult } from './spectrum.js';
import type { TrainJob, TrainResult } from './train.js';
import type { TrajectoryJob, TrajectoryResult } from './trajectory.js';

/** A piece of work as plain data, so that it can run in this thread or be posted to a worker. */
export type Job =
  | InputSpectrumJob
  | GramSpectrumJob
  | TrainJob
  | EvaluateJob
  | SpectrumJob
  | PosteriorErrorsJob
  | TrajectoryJob
  | DivergenceRowsJob
  | InpcaMapsJob
  | PhaseRowsJob
  | RegressionRunsJob
  | RegressionSpectrumJob
  | RegressionPredictionJob;

/** The result that belongs to a job. */
export type JobResult<J extends Job> = J extends InputSpectrumJob
  ? InputSpectrumResult
  : J extends GramSpectrumJob
    ? GramSpectrumResult
    : J extends TrainJob
      ? TrainResult
      : J extends EvaluateJob
        ? EvaluateResult
        : J extends SpectrumJob
          ? SpectrumResult
          : J extends PosteriorErrorsJob
            ? PosteriorErrorsResult
            : J extends TrajectoryJob
              ? TrajectoryResult
              : J extends DivergenceRowsJob
                ? DivergenceRowsResult
                : J extends InpcaMapsJob
                  ? InpcaMapsResult
                  : J extends PhaseRowsJob
                    ? PhaseRowsResult
                    : J extends RegressionRunsJob
                      ? RegressionRunsResult
                      : J extends RegressionSpectrumJob
                        ? RegressionSpectrumResult
                        : J extends RegressionPredictionJob
                          ? RegressionPredictionResult
                          : never;

/** What every job may use while it runs. */
export interface JobContext {
  readonly signal: AbortSignal;
  /** share done in [0, 1] and a few words */
  report(fraction: number, detail: string): void;
}

/** A network and its weights, by the name that `parseArchitecture` reads. */
export interface Model {
  readonly architecture: string;
  readonly params: FloatArray;
}
