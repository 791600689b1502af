import { familyMaps, progress, type FamilyMaps } from '@hyperribbon/linear-dynamics';
import type { JobContext } from '@hyperribbon/study';

/**
 * The maps of one set of samples: of all models, of the linear ones with all others embedded, and for each seed the map of its
 * linear runs with its nonlinear ones embedded.
 */
export interface InpcaMapsJob {
  /** (rows, rows) divergences; rows beyond `models` are landmarks: placed, never mapped */
  readonly divergences: Float64Array;
  readonly rows: number;
  readonly models: number;
  /** (rows, samples, classes), in shared memory; the last two rows are ignorance and truth */
  readonly probabilities: Float32Array;
  readonly samples: number;
  readonly classes: number;
  /** (models,) 1 for linear ones; seed of each model */
  readonly linear: Uint8Array;
  readonly seeds: Int32Array;
  readonly dimensions: number;
  readonly seed: number;
  readonly deterministic: boolean;
}

/** The family is that of the linear models, a group the models of a seed. */
export interface InpcaMapsResult extends FamilyMaps {
  /** (models,) how far each has come on the geodesic from ignorance to truth, in [0, 1] */
  readonly progress: Float64Array;
}

/** Cost: eigenproblems of the centred divergences; a pass over the matrix per embedding and dimension. */
export async function runInpcaMaps(job: InpcaMapsJob, context: JobContext): Promise<InpcaMapsResult> {
  const { models, rows, samples, classes, probabilities, dimensions, seed, deterministic } = job;
  const maps = await familyMaps({
    divergences: { values: job.divergences, models: rows },
    models,
    members: job.linear,
    groups: job.seeds,
    dimensions,
    seed,
    deterministic,
    signal: context.signal,
    onProgress: ({ done, of, detail }) => context.report({ done, of: of + 1, detail: detail ?? '' }),
  });
  const model = (from: number, to: number): Float32Array =>
    probabilities.subarray(from * samples * classes, to * samples * classes);
  const set = { probabilities: model(0, models), models, samples, classes };
  return { ...maps, progress: progress(set, model(rows - 2, rows - 1), model(rows - 1, rows)) };
}
