import { flattestDecay, measuredWidths, phaseGrid, phaseGridRow } from '@hyperribbon/linear-dynamics';
import type { StudyRun } from '@hyperribbon/study';
import type { Jobs } from '../jobs/table.js';
import type { PhaseDiagram, TrajectoryWidths } from '@hyperribbon/report';
import { UsageError } from '../usageError.js';
import { inputWindow } from '../jobs/decayFit.js';
import type { RegressionSpectrumResult } from '../jobs/regressionSpectrum.js';
import { phaseSection, widthsSection, type LinearPrediction, type LinearSpectrum } from './linearSections.js';
import type { RegressionPlan, RibbonPlan } from './ribbonPlan.js';

export const regressionSteps = {
  spectrum: 'input spectrum',
  prediction: 'closed form of linear regression',
  runs: 'simulated linear regression',
  phase: 'phase diagram',
} as const;

/** Widths that are predicted and measured. */
const widthCount = 30;

/** Spectrum of the inputs: a short step on one thread that everything else waits for. */
export async function linearSpectrum(plan: RegressionPlan, run: StudyRun<Jobs>): Promise<LinearSpectrum> {
  const [spectrum] = await run.jobs(
    regressionSteps.spectrum,
    [{ job: { kind: 'regression-spectrum' as const, examples: plan.train } }],
    { priority: 3, summary: ([{ eigenvalues }]) => `λ₁ = ${eigenvalues[0].toPrecision(4)} of ${eigenvalues.length}` },
  );
  const window = usableWindow(spectrum);
  if (window.to - window.from < 2) {
    throw new UsageError(
      `--data: the training inputs span only ${window.to + 1} direction${window.to === 0 ? '' : 's'}; a slope of their spectrum needs three`,
    );
  }
  return { ...spectrum, window };
}

/** The closed form, likewise. */
export async function predictLinear(
  plan: RegressionPlan,
  run: StudyRun<Jobs>,
  { eigenvalues, vectors, target, window }: LinearSpectrum,
): Promise<LinearPrediction> {
  const descent = {
    learningRate: plan.relativeStep / eigenvalues[0],
    steps: plan.regressionSteps,
    // the spread of the default initial weights, uniform on ±1/√d
    initialScale: plan.initialScale ?? 1 / Math.sqrt(3 * plan.train.features),
    deterministic: plan.deterministic,
  };
  const job = {
    ...descent,
    kind: 'regression-prediction',
    eigenvalues,
    vectors,
    target,
    window,
    count: widthCount,
  } as const;
  const [prediction] = await run.jobs(regressionSteps.prediction, [{ job }], {
    priority: 3,
    summary: ([{ point }]) =>
      `three directions hold ${(100 * point.criteria.explained[2]).toFixed(1)} % of the variance`,
  });
  return { ...prediction, descent };
}

/** Simulated runs against the closed form. */
export async function simulateLinear(
  plan: RibbonPlan,
  run: StudyRun<Jobs>,
  { correlation, cross }: LinearSpectrum,
  prediction: LinearPrediction,
): Promise<TrajectoryWidths> {
  const { descent, axes } = prediction;
  const { regressionRuns: runs, seed } = plan;
  // groups are what standard errors come from
  const count = Math.min(8, Math.max(2, Math.floor(runs / 2)));
  const perGroup = Math.ceil(runs / count);
  const shared = {
    ...descent,
    kind: 'regression-runs',
    correlation,
    cross,
    axes,
    seed,
    runs: perGroup,
  } as const;
  const found = await run.jobs(
    regressionSteps.runs,
    Array.from({ length: count }, (_, group) => ({ job: { ...shared, first: group * perGroup } })),
    { priority: 2, summary: () => `${perGroup * count} runs of ${descent.steps} steps` },
  );
  return widthsSection(plan, prediction, measuredWidths(found, correlation), perGroup * count);
}

/** The phase diagram with the place of the data, for its slope as fitted and for that of the directions which training reaches. */
export async function phasesOfData(
  plan: Omit<RegressionPlan, 'train'>,
  run: StudyRun<Jobs>,
  prediction?: Pick<LinearPrediction, 'point' | 'reached'>,
): Promise<PhaseDiagram> {
  const { regressionSteps: steps, relativeStep, decays, ratios } = plan;
  const { point, reached } = prediction ?? {};
  const decay = Math.max(point?.decay ?? 1, flattestDecay(relativeStep * steps));
  const ratio = point?.ratio ?? 1;
  const grid = phaseGrid({
    decay,
    ratio,
    steps,
    relativeStep,
    points: plan.phasePoints,
    ...(decays === undefined ? {} : { decays }),
    ...(ratios === undefined ? {} : { ratios }),
  });
  const own = [...(point === undefined ? [] : [decay]), ...(reached === undefined ? [] : [reached.decay])];
  const rows = [...grid.rows, ...own.map((c) => phaseGridRow(c, Float64Array.of(ratio), relativeStep * steps))];
  const found = await run.jobs(
    regressionSteps.phase,
    rows.map((row) => ({ job: { kind: 'phase-rows' as const, row, steps, relativeStep }, weight: row.work })),
    { priority: 1, summary: () => `${grid.decays.length} × ${grid.ratios.length} points` },
  );
  return phaseSection(
    plan,
    grid,
    point && { point, reached, decay },
    found.map(({ explained3 }) => explained3),
  );
}

function usableWindow({ eigenvalues, noiseFloor }: RegressionSpectrumResult): { from: number; to: number } {
  const usable = eigenvalues.filter((value) => value > noiseFloor).length;
  const { from, to } = inputWindow(eigenvalues.length);
  // few features: the whole spectrum, as far as it is known
  return to - from < 8 || usable - from < 8 ? { from: 0, to: usable - 1 } : { from, to: Math.min(to, usable - 1) };
}
