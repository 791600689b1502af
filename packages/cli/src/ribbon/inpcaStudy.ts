import { ribbonCriteria } from '@hyperribbon/linear-dynamics';
import type { PredictionsSection, Study } from '@hyperribbon/report';
import { shareArray, StudyRun, type Executor, type StepLines } from '@hyperribbon/study';
import type { InpcaMapResult } from '../jobs/inpcaMap.js';
import type { Jobs } from '../jobs/table.js';
import type { PredictionFile } from '../input/predictionFile.js';
import { runSetting, studyRecord } from '../output/studyRecord.js';
import { tellFailures } from '../output/tellFailures.js';
import { divergencesOf } from './manifold.js';
import { ribbonNotes } from './ribbonNotes.js';

/** What decides a map of predictions from a file. */
export interface InpcaPlan {
  readonly predictions: PredictionFile;
  readonly dimensions: number;
  readonly seed: number;
  readonly deterministic: boolean;
  readonly workers: number;
  readonly commandLine: string;
}

const steps = { divergences: 'divergences', map: 'map' } as const;

/** The map. Once `signal` is aborted it returns soon, with what is done. */
export async function runInpca(
  plan: InpcaPlan,
  executor: Executor<Jobs>,
  options: { readonly signal: AbortSignal; readonly lines: StepLines },
): Promise<Study> {
  const run = new StudyRun(executor, options);
  run.plan(...Object.values(steps));
  const predictions = await run.part(steps.map, () => mapOf(plan, run));
  const sections = predictions === undefined ? {} : { predictions };
  tellFailures(run, sections);
  const { name, models, samples, classes } = plan.predictions;
  const { status, seconds, timings } = run;
  const setting = runSetting(
    { ...plan, dataset: name, task: `${models} models, ${samples} samples` },
    { classes, numbers: 'float64', options: { dimensions: plan.dimensions } },
  );
  const notes = ribbonNotes.filter(({ title }) => title === 'A model as a point' || title === 'The map');
  return studyRecord(
    { kind: 'InPCA', title: `${name}: map of predictions`, setting, sections, notes },
    { status, seconds, timings },
  );
}

async function mapOf(plan: InpcaPlan, run: StudyRun<Jobs>): Promise<PredictionsSection> {
  const { dimensions, seed, deterministic, predictions } = plan;
  const { models, samples, classes, labels } = predictions;
  const rows = models + (labels === undefined ? 1 : 2);
  const points = { probabilities: withLandmarks(predictions, rows), samples, classes, deterministic };
  const { values, capped } = await divergencesOf(run, steps.divergences, points, models, rows);
  const divergences = shareArray(Float64Array.from(values));
  const job = { kind: 'inpca-map' as const, ...points, divergences, rows, models, dimensions, seed };
  const found = await run.job(steps.map, job, {
    summary: ([{ explainedStress }]) =>
      `${explainedStress.length > 1 ? 'two dimensions explain' : 'one dimension explains'} ` +
      `${(100 * explainedStress[Math.min(1, explainedStress.length - 1)]).toFixed(1)} % of the stress`,
  });
  return section(predictions, capped, found);
}

/** (rows, samples, classes) in shared memory: the models, ignorance, and the truth where it is known. */
function withLandmarks(predictions: PredictionFile, rows: number): Float32Array | Float64Array {
  const { probabilities, models, samples, classes, labels = [] } = predictions;
  const bytes = new SharedArrayBuffer(rows * samples * classes * probabilities.BYTES_PER_ELEMENT);
  const out = probabilities.BYTES_PER_ELEMENT === 4 ? new Float32Array(bytes) : new Float64Array(bytes);
  out.set(probabilities);
  out.fill(1 / classes, models * samples * classes, (models + 1) * samples * classes);
  labels.forEach((label, i) => (out[((models + 1) * samples + i) * classes + label] = 1));
  return out;
}

function section(
  { models, samples, classes, runs, labels }: PredictionFile,
  disjoint: number,
  { dimensions, eigenvalues, signs, coordinates, explainedStress, progress }: InpcaMapResult,
): PredictionsSection {
  const at = (row: number, k: number): number => (k < dimensions ? coordinates[row * dimensions + k] : 0);
  // the sign of an axis means nothing: ignorance goes to the left of the truth, or of the first model, and below
  const other = labels === undefined ? 0 : models + 1;
  const flip = [0, 1, 2].map((k) => (at(models, k) > at(other, k) ? -1 : 1));
  const three = (list: readonly number[]): number[] =>
    list.flatMap((row) => flip.map((sign, k) => Number((sign * at(row, k)).toPrecision(5))));
  const members = new Map<number, number[]>();
  runs.forEach((run, i) => members.set(run, [...(members.get(run) ?? []), i]));
  // below the resolution a coordinate is rounding
  const sizes = Array.from(eigenvalues, (value, k) => (signs[k] === 0 ? 0 : Math.abs(value)));
  const { slope, rSquared, fitted, participationRatio } = sizes[0] > 0 ? ribbonCriteria(sizes) : noCriteria;
  return {
    models,
    samples,
    classes,
    disjoint,
    map: {
      madeFrom: 'all',
      eigenvalues: Array.from(eigenvalues),
      runs: Array.from(members, ([run, list]) => ({ run, coordinates: three(list) })),
      ignorance: three([models]),
      ...(labels === undefined ? {} : { truth: three([models + 1]) }),
    },
    widths: sizes.map((size) => Math.sqrt(size / models)),
    stress: Array.from(explainedStress, (value) => Math.min(1, Math.max(0, value))),
    // ln width is half of ln |λ|
    ...(fitted >= 3 ? { decline: { ratio: Math.exp(slope / 2), rSquared, fitted } } : {}),
    ...(participationRatio > 0 ? { participationRatio } : {}),
    ...(labels === undefined
      ? {}
      : {
          progress: Array.from(members, ([run, list]) => ({
            run,
            first: progress[list[0]],
            last: progress[list.at(-1)!],
          })),
        }),
  };
}

/** Of models that all predict the same. */
const noCriteria = { slope: NaN, rSquared: NaN, fitted: 0, participationRatio: 0 };
