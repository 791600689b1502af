import { embed, inpca, progress, type InpcaMap } from '@hyperribbon/linear-dynamics';
import type { FloatArray } from '@hyperribbon/kernels';
import type { JobContext } from '@hyperribbon/study';

/** The map of a set of models, with landmarks placed in it. */
export interface InpcaMapJob {
  /** (rows, rows) divergences; rows beyond `models` are landmarks: ignorance, then the truth where labels are known */
  readonly divergences: Float64Array;
  readonly rows: number;
  readonly models: number;
  /** (rows, samples, classes), in shared memory */
  readonly probabilities: FloatArray;
  readonly samples: number;
  readonly classes: number;
  readonly dimensions: number;
  readonly seed: number;
  readonly deterministic: boolean;
}

export interface InpcaMapResult extends Pick<InpcaMap, 'dimensions' | 'eigenvalues' | 'explainedStress' | 'signs'> {
  /** (rows, dimensions) */
  readonly coordinates: Float64Array;
  /** (models,) how far each has come on the geodesic from ignorance to truth, in [0, 1]; empty without labels */
  readonly progress: Float64Array;
}

/** Cost: an eigenproblem of the centred divergences, and a pass over the matrix. */
export async function runInpcaMap(job: InpcaMapJob, context: JobContext): Promise<InpcaMapResult> {
  const { divergences, rows, models, samples, classes, probabilities, dimensions, seed, deterministic } = job;
  const part = (count: number): Float64Array => {
    const out = new Float64Array(count * models);
    for (let i = 0; i < count; i++) out.set(divergences.subarray(i * rows, i * rows + models), i * models);
    return out;
  };
  context.report({ done: 0, of: 2, detail: 'map' });
  const map = await inpca(
    { values: part(models), models },
    { dimensions: Math.min(dimensions, models), tol: 1e-8, seed, deterministic, signal: context.signal },
  );
  context.report({ done: 1, of: 2, detail: 'landmarks' });
  const { coordinates } = embed(map, { values: part(rows), others: rows, models });
  const size = samples * classes;
  const model = (from: number, to: number): FloatArray => probabilities.subarray(from * size, to * size);
  const set = { probabilities: model(0, models), models, samples, classes };
  const known = rows === models + 2;
  return {
    dimensions: map.dimensions,
    eigenvalues: map.eigenvalues,
    explainedStress: map.explainedStress,
    signs: map.signs,
    coordinates,
    progress: known ? progress(set, model(models, models + 1), model(models + 1, rows)) : new Float64Array(0),
  };
}
