import { embed, embeddedStress, inpca, progress, type InpcaMap } from '@hyperribbon/linear-dynamics';
import type { JobContext } from './job.js';

/**
 * The maps of one set of samples: of all models, of the linear ones with all others embedded, and for each seed the map of its
 * linear runs with its nonlinear ones embedded.
 */
export interface InpcaMapsJob {
  readonly kind: 'inpca-maps';
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

export interface InpcaMapsResult {
  readonly all: PlacedModels;
  readonly fromLinear: PlacedModels;
  /** explained stress of 1, 2, … dimensions */
  readonly stress: {
    readonly all: Float64Array;
    readonly linear: Float64Array;
    readonly nonlinear: Float64Array;
    readonly allInLinear: Float64Array;
    readonly nonlinearInLinear: Float64Array;
  };
  /** (models,) how far each has come on the geodesic from ignorance to truth, in [0, 1] */
  readonly progress: Float64Array;
  readonly perSeed: readonly { readonly seed: number; readonly inLinear: Float64Array; readonly own: Float64Array }[];
}

/** Coordinates in one map of all rows: models, then landmarks. */
export interface PlacedModels {
  readonly eigenvalues: Float64Array;
  /** (rows, 3) */
  readonly coordinates: Float64Array;
}

/** Cost: eigenproblems of the centred divergences; a pass over the matrix per embedding and dimension. */
export async function runInpcaMaps(job: InpcaMapsJob, context: JobContext): Promise<InpcaMapsResult> {
  const { models, rows, linear, seeds, dimensions } = job;
  const everything = indices(models, () => true);
  const linearOnes = indices(models, (i) => linear[i] === 1);
  const nonlinearOnes = indices(models, (i) => linear[i] === 0);
  const distinct = [...new Set(seeds.subarray(0, models))].sort((a, b) => a - b);
  const steps = 5 + distinct.length;
  let done = 0;
  const next = (detail: string): void => {
    context.report(done++ / steps, detail);
    if (context.signal.aborted) throw new Error('stopped');
  };
  const map = (chosen: readonly number[]): Promise<InpcaMap> =>
    inpca(
      { values: part(job, chosen, chosen), models: chosen.length },
      { dimensions: Math.min(dimensions, chosen.length), seed: job.seed, deterministic: job.deterministic, tol: 1e-8 },
    );
  const within = (own: InpcaMap, chosen: readonly number[], others: readonly number[]): Float64Array => {
    const cross = { values: part(job, others, chosen), others: others.length, models: chosen.length };
    return embeddedStress(own, embed(own, cross), { values: part(job, others, others), models: others.length });
  };
  const place = (own: InpcaMap, chosen: readonly number[]): PlacedModels => {
    const every = indices(rows, () => true);
    const cross = { values: part(job, every, chosen), others: rows, models: chosen.length };
    return { eigenvalues: own.eigenvalues, coordinates: firstThree(embed(own, cross).coordinates, own.dimensions) };
  };

  next('map of all models');
  const all = await map(everything);
  next('map of the nonlinear models');
  const nonlinear = await map(nonlinearOnes);
  next('map of the linear models');
  const fromLinear = await map(linearOnes);
  next('embedding the others');
  const stress = {
    all: all.explainedStress,
    linear: fromLinear.explainedStress,
    nonlinear: nonlinear.explainedStress,
    allInLinear: within(fromLinear, linearOnes, everything),
    nonlinearInLinear: within(fromLinear, linearOnes, nonlinearOnes),
  };
  const perSeed = [];
  for (const seed of distinct) {
    next(`seed ${seed} alone`);
    const own = linearOnes.filter((i) => seeds[i] === seed);
    const others = nonlinearOnes.filter((i) => seeds[i] === seed);
    if (own.length < 3 || others.length < 3) continue;
    perSeed.push({ seed, inLinear: within(await map(own), own, others), own: (await map(others)).explainedStress });
  }
  next('progress towards the truth');
  const size = job.samples * job.classes;
  const model = (from: number, to: number): Float32Array => job.probabilities.subarray(from * size, to * size);
  return {
    all: place(all, everything),
    fromLinear: place(fromLinear, linearOnes),
    stress,
    perSeed,
    progress: progress(
      { probabilities: model(0, models), models, samples: job.samples, classes: job.classes },
      model(rows - 2, rows - 1),
      model(rows - 1, rows),
    ),
  };
}

function indices(count: number, wanted: (i: number) => boolean): readonly number[] {
  return Array.from({ length: count }, (_, i) => i).filter((i) => wanted(i));
}

/** (rows.length, columns.length) of the matrix. */
function part(
  { divergences, rows: n }: InpcaMapsJob,
  rows: readonly number[],
  columns: readonly number[],
): Float64Array {
  const out = new Float64Array(rows.length * columns.length);
  let at = 0;
  for (const row of rows) {
    const start = row * n;
    for (const column of columns) out[at++] = divergences[start + column];
  }
  return out;
}

function firstThree(coordinates: Float64Array, dimensions: number): Float64Array {
  const count = coordinates.length / dimensions;
  const out = new Float64Array(3 * count);
  for (let i = 0; i < count; i++)
    for (let k = 0; k < Math.min(3, dimensions); k++) out[3 * i + k] = coordinates[i * dimensions + k];
  return out;
}
