import {
  geometricBoundary,
  phaseSurface,
  plateauBoundary,
  type MeasuredWidths,
  type PhaseGrid,
  type RegressionRunsOptions,
} from '@hyperribbon/linear-dynamics';
import type { InputSpectrum, PhaseDiagram, PhasePoint, TrajectoryWidths } from '@hyperribbon/report';
import { decayFit } from '../jobs/decayFit.js';
import type { RegressionPredictionResult } from '../jobs/regressionPrediction.js';
import type { RegressionSpectrumResult } from '../jobs/regressionSpectrum.js';
import type { RegressionPlan, RibbonPlan } from './ribbonPlan.js';

/** The spectrum of a data set, and where its slope is measured. */
export interface LinearSpectrum extends RegressionSpectrumResult {
  readonly window: { readonly from: number; readonly to: number };
}

/** What the formulas say of a data set, and of which descent. */
export interface LinearPrediction extends RegressionPredictionResult {
  readonly descent: Pick<RegressionRunsOptions, 'learningRate' | 'steps' | 'initialScale' | 'deterministic'>;
}

/** The spectrum of the inputs with the slope of its window. */
export function inputSection(
  plan: Pick<RibbonPlan, 'train' | 'inputScale'>,
  { eigenvalues, noiseFloor, trace, window }: LinearSpectrum,
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

/** Widths predicted and measured, and by how much they differ. */
export function widthsSection(
  plan: RibbonPlan,
  { predicted, initialization, fromTarget, point, descent }: LinearPrediction,
  measured: MeasuredWidths,
  runs: number,
): TrajectoryWidths {
  const half = Math.ceil(plan.train.classes / 2);
  const range = (from: number, to: number): string => (from === to ? `class ${from}` : `classes ${from} to ${to}`);
  const errors = Array.from(predicted.slice(0, 10), (width, i) => Math.abs(measured.widths[i] - width));
  const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);
  return {
    examples: plan.train.count,
    steps: plan.regressionSteps,
    relativeStep: plan.relativeStep,
    runs,
    initialScale: descent.initialScale,
    target: `+1 for ${range(0, half - 1)}, −1 for ${range(half, plan.train.classes - 1)}`,
    seed: plan.seed,
    predicted: Array.from(predicted),
    initialization: Array.from(initialization),
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

/**
 * The diagram and the place of the data in it, where there are data.
 *
 * @param shares the variance in three directions: rows of the grid, then the data's row, then that of the slope which training reaches
 */
export function phaseSection(
  { regressionSteps: steps, relativeStep }: Pick<RegressionPlan, 'regressionSteps' | 'relativeStep'>,
  grid: PhaseGrid,
  data: (Pick<LinearPrediction, 'point' | 'reached'> & { readonly decay: number }) | undefined,
  shares: readonly Float64Array[],
): PhaseDiagram {
  const { decays, ratios } = grid;
  const surface = phaseSurface(grid, shares.slice(0, decays.length), 0.9);
  return {
    steps,
    relativeStep,
    decays: Array.from(decays),
    scaleRatios: Array.from(ratios),
    explained3: Array.from(surface.shares, share),
    boundaries: boundaries(grid, surface.crossings, relativeStep * steps),
    ...(data === undefined ? {} : placeOf(data, shares.slice(decays.length))),
  };
}

function boundaries({ decays, ratios }: PhaseGrid, found: Float64Array, horizon: number): PhaseDiagram['boundaries'] {
  const [lowest, highest] = [ratios[0], ratios[ratios.length - 1]];
  const crossings = Array.from(decays, (c, i) => ({ decay: c, scaleRatio: found[i] })).filter(({ scaleRatio }) =>
    Number.isFinite(scaleRatio),
  );
  const curve = (ratio: (c: number) => number): PhasePoint[] =>
    Array.from(decays, (c) => ({ decay: c, scaleRatio: ratio(c) })).filter(
      ({ scaleRatio }) => scaleRatio > lowest / 3 && scaleRatio < highest * 3,
    );
  return [
    { label: '90 % in three directions', kind: 'exact' as const, points: crossings },
    {
      label: 'three geometric widths',
      kind: 'scaling' as const,
      points: curve((c) => geometricBoundary({ decay: c, horizon, directions: 3 })),
    },
    { label: 'no plateau anywhere', kind: 'scaling' as const, points: curve(plateauBoundary) },
  ].filter(({ points }) => points.length > 1);
}

/** @param own shares of exponential spectra at the data's ratio: of its slope, and of the slope that training reaches */
function placeOf(
  { point, reached, decay }: Pick<LinearPrediction, 'point' | 'reached'> & { readonly decay: number },
  own: readonly Float64Array[],
): Pick<PhaseDiagram, 'point' | 'reached'> {
  const { criteria, slope, scales } = point;
  return {
    point: {
      decay,
      scaleRatio: point.ratio,
      window: { from: slope.from, to: slope.to },
      rSquared: slope.rSquared,
      explained3: share(criteria.explained[2] ?? 1),
      explained3OfFit: share(own[0][0]),
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
            explained3OfFit: share(own[1][0]),
          },
        }),
  };
}

/** Rounding must not make a share exceed 1. */
function share(x: number): number {
  return Math.min(1, Math.max(0, x));
}
