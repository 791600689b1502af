import type { FloatArray } from '@hyperribbon/kernels';
import { networkFromData, type Examples } from '@hyperribbon/nn';
import { planSubspaceErrors } from '@hyperribbon/pac-bayes/networks';
import type { JobContext } from '@hyperribbon/study';
import type { Model } from '../input/model.js';

/** Errors of networks drawn from Gaussians around one network that share their directions: `planSubspaceErrors`. */
export interface PosteriorErrorsJob {
  readonly model: Model;
  readonly examples: Examples;
  /** (k, p) row-major, orthonormal rows */
  readonly directions: FloatArray;
  readonly settings: readonly PosteriorSetting[];
  readonly examplesPerDraw: number;
  readonly seed: number;
  /** names the random streams: draws for different purposes never share numbers */
  readonly purpose: string;
  readonly deterministic: boolean;
}

/** One posterior and the draws wanted from it: indices first, first + 1, … so workers can share the work. */
export interface PosteriorSetting {
  /** names the random streams of this posterior: the index j of its precision */
  readonly key: number;
  /** (k + 1,) deviations along the directions and in all others */
  readonly std: Float64Array;
  readonly first: number;
  readonly draws: number;
}

export interface PosteriorErrorsResult {
  /** per setting: (draws,) errors in [0, 1]; shorter if the run was stopped */
  readonly errors: readonly Float64Array[];
}

export async function runPosteriorErrors(job: PosteriorErrorsJob, context: JobContext): Promise<PosteriorErrorsResult> {
  const { model, examples, directions, settings, examplesPerDraw, seed, purpose, deterministic } = job;
  const network = networkFromData(model.network);
  const plan = planSubspaceErrors(network, directions, examples, { examplesPerDraw, seed, purpose, deterministic });
  const total = settings.reduce((sum, { draws }) => sum + draws, 0);
  let done = 0;
  const errors: Float64Array[] = [];
  for (const { key, std, first, draws } of settings) {
    const out = new Float64Array(context.signal.aborted ? 0 : draws);
    const made = await plan.draw({ mean: model.params, std }, out, {
      first,
      candidate: key,
      onDraws: (count) => {
        context.report({ done: done + count, of: total, detail: `${done + count} of ${total} draws` });
        return context.signal.aborted;
      },
    });
    done += made.length;
    errors.push(made);
  }
  return { errors };
}
