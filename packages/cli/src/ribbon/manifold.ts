import {
  assembleDivergences,
  divergenceRows,
  stressSummary,
  toProbabilities,
  type PlacedModels,
} from '@hyperribbon/linear-dynamics';
import { shareArray, type StudyRun } from '@hyperribbon/study';
import type { Jobs } from '../jobs/table.js';
import type { InpcaMap, SampleMaps, Statement } from '@hyperribbon/report';
import type { InpcaMapsResult } from '../jobs/inpcaMaps.js';
import type { FinishedRun } from './ensembleRuns.js';
import { mapDimensions, statementDimensions, type RibbonPlan } from './ribbonPlan.js';

type SampleSet = SampleMaps['samples'];

export const manifoldSteps: Readonly<Record<SampleSet, { readonly divergences: string; readonly maps: string }>> = {
  train: { divergences: 'divergences on training samples', maps: 'maps on training samples' },
  test: { divergences: 'divergences on test samples', maps: 'maps on test samples' },
};

/** Two landmarks stand behind the models: ignorance (all classes alike) and the truth. */
const landmarks = 2;

/**
 * Divergences between all checkpoints of the runs on one set of samples, and the maps made from them.
 *
 * @param runs in the order of the report; runs that diverged are left out of the maps
 * @returns undefined where there are not at least three linear and three nonlinear checkpoints
 */
export async function manifold(
  plan: RibbonPlan,
  run: StudyRun<Jobs>,
  runs: readonly FinishedRun[],
  set: SampleSet,
): Promise<SampleMaps | undefined> {
  const members = runs.flatMap((run, index) => (run.reason === 'finished' ? [{ ...run, index }] : []));
  const count = (family: string): number =>
    members.reduce(
      (sum, { settings, recording }) => sum + (settings.family === family ? recording.steps.length : 0),
      0,
    );
  const [linearCount, nonlinearCount] = [count('linear'), count('nonlinear')];
  const models = linearCount + nonlinearCount;
  const samples = set === 'train' ? plan.trainSamples : plan.watched.count - plan.trainSamples;
  if (linearCount < 3 || nonlinearCount < 3 || samples < 1) return undefined;

  const { classes } = plan.train;
  const points = {
    probabilities: gather(plan, members, set, models, samples),
    samples,
    classes,
    deterministic: plan.deterministic,
  };
  const divergences = await divergencesOf(run, manifoldSteps[set].divergences, points, models, models + landmarks);
  const found = await run.job(
    manifoldSteps[set].maps,
    {
      kind: 'inpca-maps',
      ...points,
      divergences: shareArray(Float64Array.from(divergences.values)),
      rows: models + landmarks,
      models,
      linear: perModel(members, ({ settings }) => (settings.family === 'linear' ? 1 : 0), Uint8Array),
      seeds: perModel(members, ({ settings }) => settings.seed, Int32Array),
      dimensions: mapDimensions,
      seed: plan.seed,
    },
    {
      summary: ([{ stress }]) =>
        `two dimensions hold ${(100 * (stress.all[1] ?? 0)).toFixed(1)} % of the stress of all models`,
    },
  );
  return section(plan, set, samples, models, divergences.capped, members, found);
}

/** Between all models and landmarks, block by block of rows. */
export async function divergencesOf(
  run: StudyRun<Jobs>,
  step: string,
  points: Omit<Parameters<Jobs['divergence-rows']>[0], 'models' | 'rows'>,
  models: number,
  all: number,
) {
  const blocks = await run.jobs(
    step,
    divergenceRows(all, Math.min(16, Math.ceil(all / 64))).map((rows) => ({
      job: { kind: 'divergence-rows' as const, ...points, models: all, rows },
      weight: (rows.to - rows.from) * (all - (rows.from + rows.to) / 2),
    })),
    { summary: () => `${models} checkpoints, ${points.samples} samples` },
  );
  return assembleDivergences(blocks);
}

type Member = FinishedRun & { readonly index: number };

/** (models + landmarks, samples, classes) in shared memory */
function gather(
  plan: RibbonPlan,
  members: readonly Member[],
  set: SampleSet,
  models: number,
  samples: number,
): Float32Array {
  const { classes } = plan.train;
  const size = samples * classes;
  const out = new Float32Array(new SharedArrayBuffer(4 * (models + landmarks) * size));
  const first = set === 'train' ? 0 : plan.trainSamples;
  let model = 0;
  for (const { recording } of members) {
    const whole = recording.samples * classes;
    for (let k = 0; k < recording.steps.length; k++, model++) {
      const start = k * whole + first * classes;
      toProbabilities(
        recording.amplitudes.subarray(start, start + size),
        classes,
        out.subarray(model * size, (model + 1) * size),
      );
    }
  }
  out.fill(1 / classes, models * size, (models + 1) * size);
  for (let i = 0; i < samples; i++) out[(models + 1) * size + i * classes + plan.watched.labels[first + i]] = 1;
  return out;
}

function perModel<T extends Uint8Array | Int32Array>(
  members: readonly Member[],
  value: (member: Member) => number,
  make: { from(values: readonly number[]): T },
): T {
  return make.from(members.flatMap((member) => Array.from(member.recording.steps, () => value(member))));
}

function section(
  plan: RibbonPlan,
  set: SampleSet,
  samples: number,
  models: number,
  disjoint: number,
  members: readonly Member[],
  { all, family, stress, perGroup, progress }: InpcaMapsResult,
): SampleMaps {
  const curve = (id: SampleMaps['stress'][number]['id'], label: string, values: Float64Array) => ({
    id,
    label,
    values: Array.from(values),
  });
  return {
    samples: set,
    sampleCount: samples,
    models,
    disjoint,
    maps: [place('all', all, members, models), place('linear', family, members, models)],
    stress: [
      curve('all', 'all models, own map', stress.all),
      curve('nonlinear', 'nonlinear, own map', stress.rest),
      curve('linear', 'linear, own map', stress.family),
      curve('all-in-linear', 'all, in the linear map', stress.allInFamily),
      curve('nonlinear-in-linear', 'nonlinear, in the linear map', stress.restInFamily),
    ],
    progress: perRun(members).map(({ member, first, end }) => ({
      run: member.index,
      epochs: Array.from(member.recording.steps, (step) => rounded(step / stepsPerEpoch(plan, member))),
      values: Array.from(progress.subarray(first, end), rounded),
    })),
    ...(perGroup.length > 0 ? { statement: statement(perGroup) } : {}),
  };
}

function place(
  madeFrom: InpcaMap['madeFrom'],
  { eigenvalues, coordinates, dimensions }: PlacedModels,
  members: readonly Member[],
  models: number,
): InpcaMap {
  const at = (row: number, k: number): number => (k < dimensions ? coordinates[row * dimensions + k] : 0);
  // the sign of an axis means nothing: ignorance goes to the left of the truth, and below
  const flip = [0, 1, 2].map((k) => (at(models, k) > at(models + 1, k) ? -1 : 1));
  const three = (from: number, to: number): number[] =>
    Array.from({ length: 3 * (to - from) }, (_, i) => rounded(flip[i % 3] * at(from + Math.floor(i / 3), i % 3)));
  const runs = perRun(members).map(({ member, first, end }) => ({ run: member.index, coordinates: three(first, end) }));
  return {
    madeFrom,
    eigenvalues: Array.from(eigenvalues),
    runs,
    ignorance: three(models, models + 1),
    truth: three(models + 1, models + 2),
  };
}

/** Which models are the checkpoints of which run. */
function perRun(
  members: readonly Member[],
): readonly { readonly member: Member; readonly first: number; readonly end: number }[] {
  let end = 0;
  return members.map((member) => {
    const first = end;
    end += member.recording.steps.length;
    return { member, first, end };
  });
}

function stepsPerEpoch({ train }: RibbonPlan, { settings }: Member): number {
  return Math.ceil(train.count / Math.min(settings.batchSize, train.count));
}

/** Five digits draw a map: a thousandth of a pixel. */
function rounded(x: number): number {
  return Number(x.toPrecision(5));
}

/** The stress of each seed's nonlinear models in the map of its linear ones, and its spread. */
function statement(stresses: InpcaMapsResult['perGroup']): Statement {
  const { perGroup, ...summary } = stressSummary(stresses, statementDimensions);
  return {
    ...summary,
    perSeed: perGroup.map(({ group, inFamily, own }) => ({ seed: group, inLinear: inFamily, own })),
  };
}
