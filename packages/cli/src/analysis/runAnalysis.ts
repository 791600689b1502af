import type { CurvatureName, FisherSpectrum } from '@hyperribbon/landscape';
import type { FloatArray } from '@hyperribbon/kernels';
import {
  cosineSchedule,
  type Examples,
  isTargeted,
  networkProgram,
  networkToData,
  rowsWithin,
  type Network,
} from '@hyperribbon/nn';
import type { AnalyticBoundSection, CurvatureSpectrum, Study } from '@hyperribbon/report';
import { shareArray, StudyRun, type Executor, type StepLines } from '@hyperribbon/study';
import { head } from '../input/splits.js';
import type { Model } from '../input/model.js';
import type { Jobs } from '../jobs/table.js';
import { decayFit, inputWindow } from '../jobs/decayFit.js';
import { errorSummary } from '../output/errorSummary.js';
import { studyRecord } from '../output/studyRecord.js';
import { tellFailures } from '../output/tellFailures.js';
import { priorities, steps, type AnalysisRun } from './analysisRun.js';
import { boundedPlan, type ClassPlan } from './bounded.js';
import { boundSection } from './boundSection.js';
import { curvatureSection } from './curvatureSection.js';
import { effectiveDimensions } from './effectiveDimensions.js';
import { gramSection } from './gramSection.js';
import { notes } from './notes.js';
import type { AnalysisPlan } from './plan.js';
import { Sections } from './sections.js';
import { setting, trainingRun } from './settingSection.js';
import { pairsSummary, topSummary } from './summaries.js';

/**
 * The main job: two training runs, the input spectrum, four curvature spectra, effective dimensions and the bound, as a
 * graph of steps. Once `signal` is aborted it returns soon, with what is done.
 *
 * @param attachments receives files to write beside the report: `certificate.json`, `posterior.npz`
 * @returns the analysis; `status` names what is missing
 */
export async function runAnalysis(
  plan: AnalysisPlan,
  executor: Executor<Jobs>,
  options: { readonly signal: AbortSignal; readonly lines: StepLines },
  attachments: Map<string, string | Uint8Array> = new Map(),
): Promise<Study> {
  const run = new StudyRun(executor, options);
  const sections = new Sections();
  const left = leftOut(plan);
  run.plan(...Object.values(steps).filter((step) => !left.has(step)));
  const analysis: AnalysisRun = { plan, run, sections, attachments };
  const initial = plan.network.init(plan.seed, plan.dtype);
  await Promise.all([
    left.has(steps.inputs) ? undefined : run.part(steps.inputs, () => inputs(analysis)),
    run.part(steps.fisherInit, () =>
      spectrum(analysis, steps.fisherInit, 'fisher', modelOf(plan, initial), {
        id: 'fisher-init',
        label: 'Fisher at initialisation',
        at: 'initialisation',
      }),
    ),
    ...(plan.unlabelled === true
      ? [measured(analysis, modelOf(plan, plan.weights!))]
      : [run.part(steps.plain, () => trained(analysis, initial))]),
  ]);
  tellFailures(run, sections.content);
  const title = `${plan.dataset}: ${plan.network.name}`;
  return studyRecord(
    {
      kind: 'analysis',
      title,
      setting: setting(plan),
      sections: sections.content,
      notes: notes(plan, sections.content),
    },
    run,
  );
}

/** Steps that these data and this network have no use for. */
function leftOut(plan: AnalysisPlan): ReadonlySet<string> {
  const { inputs: ofInputs, plain, hessian, gram, decayed, stiff, bound } = steps;
  const classes = plan.loss.kind === 'softmax-cross-entropy' && !isTargeted(plan.train);
  return new Set([
    // numbers of tokens are names, of which nobody takes means
    ...(plan.network.vocabulary === undefined ? [] : [ofInputs]),
    ...(classes && isDense(plan.network) ? [] : [gram]),
    ...(plan.unlabelled === true ? [plain, hessian] : []),
    ...(boundedPlan(plan) === undefined ? [decayed, stiff, bound] : []),
  ]);
}

function modelOf({ network }: AnalysisPlan, params: FloatArray): Model {
  return { network: networkToData(network), params };
}

async function inputs({ plan, run, sections }: AnalysisRun): Promise<void> {
  const examples = head(plan.train, plan.inputExamples);
  const result = await run.job(steps.inputs, { kind: 'input-spectrum', examples }, { summary: topSummary });
  const fit = decayFit(result.eigenvalues, { ...inputWindow(examples.features), floor: result.noiseFloor });
  sections.update(() => ({
    inputSpectrum: {
      description: 'uncentred correlation matrix XᵀX/n of the inputs',
      examples: examples.count,
      eigenvalues: Array.from(result.eigenvalues),
      noiseFloor: result.noiseFloor,
      trace: result.trace,
      ...(fit ? { fit } : {}),
    },
  }));
}

async function trained(analysis: AnalysisRun, initial: FloatArray): Promise<void> {
  const { plan, run, sections } = analysis;
  const model =
    plan.weights === undefined
      ? await fit(analysis, steps.plain, 'plain', initial, undefined)
      : await given(analysis, initial, plan.weights);
  const bounded = boundedPlan(plan);
  const [certificate, fisher] = await Promise.all([
    bounded && run.part(steps.bound, () => bound({ ...analysis, plan: bounded }, initial, model.params)),
    measured(analysis, model),
  ]);
  if (certificate === undefined || run.signal.aborted) return;
  sections.update(({ curvature = [] }) => ({
    effectiveDimension: effectiveDimensions(curvature, certificate, fisher),
  }));
}

/** The spectra at the end of training, whichever can be had; gives the whole one of the Fisher matrix. */
async function measured(analysis: AnalysisRun, model: Model): Promise<FisherSpectrum | undefined> {
  const { plan, run } = analysis;
  const left = leftOut(plan);
  const at = 'end of training';
  const one = (step: string, operator: CurvatureName, id: string, label: string) =>
    left.has(step) ? undefined : run.part(step, () => spectrum(analysis, step, operator, model, { id, label, at }));
  const [fisher] = await Promise.all([
    left.has(steps.gram) ? undefined : run.part(steps.gram, () => wholeFisher(analysis, model)),
    one(steps.hessian, 'hessian', 'hessian', 'Hessian'),
    one(steps.ggn, 'ggn', 'gauss-newton', 'Gauss-Newton'),
    one(steps.fisher, 'fisher', 'fisher-end', 'Fisher'),
  ]);
  return fisher;
}

/** Weights that the user brought: nothing to train for the spectra, but their error is what the report begins with. */
async function given({ plan, run, sections }: AnalysisRun, initial: FloatArray, params: FloatArray): Promise<Model> {
  const { train, test, loss, dtype, deterministic } = plan;
  const model = modelOf(plan, params);
  const { final } = await run.job(
    'error of the given network',
    { kind: 'evaluate', ...model, train, test, loss, dtype, deterministic },
    { step: steps.plain, priority: priorities.training, summary: errorSummary },
  );
  const section = trainingRun('given', { params, history: [], final }, initial, plan);
  sections.update(({ training = [] }) => ({ training: [...training, section] }));
  return model;
}

async function fit(
  { plan, run, sections }: AnalysisRun,
  step: string,
  name: 'plain' | 'decayed',
  initial: FloatArray,
  start: FloatArray | undefined,
): Promise<Model> {
  const { network, train, test, loss, epochs, batchSize, seed, dtype, deterministic } = plan;
  const decayed = start !== undefined;
  // outputs of many tokens fill memory before a batch is whole
  const microBatch = rowsWithin(batchSize, network.classes);
  const { params, network: trainedNetwork } = await run.job(
    step,
    {
      kind: 'train',
      network: networkToData(network),
      train,
      test,
      loss,
      epochs,
      batchSize,
      ...(microBatch < batchSize ? { microBatch } : {}),
      // the schedules of the reference: 2e-3 → 5e-4, then 1e-3 → 1e-5 with the penalty [yang2022]
      schedule: decayed ? cosineSchedule(1e-3, 1e-5) : cosineSchedule(2e-3, 5e-4),
      seed: decayed ? seed + 1 : seed,
      dtype,
      deterministic,
      initial: start ?? initial,
      ...(decayed ? { anchor: { at: initial, strengthPerLearningRate: plan.decay } } : {}),
    },
    {
      priority: priorities.training,
      summary: errorSummary,
      onResult: (result) => {
        const section = trainingRun(
          name,
          result,
          initial,
          plan,
          decayed ? (plan.weights === undefined ? 'plain' : 'given') : undefined,
        );
        sections.update(({ training = [] }) => ({ training: [...training, section] }));
      },
    },
  );
  // with the statistics that came of training
  return { network: trainedNetwork, params };
}

async function bound(
  analysis: AnalysisRun<ClassPlan>,
  initial: FloatArray,
  plain: FloatArray,
): Promise<AnalyticBoundSection> {
  const { plan, run, sections } = analysis;
  const { params } = await fit(analysis, steps.decayed, 'decayed', initial, plain);
  const model = modelOf(plan, shareArray(params));
  const stiff = await spectrum(
    analysis,
    steps.stiff,
    'hessian',
    model,
    { id: 'hessian-decayed', label: 'Hessian, decayed', at: 'end of the decayed run' },
    {
      count: plan.stiffDirections,
      tol: 1e-2, // any orthonormal directions give a valid posterior; precision buys little tightness
      vectors: true,
      priority: priorities.stiff,
    },
  );
  const certificate = await run.step(steps.bound, () => boundSection(analysis, initial, model, stiff, plain));
  sections.update(() => ({ analyticBound: certificate }));
  return certificate;
}

/** Whether the Gram matrix needs no gradient of a single example. */
function isDense(network: Network): boolean {
  return networkProgram(network, 2).maps.every(({ positions, alone }) => positions === 1 && alone);
}

/** For networks of dense layers: every non-zero eigenvalue of the Fisher matrix, through the Gram matrix of gradients. */
async function wholeFisher({ plan, run, sections }: AnalysisRun, model: Model): Promise<FisherSpectrum> {
  const { seed, deterministic } = plan;
  // steps that need labels are planned for examples that have some
  const examples = head(plan.train as Examples, plan.curvatureExamples);
  return run.job(
    steps.gram,
    { kind: 'gram-spectrum', model, examples, seed, deterministic },
    {
      summary: topSummary,
      onResult: (result, _, seconds) => addSpectrum(sections, gramSection(plan, result, seconds)),
    },
  );
}

async function spectrum(
  { plan, run, sections }: AnalysisRun,
  step: string,
  operator: CurvatureName,
  model: Model,
  where: { readonly id: string; readonly label: string; readonly at: string },
  { count = plan.top, tol = 1e-3, vectors = false, priority = 0 } = {},
) {
  const { network, loss, dtype, seed, deterministic, densitySteps, densityProbes } = plan;
  const examples = head(plan.train, plan.curvatureExamples);
  const place = {
    ...where,
    examples: examples.count,
    dimension: network.size,
    fitFrom: network.classes < count ? network.classes : count >> 1,
  };
  return run.job(
    step,
    {
      kind: 'spectrum',
      model,
      examples,
      operator,
      loss,
      count: Math.min(count, network.size),
      dtype,
      tol,
      seed,
      deterministic,
      vectors,
      density: { steps: densitySteps, probes: densityProbes },
    },
    {
      priority,
      summary: pairsSummary,
      onResult: (result, _, seconds) => {
        if (result.values.length > 0) addSpectrum(sections, curvatureSection(place, result, seconds));
      },
    },
  );
}

/** The order of the report, whatever finished first. */
const spectraOrder = ['hessian', 'gauss-newton', 'fisher-end', 'fisher-whole', 'fisher-init', 'hessian-decayed'];

function addSpectrum(sections: Sections, section: CurvatureSpectrum): void {
  const place = ({ id }: CurvatureSpectrum): number => spectraOrder.indexOf(id);
  sections.update(({ curvature = [] }) => ({
    curvature: [...curvature, section].sort((a, b) => place(a) - place(b)),
  }));
}
