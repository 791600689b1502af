import type { FloatArray } from '@hyperribbon/kernels';
import type { AnalyticBoundSection, CurvatureSpectrum, EffectiveDimension, Study } from '@hyperribbon/report';
import { networkProgram, type Examples, type Network } from '@hyperribbon/nn';
import type { GramSpectrumResult } from '../jobs/gramSpectrum.js';
import type { Model } from '../jobs/job.js';
import type { CurvatureName } from '@hyperribbon/landscape';
import type { WorkerPool } from '../jobs/workerPool.js';
import type { ProgressLines } from '../output/progressLines.js';
import { studyRecord } from '../output/studyRecord.js';
import { jobRunner, Stopped, type AnalysisRun } from './analysisRun.js';
import { boundSection } from './boundSection.js';
import { curvatureSection } from './curvatureSection.js';
import { decayFit, inputWindow } from './decayFit.js';
import { effectiveDimensions } from './effectiveDimensions.js';
import { gramSection } from './gramSection.js';
import { notes } from './notes.js';
import type { AnalysisPlan } from './plan.js';
import { Sections } from './sections.js';
import { setting, trainingRun } from './settingSection.js';

const steps = {
  inputs: 'input spectrum',
  plain: 'training',
  decayed: 'training towards the start',
  fisherInit: 'Fisher matrix at initialisation',
  hessian: 'Hessian',
  ggn: 'Gauss-Newton matrix',
  fisher: 'Fisher matrix',
  gram: 'whole Fisher spectrum',
  stiff: 'stiff directions of the decayed network',
  bound: 'bound',
} as const;

type StepName = (typeof steps)[keyof typeof steps];

/**
 * The main job: two training runs, the input spectrum, four curvature spectra, effective dimensions and the bound, as a
 * graph of jobs over the pool's threads. After `pool.stop()` it returns soon, with what is done.
 *
 * @param attachments receives files to write beside the report: `certificate.json`, `posterior.npz`
 * @returns the analysis; `status` names what is missing
 */
export async function runAnalysis(
  plan: AnalysisPlan,
  pool: WorkerPool,
  progress: ProgressLines,
  stopped: () => boolean,
  attachments: Map<string, string | Uint8Array> = new Map(),
): Promise<Study> {
  const started = performance.now();
  const sections = new Sections();
  sections.plan(...Object.values(steps).filter((step) => step !== steps.gram || isDense(plan.network)));
  const run: AnalysisRun = { plan, sections, stopped, attachments, job: jobRunner(pool, progress, sections, stopped) };

  const initial = plan.network.init(plan.seed, plan.dtype);
  const results = await Promise.allSettled([inputs(run), atInitialisation(run, initial), trained(run, initial)]);
  for (const result of results) {
    if (result.status === 'rejected' && !(result.reason instanceof Stopped)) throw result.reason;
  }
  return studyRecord(
    {
      kind: 'analysis',
      title: `${plan.dataset}: ${plan.network.name}`,
      setting: setting(plan),
      sections: sections.content,
      notes: notes(plan),
    },
    sections.state((performance.now() - started) / 1000, stopped() ? 'interrupted' : undefined),
  );
}

async function inputs(run: AnalysisRun): Promise<void> {
  const { plan, sections } = run;
  const examples = head(plan.train, plan.inputExamples);
  const result = await run.job(steps.inputs, 'input spectrum', { kind: 'input-spectrum', examples });
  const window = inputWindow(examples.features);
  const fit = decayFit(result.eigenvalues, { ...window, floor: result.noiseFloor });
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

async function atInitialisation(run: AnalysisRun, initial: FloatArray): Promise<void> {
  const model = { architecture: run.plan.network.name, params: initial };
  await spectrum(
    run,
    steps.fisherInit,
    { id: 'fisher-init', label: 'Fisher at initialisation', at: 'initialisation' },
    'fisher',
    model,
  );
}

async function trained(run: AnalysisRun, initial: FloatArray): Promise<void> {
  const { plan } = run;
  const architecture = plan.network.name;
  const plain =
    plan.weights === undefined
      ? await fit(run, steps.plain, 'plain', initial, undefined)
      : await given(run, initial, plan.weights);
  const model = { architecture, params: plain };
  const end = 'end of training';
  const results = await Promise.allSettled([
    bound(run, initial, plain),
    wholeFisher(run, model),
    spectrum(run, steps.hessian, { id: 'hessian', label: 'Hessian', at: end }, 'hessian', model),
    spectrum(run, steps.ggn, { id: 'gauss-newton', label: 'Gauss-Newton', at: end }, 'ggn', model),
    spectrum(run, steps.fisher, { id: 'fisher-end', label: 'Fisher', at: end }, 'fisher', model),
  ]);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  const [certificate, fisher] = results;
  if (certificate.status === 'rejected' || fisher.status === 'rejected') return;
  const dimensions = (curvature: readonly CurvatureSpectrum[]): readonly EffectiveDimension[] =>
    effectiveDimensions(curvature, certificate.value, fisher.value);
  run.sections.update(({ curvature = [] }) => ({ effectiveDimension: dimensions(curvature) }));
}

/** Weights that the user brought: nothing to train for the spectra, but their error is what the report begins with. */
async function given(run: AnalysisRun, initial: FloatArray, params: FloatArray): Promise<FloatArray> {
  const { plan, sections } = run;
  const { network, train, test, dtype, deterministic } = plan;
  const job = { kind: 'evaluate', architecture: network.name, params, train, test, dtype, deterministic } as const;
  const { final } = await run.job(steps.plain, 'error of the given network', job, { priority: 2 });
  const section = trainingRun('given', { params, history: [], final }, initial);
  sections.update(({ training = [] }) => ({ training: [...training, section] }));
  return params;
}

async function fit(
  run: AnalysisRun,
  step: StepName,
  name: 'plain' | 'decayed',
  initial: FloatArray,
  start: FloatArray | undefined,
): Promise<FloatArray> {
  const { plan, sections } = run;
  const decayed = start !== undefined;
  const result = await run.job(
    step,
    decayed ? 'training towards the start' : 'training',
    {
      kind: 'train',
      architecture: plan.network.name,
      train: plan.train,
      test: plan.test,
      epochs: plan.epochs,
      batchSize: plan.batchSize,
      // the schedules of the reference: 2e-3 → 5e-4, then 1e-3 → 1e-5 with the penalty [yang2022]
      learningRate: decayed ? { from: 1e-3, to: 1e-5 } : { from: 2e-3, to: 5e-4 },
      seed: decayed ? plan.seed + 1 : plan.seed,
      dtype: plan.dtype,
      deterministic: plan.deterministic,
      initial: start ?? initial,
      ...(decayed ? { anchor: { at: initial, factor: plan.decayFactor } } : {}),
    },
    { priority: 2 },
  );
  const section = trainingRun(name, result, initial);
  sections.update(({ training = [] }) => ({ training: [...training, section] }));
  if (run.stopped()) throw new Stopped(step);
  return result.params;
}

async function bound(run: AnalysisRun, initial: FloatArray, plain: FloatArray): Promise<AnalyticBoundSection> {
  const { plan, sections } = run;
  const params = await fit(run, steps.decayed, 'decayed', initial, plain);
  const model = { architecture: plan.network.name, params };
  const started = performance.now();
  const stiff = await run.job(
    steps.stiff,
    'stiff directions of the decayed network',
    {
      kind: 'spectrum',
      model,
      examples: head(plan.train, plan.curvatureExamples),
      operator: 'hessian',
      count: Math.min(plan.stiffDirections, plan.network.size),
      which: 'LA',
      dtype: plan.dtype,
      tol: 1e-2, // any orthonormal directions give a valid posterior; precision buys little tightness
      seed: plan.seed,
      deterministic: plan.deterministic,
      vectors: true,
      density: plan.density,
    },
    { priority: 1 },
  );
  const place = {
    id: 'hessian-decayed',
    label: 'Hessian, decayed',
    at: 'end of the decayed run',
    examples: Math.min(plan.curvatureExamples, plan.train.count),
    dimension: plan.network.size,
    fitFrom: plan.network.classes,
  };
  const section = curvatureSection(place, stiff, (performance.now() - started) / 1000);
  addSpectrum(sections, section);
  if (run.stopped()) throw new Stopped(steps.bound);
  const certificate = await boundSection(run, steps.bound, initial, model, stiff);
  sections.update(() => ({ analyticBound: certificate }));
  return certificate;
}

/** Whether the Gram matrix needs no gradient of a single example. */
function isDense(network: Network): boolean {
  return networkProgram(network, 2).maps.every(({ positions, alone }) => positions === 1 && alone);
}

/** For networks of dense layers: every non-zero eigenvalue of the Fisher matrix, through the Gram matrix of gradients. */
async function wholeFisher(run: AnalysisRun, model: Model): Promise<GramSpectrumResult | undefined> {
  const { plan, sections } = run;
  const { seed, deterministic } = plan;
  if (!isDense(plan.network)) return undefined;
  const examples = head(plan.train, plan.curvatureExamples);
  const started = performance.now();
  const result = await run.job(steps.gram, steps.gram, {
    kind: 'gram-spectrum',
    model,
    examples,
    seed,
    deterministic,
  });
  const section = gramSection(plan, result, (performance.now() - started) / 1000);
  addSpectrum(sections, section);
  return result;
}

async function spectrum(
  run: AnalysisRun,
  step: StepName,
  where: { readonly id: string; readonly label: string; readonly at: string },
  operator: CurvatureName,
  model: Model,
): Promise<void> {
  const { plan, sections } = run;
  const examples = head(plan.train, plan.curvatureExamples);
  const started = performance.now();
  const result = await run.job(step, step, {
    kind: 'spectrum',
    model,
    examples,
    operator,
    count: Math.min(plan.top, plan.network.size),
    which: 'LA',
    dtype: plan.dtype,
    tol: 1e-3,
    seed: plan.seed,
    deterministic: plan.deterministic,
    vectors: false,
    density: plan.density,
  });
  const place = { ...where, examples: examples.count, dimension: plan.network.size, fitFrom: plan.network.classes };
  const section = curvatureSection(place, result, (performance.now() - started) / 1000);
  addSpectrum(sections, section);
}

/** The order of the report, whatever finished first. */
const spectraOrder = ['hessian', 'gauss-newton', 'fisher-end', 'fisher-whole', 'fisher-init', 'hessian-decayed'];

function addSpectrum(sections: Sections, section: CurvatureSpectrum): void {
  const place = ({ id }: CurvatureSpectrum): number => spectraOrder.indexOf(id);
  sections.update(({ curvature = [] }) => ({
    curvature: [...curvature, section].sort((a, b) => place(a) - place(b)),
  }));
}

/** The first `count` examples, as views. */
export function head(examples: Examples, count: number): Examples {
  const kept = Math.min(count, examples.count);
  return {
    ...examples,
    inputs: examples.inputs.subarray(0, kept * examples.features),
    labels: examples.labels.subarray(0, kept),
    count: kept,
  };
}
