import { refuse } from '@hyperribbon/contract';
import { type CloudOptions, resolveCloud, targetLengths } from '../cloud.js';
import { inputSpectrumSlope, type SlopeOptions, type SpectrumSlope } from '../spectra/inputSpectrumSlope.js';
import { type PredictedWidths, predictedWidths } from '../predictedWidths.js';
import { type RibbonCriteria, ribbonCriteria } from './ribbonCriteria.js';
import { geometricBoundary, plateauBoundary, type RibbonScales, ribbonScales } from './ribbonScales.js';

/** A cloud, and how its slope is measured. */
export interface PhasePointOptions extends CloudOptions {
  /** how to find the slope of the spectrum; default: over the directions that training reaches, where they are at least five */
  readonly slope?: SlopeOptions;
  /** widths to return; default 20 */
  readonly count?: number;
}

/** directions that a slope of its own takes */
const FEWEST = 5;

/** Where a data set with its target, initialisation and training time lies on the phase diagram. */
export interface PhasePoint {
  readonly status: 'reconstruction';
  /** c, with the window it was measured on: unless told, the directions that training reaches, 2 η λᵢ T > 1 */
  readonly slope: SpectrumSlope;
  /** the longest straight stretch of the spectrum, which may lie where training never comes: another c, for comparison */
  readonly straightest: SpectrumSlope;
  readonly decay: number;
  /** ρ in predictions: root of Σ λ b²/(σ_w² Σ λ), over all outputs; Infinity when σ_w = 0 */
  readonly ratio: number;
  /** ρ in weights: root of Σ b²/(d C σ_w²) */
  readonly weightRatio: number;
  readonly steps: number;
  /** η λ₁ */
  readonly relativeStep: number;
  /** η λ₁ T */
  readonly horizon: number;
  /** asymptotic k*, k_c, plateau and rate from c, ρ and T alone */
  readonly scales: RibbonScales;
  /** directions with 2 η λᵢ T > 1, counted on the spectrum itself: what k* estimates */
  readonly learnedDirections: number;
  /** ρ of the two asymptotic boundaries at this c and T: three geometric widths, and no plateau */
  readonly boundaries: { readonly threeGeometric: number; readonly noPlateau: number };
  /** exact widths for this spectrum and target, and the criteria on them */
  readonly widths: PredictedWidths;
  readonly criteria: RibbonCriteria;
}

/**
 * The phase point of a data set: its three controls (slope c, ratio ρ, steps T), and the exact widths of its trajectories with all ribbon criteria.
 *
 * The slope that matters is that of the directions which training reaches: k*, k_c and the rate count those. Real spectra are often straightest far below
 * them (MNIST, 1000 examples, T = 150: training reaches 56 directions, the longest straight stretch is 85..453 with another slope).
 *
 * Give the spectrum and the target by regressionSpectrum. For random targets ρ is σ_⋆/σ_w.
 * @throws ArgumentError for numbers that do not fit (a spectrum with fewer than three usable eigenvalues has no slope), UnstableStepError
 * Reconstruction following [mao2025].
 * @example
 * const eigenvalues = [1, 0.5, 0.25, 0.125, 0.0625];
 * phasePoint({ eigenvalues, target: [1, 1, 1, 1, 1], initialScale: 0.1, learningRate: 0.9, steps: 100 }).ratio // 10
 */
export function phasePoint({ slope: slopeOptions, count = 20, ...options }: PhasePointOptions): PhasePoint {
  const cloud = resolveCloud('phasePoint', options);
  const { eigenvalues, learningRate, steps } = cloud.descent;
  const straightest = inputSpectrumSlope(eigenvalues);
  const learnedDirections = eigenvalues.filter((value) => 2 * value * learningRate * steps > 1).length;
  const reached = Math.min(learnedDirections, straightest.usable);
  const slope =
    slopeOptions === undefined && reached >= FEWEST
      ? inputSpectrumSlope(eigenvalues, { window: { from: 0, to: reached - 1 } })
      : inputSpectrumSlope(eigenvalues, slopeOptions);
  const largest = eigenvalues.reduce((a, b) => Math.max(a, b), 0);
  const lengths =
    cloud.target === undefined
      ? eigenvalues.map(() => cloud.targetScale * Math.sqrt(cloud.outputs))
      : targetLengths(cloud.target, cloud.outputs);
  let [signal, noise, square] = [0, 0, 0];
  eigenvalues.forEach((value, i) => {
    signal += value * lengths[i] * lengths[i];
    noise += value * cloud.outputs;
    square += lengths[i] * lengths[i];
  });
  if (signal === 0 && cloud.initialScale === 0) {
    refuse('phasePoint', 'nothing moves: target and initialScale are both 0; give one of them');
  }
  const ratio = Math.sqrt(signal / noise) / cloud.initialScale;
  const horizon = learningRate * largest * steps;
  const { decay } = slope;
  const finite = Number.isFinite(ratio) ? ratio : Number.MAX_VALUE;
  const scales = ribbonScales({ decay, ratio: finite, horizon, initialScale: cloud.initialScale, largest });
  const widths = predictedWidths({
    ...options,
    count: Math.max(count, Math.min(eigenvalues.length, Math.floor(scales.plateauLength))),
  });
  const { trace, squareNorm } = widths;
  const variances = widths.eigenvalues.map((value) => Math.max(0, value));
  const criteria = ribbonCriteria(variances, { trace, squareNorm, plateauLength: scales.plateauLength });
  return {
    status: 'reconstruction',
    slope,
    straightest,
    decay,
    ratio,
    weightRatio: Math.sqrt(square / (eigenvalues.length * cloud.outputs)) / cloud.initialScale,
    steps,
    relativeStep: learningRate * largest,
    horizon,
    scales,
    learnedDirections,
    boundaries: {
      threeGeometric: geometricBoundary({ decay, horizon, directions: 3 }),
      noPlateau: plateauBoundary(decay),
    },
    widths: { ...widths, widths: widths.widths.slice(0, count), eigenvalues: widths.eigenvalues.slice(0, count) },
    criteria,
  };
}
