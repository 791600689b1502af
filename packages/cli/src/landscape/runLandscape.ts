import { networkToData } from '@hyperribbon/nn';
import type { Sections, Setting, Study } from '@hyperribbon/report';
import { StudyRun, type Executor, type StepLines } from '@hyperribbon/study';
import { curvatureSection } from '../analysis/curvatureSection.js';
import { lossText, trainingRun } from '../analysis/settingSection.js';
import { seenText } from '../input/seenByWeights.js';
import type { WatchDescentResult } from '../jobs/landscape/watchDescent.js';
import type { Jobs } from '../jobs/table.js';
import { chosenOf } from '../options/option.js';
import { errorSummary } from '../output/errorSummary.js';
import { edgeVerdict } from '../output/edgeText.js';
import { runSetting, studyRecord } from '../output/studyRecord.js';
import { tellFailures } from '../output/tellFailures.js';
import { changeOfSharpness } from './changeOfSharpness.js';
import { descentFile, keepDescent, keptDescent } from './descentFile.js';
import { centralFlowOfRun, flowOfRun, withDistances } from './flows.js';
import { measuredOptions } from './landscapeOptions.js';
import type { Centre, LandscapeRun } from './landscapeRun.js';
import { kernelOfWeights, kernelsAgainstWidth } from './tangentKernels.js';
import { planeOfWeights } from './planeOfWeights.js';
import { descentSetting, type DescentPlan, type LandscapePlan, type MinimumPlan } from './plan.js';
import { edgeSection, givenJacobian, jacobianSection, minimumSection } from './sections.js';

const steps = {
  descent: 'descent',
  error: 'error',
  sharpness: 'sharpness',
  plane: 'plane of the loss',
  jacobian: 'Jacobian norms',
  factors: 'factors of sharpness',
  flow: 'gradient flow',
  centralFlow: 'central flow',
  minimum: 'constructed minimum',
  kernel: 'tangent kernel',
  widths: 'tangent kernels against width',
} as const;

/**
 * Descent that is watched, and what is around its end; or what is around given weights. Once `signal` is aborted it returns soon, with what is
 * done; the descent is kept in the folder, and goes on from there.
 */
export async function runLandscape(
  plan: LandscapePlan,
  folder: string,
  executor: Executor<Jobs>,
  options: { readonly signal: AbortSignal; readonly lines: StepLines },
): Promise<Study> {
  const run = new StudyRun(executor, options);
  const { descent, plane, jacobian } = plan;
  run.plan(
    descent === undefined ? steps.sharpness : steps.descent,
    steps.error,
    ...(descent?.flow === true ? [steps.flow] : []),
    ...(descent?.centralFlow === true ? [steps.centralFlow] : []),
    ...(plane === undefined ? [] : [steps.plane]),
    ...(plan.kernel === undefined ? [] : [steps.kernel]),
    ...(plan.widths === undefined ? [] : [steps.widths]),
    ...(plan.minimum === true ? [steps.minimum] : []),
    ...(jacobian === true ? [descent === undefined ? steps.jacobian : steps.factors] : []),
  );
  const at: LandscapeRun = { plan, run, folder, notes: [] };
  const [found, built, widths] = await Promise.all([
    descent === undefined ? given(at) : descended(at, descent),
    plan.minimumOf && run.part(steps.minimum, () => constructed(at, plan.minimumOf!)),
    plan.widths && run.part(steps.widths, () => kernelsAgainstWidth(at, steps.widths)),
  ]);
  const sections: Sections = {
    ...found,
    ...built,
    ...(widths?.kernel && { kernel: { ...widths.kernel, ...found.kernel } }),
  };
  tellFailures(run, sections);
  return studyRecord(
    {
      kind: 'landscape',
      title: `${plan.dataset}: ${plan.network.name}`,
      setting: setting(plan),
      sections,
      notes: [...(plan.seen === undefined ? [] : [seenText[plan.seen]]), ...at.notes],
    },
    run,
  );
}

async function descended(at: LandscapeRun, descent: DescentPlan): Promise<Sections> {
  const { plan, run } = at;
  const initial = plan.network.init(plan.seed, plan.dtype);
  const flowing = descent.flow ? run.part(steps.flow, () => flowOfRun(at, steps.flow, descent, initial)) : undefined;
  const averaging = descent.centralFlow
    ? run.part(steps.centralFlow, () => centralFlowOfRun(at, steps.centralFlow, descent, initial))
    : undefined;
  const went = await run.part(steps.descent, () => watched(at, descent, initial));
  const [flow, central] = await Promise.all([flowing, averaging]);
  if (went === undefined) return {};
  const { record, params, trajectory } = went;
  const found: Sections = {
    edge: edgeSection(record, {
      ...(flow && { flow: withDistances(flow, trajectory) }),
      ...(central && { centralFlow: withDistances(central, trajectory) }),
    }),
  };
  const dead = deadText(record);
  if (dead !== undefined) at.notes.push({ title: 'A dead network', kind: 'warning', text: dead });
  const jacobian = jacobianSection(record.moments);
  const own = { ...found, ...(jacobian && { jacobian }) };
  if (went.reason === 'aborted') return own;
  if (went.reason === 'diverged') {
    at.notes.push({
      title: 'The run ended early',
      kind: 'warning',
      text: `${record.ended ?? 'Its numbers are no longer finite'}. What is said below of its end is of the last moment with finite numbers; a smaller --learning-rate may go on.`,
    });
  }
  const [rest, change] = await Promise.all([
    around(at, { params, trajectory }, initial),
    jacobian && run.part(steps.factors, () => changeOfSharpness(at, steps.factors, went)),
  ]);
  const explained = jacobian && change && { jacobian: { ...jacobian, change } };
  return Object.assign(own, ...rest, explained) as Sections;
}

/** Nothing moves where the gradient is zero, and nothing is said of an edge. */
function deadText({ moments }: WatchDescentResult['record']): string | undefined {
  const first = moments.at(0);
  if (first === undefined || first.gradientNorm > 0) return undefined;
  return `The gradient is 0 at the start, where the loss is ${Number(first.loss.toPrecision(3))}: descent stays there. Every path to the outputs is closed, or the loss is at a critical point: start from another --seed, or take another --architecture.`;
}

async function watched(
  { plan, run, folder }: LandscapeRun,
  descent: DescentPlan,
  initial: WatchDescentResult['params'],
): Promise<WatchDescentResult> {
  const { network, examples, loss, seed, dtype, deterministic, pairs, jacobian = false } = plan;
  const { flow: _flow, centralFlow: _centralFlow, ...rule } = descent;
  const kept = keptDescent(folder);
  const file = descentFile(folder);
  let partial: WatchDescentResult | undefined;
  try {
    return await run.job(
      steps.descent,
      {
        kind: 'watch-descent',
        network: networkToData(network),
        examples,
        loss,
        ...rule,
        pairs,
        jacobian,
        initial,
        seed,
        dtype,
        deterministic,
        ...(kept && { resume: kept }),
      },
      {
        onResult: (result) => {
          partial = result;
          keepDescent(file, result.state);
        },
        summary: ([result]) => summaryOf(result),
      },
    );
  } catch (error) {
    // what an interrupted run has seen is shown all the same
    if (partial !== undefined && run.signal.aborted) return { ...partial, reason: 'aborted' };
    throw error;
  }
}

function summaryOf({ record }: WatchDescentResult): string {
  const { threshold, moments, crossing } = record;
  const last = moments.at(-1);
  if (last === undefined) return 'no moment was measured';
  const loss = `loss ${Number(last.loss.toPrecision(3))}`;
  const sharpness = `S ${Number(last.hessian.values[0].toPrecision(3))}`;
  if (!('value' in threshold)) return `${loss}, ${sharpness}`;
  const { preconditioned, hessian, dualSharpness } = last;
  const compared = {
    hessian: hessian.values[0],
    'preconditioned-hessian': preconditioned?.values[0],
    norm: dualSharpness,
  };
  const value = compared[threshold.of];
  const crossed = crossing === undefined ? 'never above its threshold' : `above its threshold at step ${crossing}`;
  return `${loss}, ${sharpness}, ${value === undefined ? '' : `${edgeVerdict(value / (last.threshold ?? threshold.value))}, `}${crossed}`;
}

async function given(at: LandscapeRun): Promise<Sections> {
  const { plan, run } = at;
  const { network, examples, loss, dtype, deterministic, pairs, seed } = plan;
  const params = plan.weights!;
  const model = { network: networkToData(network), params };
  const sharpest = await run.part(steps.sharpness, async (): Promise<Sections> => {
    const began = performance.now();
    const found = await run.job(
      steps.sharpness,
      {
        kind: 'spectrum',
        model,
        examples,
        count: Math.min(pairs, network.size),
        which: 'LA',
        loss,
        seed,
        dtype,
        deterministic,
      },
      { summary: ([{ values }]) => `S ${Number(values[0].toPrecision(3))}` },
    );
    const where = { id: 'hessian', label: 'Hessian', at: 'given', examples: examples.count, dimension: network.size };
    return { curvature: [curvatureSection({ ...where, fitFrom: 0 }, found, (performance.now() - began) / 1000)] };
  });
  const rest = await around(at, { params }, params);
  const jacobian = await run.part(steps.jacobian, async (): Promise<Sections> => {
    if (plan.jacobian !== true) return {};
    const norms = await run.job(steps.jacobian, { kind: 'jacobian-norms', model, examples, dtype, deterministic });
    return { jacobian: givenJacobian(norms, sharpest?.curvature?.[0].eigenvalues[0]) };
  });
  return Object.assign({}, sharpest, ...rest, jacobian) as Sections;
}

/** What is measured around weights, whichever way they came. */
function around(
  at: LandscapeRun,
  centre: Centre,
  initial: WatchDescentResult['params'],
): Promise<(Sections | undefined)[]> {
  const { plan, run } = at;
  return Promise.all([
    run.part(steps.error, () => evaluated(at, centre, initial)),
    plan.plane === undefined ? undefined : run.part(steps.plane, () => planeOfWeights(at, steps.plane, centre)),
    plan.kernel === undefined
      ? undefined
      : run.part(steps.kernel, () =>
          kernelOfWeights(at, steps.kernel, centre, plan.weights === undefined ? initial : undefined),
        ),
  ]);
}

async function constructed({ plan, run, notes }: LandscapeRun, { network, examples }: MinimumPlan): Promise<Sections> {
  const { seed } = plan;
  const loss = plan.loss.kind === 'squared-error' ? 'squared-error' : 'softmax-cross-entropy';
  const result = await run.job(
    steps.minimum,
    { kind: 'constructed-minimum', network, examples, loss, seed },
    { summary: ([found]) => ('notBuilt' in found ? 'none' : found.certificate.verdict) },
  );
  const fewer = examples.features < plan.examples.features;
  const name = `${network.name}${fewer ? ` (images averaged to at most 7 × 7, and features that hardly vary left out: ${examples.features} of ${plan.examples.features})` : ''}`;
  if ('certificate' in result) return { minimum: minimumSection(result.certificate, name, examples.count) };
  notes.push({ title: 'No minimum was constructed', kind: 'warning', text: `${result.notBuilt}.` });
  return {};
}

async function evaluated(
  { plan, run }: LandscapeRun,
  { params }: Centre,
  initial: WatchDescentResult['params'],
): Promise<Sections> {
  const { network, examples, test, dtype, deterministic, loss, weights } = plan;
  const { final } = await run.job(
    steps.error,
    { kind: 'evaluate', network: networkToData(network), params, train: examples, test, loss, dtype, deterministic },
    { summary: (results) => errorSummary(results) },
  );
  const name = weights === undefined ? 'plain' : 'given';
  const shown = trainingRun(name, { params, history: [], final }, initial, {
    train: examples,
    loss,
    ...(test && { test }),
  });
  const { norms: _norms, ...bare } = shown;
  // distances to a start that nobody knows say nothing
  return { training: [weights === undefined ? shown : bare] };
}

function setting(plan: LandscapePlan): Setting {
  const { network, examples, test, loss } = plan;
  return runSetting(plan, {
    trainCount: examples.count,
    testCount: test?.count ?? 0,
    features: examples.features,
    classes: examples.classes,
    architecture: network.name,
    parameters: network.size,
    loss: `${lossText[loss.kind]}, mean over examples`,
    numbers: plan.dtype,
    options: { ...descentSetting(plan), ...measuredSetting(plan) },
  });
}

/** What was measured, as plain values. */
function measuredSetting(plan: LandscapePlan): Readonly<Record<string, string | number | boolean>> {
  const { widths, ...rest } = chosenOf(measuredOptions, plan);
  return { ...rest, ...(widths && { widths: widths.join(', ') }) };
}
