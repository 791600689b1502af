import { exp, log } from '@hyperribbon/kernels';
import { geometricBoundary, plateauBoundary } from '@hyperribbon/linear-dynamics';
import type { InputSpectrum, PhasePoint, PhaseSection, WidthsSection } from '@hyperribbon/report';
import { UsageError } from '../usageError.js';
import { decayFit, inputWindow } from '../analysis/decayFit.js';
import type { PhaseRowsJob } from '../jobs/phaseRows.js';
import type { RegressionPredictionJob, RegressionPredictionResult } from '../jobs/regressionPrediction.js';
import type { RegressionRunsJob } from '../jobs/regressionRuns.js';
import type { RegressionSpectrumJob, RegressionSpectrumResult } from '../jobs/regressionSpectrum.js';
import type { GroupedJob, JobGroups } from './jobGroups.js';
import { measuredWidths, type MeasuredWidths } from './measuredWidths.js';
import { relativeStep, type RibbonPlan } from './ribbonPlan.js';

export const regressionSteps = {
  spectrum: 'input spectrum',
  prediction: 'closed form of linear regression',
  runs: 'simulated linear regression',
  phase: 'phase diagram',
} as const;

/** Widths that are predicted and measured. */
const widthCount = 30;

/** The part of a study that formulas predict; sections are handed over as they are finished. */
export interface LinearSections {
  inputSpectrum?: InputSpectrum;
  widths?: WidthsSection;
  phase?: PhaseSection;
}

/** What the formulas need of a data set. */
export interface LinearPrediction {
  readonly descent: Descent;
  readonly spectrum: RegressionSpectrumResult;
  readonly prediction: RegressionPredictionResult;
}

/** Spectrum of the inputs and the closed form: short steps, each on one thread, that everything else waits for. */
export async function predictLinear(
  plan: RibbonPlan,
  groups: JobGroups,
  out: LinearSections,
): Promise<LinearPrediction> {
  const [spectrum] = await groups.run<RegressionSpectrumJob>(
    regressionSteps.spectrum,
    [{ job: { kind: 'regression-spectrum', examples: plan.train }, weight: 1 }],
    { priority: 3, summary: ([{ eigenvalues }]) => `λ₁ = ${eigenvalues[0].toPrecision(4)} of ${eigenvalues.length}` },
  );
  const window = usableWindow(spectrum);
  if (window.to - window.from < 2) {
    throw new UsageError(
      `--data: the training inputs span only ${window.to + 1} direction${window.to === 0 ? '' : 's'}; a slope of their spectrum needs three`,
    );
  }
  out.inputSpectrum = inputSection(plan, spectrum, window);
  const { steps } = plan.regression;
  const shared = {
    learningRate: relativeStep / spectrum.eigenvalues[0],
    steps,
    // the spread of the default initial weights, uniform on ±1/√d
    initialScale: 1 / Math.sqrt(3 * plan.train.features),
    deterministic: plan.deterministic,
  };
  const [prediction] = await groups.run<RegressionPredictionJob>(
    regressionSteps.prediction,
    [
      {
        job: {
          ...shared,
          kind: 'regression-prediction',
          eigenvalues: spectrum.eigenvalues,
          vectors: spectrum.vectors,
          target: spectrum.target,
          window,
          count: widthCount,
        },
        weight: 1,
      },
    ],
    {
      priority: 3,
      summary: ([{ point }]) =>
        `three directions hold ${(100 * point.criteria.explained[2]).toFixed(1)} % of the variance`,
    },
  );
  return { descent: shared, spectrum, prediction };
}

/** Simulated runs against the closed form, and the phase diagram with the place of the data. */
export async function compareLinear(
  plan: RibbonPlan,
  groups: JobGroups,
  { descent, spectrum, prediction }: LinearPrediction,
  out: LinearSections,
): Promise<void> {
  const simulated = simulate(plan, groups, descent, spectrum, prediction).then((section) => {
    out.widths = section;
  });
  const phase = phaseSection(plan, groups, prediction).then((section) => {
    out.phase = section;
  });
  const results = await Promise.allSettled([simulated, phase]);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

type Descent = Pick<RegressionRunsJob, 'learningRate' | 'steps' | 'initialScale' | 'deterministic'>;

async function simulate(
  plan: RibbonPlan,
  groups: JobGroups,
  shared: Descent,
  { correlation, pull }: RegressionSpectrumResult,
  prediction: RegressionPredictionResult,
): Promise<WidthsSection> {
  const { runs, groups: count } = plan.regression;
  const perGroup = Math.ceil(runs / count);
  const found = await groups.run<RegressionRunsJob>(
    regressionSteps.runs,
    Array.from({ length: count }, (_, group) => ({
      job: {
        ...shared,
        kind: 'regression-runs',
        correlation,
        pull,
        axes: prediction.axes,
        seed: plan.seed,
        first: group * perGroup,
        runs: perGroup,
      },
      weight: 1,
    })),
    { priority: 2, summary: () => `${perGroup * count} runs of ${shared.steps} steps` },
  );
  const measured = measuredWidths(found, correlation, prediction.predicted.length);
  return widthsSection(plan, prediction, measured, perGroup * count, shared.initialScale);
}

function usableWindow({ eigenvalues, noiseFloor }: RegressionSpectrumResult): { from: number; to: number } {
  const usable = eigenvalues.filter((value) => value > noiseFloor).length;
  const { from, to } = inputWindow(eigenvalues.length);
  // few features: the whole spectrum, as far as it is known
  return to - from < 8 || usable - from < 8 ? { from: 0, to: usable - 1 } : { from, to: Math.min(to, usable - 1) };
}

function inputSection(
  plan: RibbonPlan,
  { eigenvalues, noiseFloor, trace }: RegressionSpectrumResult,
  window: { readonly from: number; readonly to: number },
): InputSpectrum {
  const fit = decayFit(eigenvalues, { ...window, floor: noiseFloor });
  const scaled = plan.inputScale === 1 ? '' : `, inputs × ${plan.inputScale.toPrecision(4)}`;
  return {
    description: `uncentred correlation matrix XᵀX/n of the inputs${scaled}`,
    examples: plan.train.count,
    eigenvalues: Array.from(eigenvalues),
    noiseFloor,
    trace,
    ...(fit ? { fit } : {}),
  };
}

function widthsSection(
  plan: RibbonPlan,
  { predicted, initialisation, fromTarget, point }: RegressionPredictionResult,
  measured: MeasuredWidths,
  runs: number,
  initialScale: number,
): WidthsSection {
  const half = Math.ceil(plan.train.classes / 2);
  const range = (from: number, to: number): string => (from === to ? `class ${from}` : `classes ${from} to ${to}`);
  const errors = Array.from(predicted.slice(0, 10), (width, i) => Math.abs(measured.widths[i] - width));
  const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);
  return {
    examples: plan.train.count,
    steps: plan.regression.steps,
    relativeStep,
    runs,
    initialScale,
    target: `+1 for ${range(0, half - 1)}, −1 for ${range(half, plan.train.classes - 1)}`,
    seed: plan.seed,
    predicted: Array.from(predicted),
    initialisation: Array.from(initialisation),
    fromTarget: Array.from(fromTarget),
    measured: Array.from(measured.widths),
    standardErrors: Array.from(measured.standardErrors),
    largestError: largest(errors.map((error, i) => error / predicted[i])),
    largestErrorInStandardErrors: largest(
      errors.map((error, i) => (measured.standardErrors[i] > 0 ? error / measured.standardErrors[i] : 0)),
    ),
    explained3: { predicted: share(point.criteria.explained[2] ?? 1), measured: share(measured.explained3) },
  };
}

/** Rounding must not make a share exceed 1. */
function share(x: number): number {
  return Math.min(1, Math.max(0, x));
}

/**
 * The diagram around the data's point. Slow decays mean large eigenvalue problems: there every fourth ratio is computed and the share of
 * variance, which is smooth and monotone in ρ, interpolated between.
 */
async function phaseSection(
  plan: RibbonPlan,
  groups: JobGroups,
  { point, reached }: RegressionPredictionResult,
): Promise<PhaseSection> {
  const { steps } = plan.regression;
  const decay = Math.max(point.decay, 1e-3);
  const decays = geometric(Math.min(0.1, 0.8 * decay), Math.max(4, 2 * decay), plan.phasePoints);
  const scaleRatios = geometric(Math.min(0.1, point.ratio / 3), Math.max(1000, 3 * point.ratio), plan.phasePoints);
  // directions with 2 η λ T < 1e-4 hold less than that part of the plateau each
  const dimension = (c: number): number =>
    Math.max(20, Math.min(2000, Math.ceil((log(2 * relativeStep * steps) + 9) / c)));
  const row = (c: number, ratios: Float64Array): GroupedJob<PhaseRowsJob> => ({
    job: {
      kind: 'phase-rows',
      decays: Float64Array.of(c),
      ratios,
      steps,
      relativeStep,
      dimension: dimension(c),
      rows: { from: 0, to: 1 },
    },
    weight: ratios.length * (1 + (0.12 / c) ** 3),
  });
  const nodes = Array.from(decays, (c) => gridNodes(scaleRatios, c < 0.06 ? 4 : 1));
  const own = [decay, ...(reached === undefined ? [] : [reached.decay])];
  const jobs = [
    ...Array.from(decays, (c, i) => row(c, nodes[i])),
    ...own.map((c) => row(c, Float64Array.of(point.ratio))),
  ];
  const rows = await groups.run<PhaseRowsJob>(regressionSteps.phase, jobs, {
    priority: 1,
    summary: () => `${decays.length} × ${scaleRatios.length} points`,
  });
  const explained = Array.from(decays, (_, i) => interpolated(nodes[i], rows[i].explained3, scaleRatios));
  const horizon = relativeStep * steps;
  const crossings = Array.from(decays, (c, i) => ({
    decay: c,
    scaleRatio: crossing(nodes[i], rows[i].explained3, 0.9),
  })).filter(({ scaleRatio }) => Number.isFinite(scaleRatio));
  const [lowest, highest] = [scaleRatios[0], scaleRatios[scaleRatios.length - 1]];
  const curve = (ratio: (c: number) => number): PhasePoint[] =>
    Array.from(decays, (c) => ({ decay: c, scaleRatio: ratio(c) })).filter(
      ({ scaleRatio }) => scaleRatio > lowest / 3 && scaleRatio < highest * 3,
    );
  const { criteria, slope, scales } = point;
  return {
    steps,
    relativeStep,
    decays: Array.from(decays),
    scaleRatios: Array.from(scaleRatios),
    explained3: explained.flat().map(share),
    boundaries: [
      { label: '90 % in three directions', kind: 'exact' as const, points: crossings },
      {
        label: 'three geometric widths',
        kind: 'scaling' as const,
        points: curve((c) => geometricBoundary({ decay: c, horizon, directions: 3 })),
      },
      { label: 'no plateau anywhere', kind: 'scaling' as const, points: curve(plateauBoundary) },
    ].filter(({ points }) => points.length > 1),
    point: {
      decay,
      scaleRatio: point.ratio,
      window: { from: slope.from, to: slope.to },
      rSquared: slope.rSquared,
      explained3: share(criteria.explained[2] ?? 1),
      explained3OfFit: share(rows[decays.length].explained3[0]),
      participationRatio: criteria.participationRatio,
      targetDirections: scales.directionsAbove,
      learnedDirections: point.learnedDirections,
    },
    ...(reached === undefined
      ? {}
      : {
          reached: {
            decay: reached.decay,
            scaleRatio: point.ratio,
            window: { from: reached.from, to: reached.to },
            rSquared: reached.rSquared,
            explained3OfFit: share(rows[decays.length + 1].explained3[0]),
          },
        }),
  };
}

function geometric(low: number, high: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => low * exp((log(high / low) * i) / (count - 1)));
}

/** Every `stride`-th value, and the last. */
function gridNodes(values: Float64Array, stride: number): Float64Array {
  return values.filter((_, i) => i % stride === 0 || i === values.length - 1);
}

/** Linear in ln ρ between the nodes. */
function interpolated(nodes: Float64Array, values: Float64Array, at: Float64Array): number[] {
  let k = 0;
  return Array.from(at, (ratio) => {
    while (k < nodes.length - 2 && nodes[k + 1] < ratio) k++;
    const t = log(ratio / nodes[k]) / log(nodes[k + 1] / nodes[k]);
    return values[k] + Math.min(1, Math.max(0, t)) * (values[k + 1] - values[k]);
  });
}

/** Where a share that rises with ρ passes a level, linear in ln ρ between the nodes; NaN where it does not. */
function crossing(nodes: Float64Array, values: Float64Array, level: number): number {
  const k = values.findIndex((value) => value >= level);
  if (k < 1) return NaN;
  const t = (level - values[k - 1]) / (values[k] - values[k - 1]);
  return nodes[k - 1] * exp(t * log(nodes[k] / nodes[k - 1]));
}
