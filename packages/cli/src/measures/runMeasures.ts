import type { FloatArray } from '@hyperribbon/kernels';
import { adam, cosineSchedule, networkToData } from '@hyperribbon/nn';
import type { Note, Sections, Setting, Study } from '@hyperribbon/report';
import { StudyRun, type Executor, type StepLines } from '@hyperribbon/study';
import { lossText, trainingRun } from '../analysis/settingSection.js';
import type { Model } from '../input/model.js';
import { seenText } from '../input/seenByWeights.js';
import type { Jobs } from '../jobs/table.js';
import { chosenOf } from '../options/option.js';
import { errorSummary } from '../output/errorSummary.js';
import { runSetting, studyRecord } from '../output/studyRecord.js';
import { tellFailures } from '../output/tellFailures.js';
import { complexityOptions } from './measuresOptions.js';
import type { MeasuresPlan } from './plan.js';
import { boundsSection, collapseSection, marginsSection, measuresSection, ranksSection } from './sections.js';

const steps = {
  training: 'training',
  error: 'error of the given network',
  bounds: 'norms and bounds',
  measures: 'measures',
  collapse: 'neural collapse',
} as const;

interface Trained {
  readonly model: Model;
  /** weights that distances are taken to */
  readonly reference?: FloatArray;
  readonly sections: Sections;
  readonly testError?: number;
  readonly notes: readonly Note[];
}

/**
 * Norms, bounds, measures and collapse of a network that is given or trained first. Once `signal` is aborted it returns soon, with what is done.
 */
export async function runMeasures(
  plan: MeasuresPlan,
  executor: Executor<Jobs>,
  options: { readonly signal: AbortSignal; readonly lines: StepLines },
): Promise<Study> {
  const run = new StudyRun(executor, options);
  const given = plan.weights !== undefined;
  run.plan(given ? steps.error : steps.training, steps.bounds, steps.measures, ...(given ? [steps.collapse] : []));
  const first = await run.part(given ? steps.error : steps.training, () =>
    given ? evaluated(plan, run) : trained(plan, run),
  );
  const notes: Note[] = [...(first?.notes ?? [])];
  const found = first === undefined ? [] : await Promise.all(measured(plan, run, first, notes));
  const sections = Object.assign({}, first?.sections, ...found) as Sections;
  tellFailures(run, sections);
  return studyRecord(
    {
      kind: 'measures',
      title: `${plan.dataset}: ${plan.network.name}`,
      setting: setting(plan),
      sections,
      notes: [...(plan.seen === undefined ? [] : [seenText[plan.seen]]), ...notes],
    },
    run,
  );
}

/** The parts that need nothing but the network. What has no value goes into `notes`, with the reason. */
function measured(
  plan: MeasuresPlan,
  run: StudyRun<Jobs>,
  first: Trained,
  notes: Note[],
): readonly Promise<Sections | undefined>[] {
  const { train: examples, quick, delta, c1, c2, seed, searchExamples } = plan;
  const { model, reference, testError } = first;
  const common = { model, examples, ...(reference && { reference }) };
  const words = plan.reference === undefined ? reference && 'the start of the training' : 'the weights of --reference';
  const bounds = run.part(steps.bounds, async (): Promise<Sections> => {
    const result = await run.job(
      steps.bounds,
      { kind: 'norm-bounds', ...common, delta, c1, c2 },
      {
        summary: ([{ bounds: all }]) =>
          `${all.bounds.length} bounds, ${all.bounds.filter(({ vacuous, constants }) => !vacuous && constants === 'explicit').length} with all their constants below 1`,
      },
    );
    const layerRanks = ranksSection(result);
    const lost = result.sample.margins.filter((margin) => !Number.isFinite(margin)).length;
    if (lost > 0) {
      const text = `Not measured: the outputs overflow, and ${lost} of ${examples.count} margins are no numbers.`;
      notes.push({ title: 'Bounds and margins', kind: 'warning', text });
      return { layerRanks };
    }
    return { normBounds: boundsSection(result, testError), margins: marginsSection(result), layerRanks };
  });
  const measures = run.part(steps.measures, async (): Promise<Sections> => {
    const result = await run.job(
      steps.measures,
      { kind: 'complexity-measures', ...common, searches: !quick, searchExamples, seed },
      { summary: ([all]) => `${all.length} measures` },
    );
    return { complexityMeasures: measuresSection(result, examples.count, words) };
  });
  return plan.weights === undefined ? [bounds, measures] : [bounds, measures, collapsed(plan, run, model, notes)];
}

async function collapsed(
  plan: MeasuresPlan,
  run: StudyRun<Jobs>,
  model: Model,
  notes: Note[],
): Promise<Sections | undefined> {
  return run.part(steps.collapse, async () => {
    const { train: examples, collapseExamples } = plan;
    const result = await run.job(steps.collapse, { kind: 'collapse', model, examples, collapseExamples });
    if ('notMeasured' in result) {
      notes.push({ title: 'Neural collapse', kind: 'explanation', text: `Not measured: ${result.notMeasured}` });
      return {};
    }
    const collapse = collapseSection([{ epochs: 0, collapse: result.collapse }]);
    return collapse === undefined ? {} : { collapse };
  });
}

async function trained(plan: MeasuresPlan, run: StudyRun<Jobs>): Promise<Trained> {
  const { network, train, test, seed, dtype, deterministic, loss, collapseExamples } = plan;
  const initial = network.init(seed, dtype);
  const job = { network: networkToData(network), train, test, loss, seed, dtype, deterministic, initial };
  const result = await run.job(
    steps.training,
    {
      kind: 'train-collapse',
      ...job,
      ...plan.training!,
      optimizer: adam(),
      schedule: cosineSchedule(2e-3, 5e-4),
      collapseExamples,
    },
    { summary: ([{ final }]) => errorSummary([{ final }]) },
  );
  const collapse = collapseSection(result.moments);
  const note = { title: 'Neural collapse', kind: 'explanation' } as const;
  return {
    model: { network: result.network, params: result.params },
    reference: plan.reference ?? initial,
    sections: {
      training: [trainingRun('plain', result, initial, { train, loss, ...(test && { test }) })],
      ...(collapse && { collapse }),
    },
    ...(result.final.testError === undefined ? {} : { testError: result.final.testError }),
    notes: result.notRecorded === undefined ? [] : [{ ...note, text: `Not recorded: ${result.notRecorded}` }],
  };
}

async function evaluated(plan: MeasuresPlan, run: StudyRun<Jobs>): Promise<Trained> {
  const { network, train, test, dtype, deterministic, loss, weights, seed, reference } = plan;
  const data = networkToData(network);
  const params = weights!;
  const { final } = await run.job(
    steps.error,
    { kind: 'evaluate', network: data, params, train, test, loss, dtype, deterministic },
    { summary: (results) => errorSummary(results) },
  );
  const start = reference ?? network.init(seed, dtype);
  const shown = trainingRun('given', { params, history: [], final }, start, { train, loss, ...(test && { test }) });
  // distances to a start that nobody knows say nothing
  const { norms: _norms, ...bare } = shown;
  return {
    model: { network: data, params },
    ...(reference && { reference }),
    sections: { training: [reference === undefined ? bare : shown] },
    ...(final.testError === undefined ? {} : { testError: final.testError }),
    notes: [],
  };
}

function setting(plan: MeasuresPlan): Setting {
  const { network, train, test, loss, training } = plan;
  return runSetting(plan, {
    trainCount: train.count,
    testCount: test?.count ?? 0,
    features: train.features,
    classes: train.classes,
    architecture: network.name,
    parameters: network.size,
    loss: `${lossText[loss.kind]}, mean over examples`,
    numbers: plan.dtype,
    options: {
      ...(training === undefined ? {} : { optimizer: 'Adam, cosine schedule', ...training }),
      ...chosenOf(complexityOptions, plan),
    },
  });
}
