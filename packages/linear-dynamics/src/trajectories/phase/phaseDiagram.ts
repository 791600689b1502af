import {
  type OnProgress,
  pacer,
  refuse,
  requireInteger,
  requireNonNegative,
  requirePositive,
  throwIfAborted,
} from '@hyperribbon/contract';
import { pow } from '@hyperribbon/kernels';
import { type Dynamics, eigenvaluesOf, type ResolvedDescent, resolveDescent } from '../descent.js';
import { decayModes } from '../spectra/decayModes.js';
import { inputSpectrumSlope } from '../spectra/inputSpectrumSlope.js';
import { type DiagramAxes, emptyDiagram, type PhaseDiagram, setFields } from './diagramParts.js';
import { ribbonCriteria } from './ribbonCriteria.js';
import { ribbonScales } from './ribbonScales.js';
import { defaultDimension, sloppyEigenvalues } from '../spectra/sloppyEigenvalues.js';
import { spectrumFamily } from '../spectra/spectrumFamily.js';
import { type TargetFactor, targetFactor } from '../targetFactor.js';
import { vectorOf } from '../../vectors.js';

/** A spectrum to use instead of model ones, such as that of a data set. */
export interface DiagramSpectrum {
  /** (d,) λ, ≥ 0 */
  readonly eigenvalues: ArrayLike<number>;
  /** (d,) direction of the target in the eigenbasis, scaled to mean square 1; default all ones */
  readonly coefficients?: ArrayLike<number>;
  /** slope to use in k* and k_c; default by inputSpectrumSlope */
  readonly decay?: number;
}

/** Axes of a phase diagram, what is the same in all of its cells, and which rows are wanted. */
export interface PhaseDiagramOptions {
  /** slopes c of model spectra e^(−c i) */
  readonly decays?: ArrayLike<number>;
  /** or one spectrum of one's own */
  readonly spectrum?: DiagramSpectrum;
  /** ρ = σ_⋆/σ_w ≥ 0 */
  readonly ratios: ArrayLike<number>;
  /** numbers of steps T */
  readonly steps: ArrayLike<number>;
  /** η λ₁, default 0.9 */
  readonly relativeStep?: number;
  /** p: 1 predictions (default), 0 weights */
  readonly exponent?: number;
  readonly dynamics?: Dynamics;
  /** d of model spectra; default max(20, ⌊40/c⌋) */
  readonly dimension?: number;
  /** largest eigenvalues to return per cell; default 10 */
  readonly count?: number;
  /** rows from (included) to `to` (excluded); a row is one pair (decay, T): row = decay index · |steps| + steps index. Default all */
  readonly rows?: { readonly from: number; readonly to: number };
  readonly signal?: AbortSignal;
  /** units: rows */
  readonly onProgress?: OnProgress;
}

/**
 * The ribbon criteria over (slope c, number of steps T) × ratio ρ: exact covariance, top eigenvalues and trace of every cell.
 *
 * Rows are independent: give each worker its own `rows` and put the parts together with joinPhaseDiagrams; the numbers do not depend on the split.
 * @throws ArgumentError for axes that do not fit, UnstableStepError for relativeStep ≥ 2, AbortError
 * Cost: per row one factorisation (d r² flops); per cell one eigenvalue problem of order about (L + 2)/c + 30.
 * Reconstruction following [mao2025].
 * @example
 * const { explained3 } = await phaseDiagram({ decays: [0.5, 1], ratios: [1, 10], steps: [100] });
 */
export async function phaseDiagram(options: PhaseDiagramOptions): Promise<PhaseDiagram> {
  const { exponent = 1, count = 10, signal, onProgress } = options;
  const axes = resolveAxes(options);
  const total = axes.decays.length * axes.steps.length;
  const { from, to } = options.rows ?? { from: 0, to: total };
  requireInteger('phaseDiagram', 'rows.to', to, 0, total);
  requireInteger('phaseDiagram', 'rows.from', from, 0, to);
  const diagram = emptyDiagram(axes, { from, to }, count, exponent);
  const pause = pacer();
  for (let row = from; row < to; row++) {
    throwIfAborted('phaseDiagram', signal);
    fillRow(diagram, row, options);
    onProgress?.({ done: row + 1 - from, of: to - from });
    await pause();
  }
  return diagram;
}

function resolveAxes(options: PhaseDiagramOptions): DiagramAxes {
  const caller = 'phaseDiagram';
  const { decays, spectrum, relativeStep = 0.9, exponent = 1, count = 10, dimension } = options;
  if ((decays === undefined) === (spectrum === undefined))
    refuse(caller, `give either decays or spectrum, not ${decays === undefined ? 'neither' : 'both'}`);
  requirePositive(caller, 'relativeStep', relativeStep);
  requireNonNegative(caller, 'exponent', exponent);
  requireInteger(caller, 'count', count, 3);
  if (dimension !== undefined) requireInteger(caller, 'dimension', dimension, count);
  const axis = (name: string, values: ArrayLike<number>): Float64Array => {
    const copy = vectorOf(caller, name, values, values.length);
    copy.forEach((value, i) => requireNonNegative(caller, `${name}[${i}]`, value));
    return copy;
  };
  const all = {
    decays: decays === undefined ? Float64Array.of(spectrumDecay(spectrum!)) : axis('decays', decays),
    steps: axis('steps', options.steps),
    ratios: axis('ratios', options.ratios),
  };
  all.decays.forEach((value, i) => {
    requirePositive(caller, `decays[${i}]`, value);
    if (dimension === undefined && decays !== undefined) defaultDimension(caller, value);
  });
  if (spectrum !== undefined) requireInteger(caller, 'count', count, 3, spectrum.eigenvalues.length);
  return all;
}

function spectrumDecay({ eigenvalues, decay }: DiagramSpectrum): number {
  return decay ?? inputSpectrumSlope(eigenvalues).decay;
}

function fillRow(diagram: PhaseDiagram, row: number, options: PhaseDiagramOptions): void {
  const { relativeStep = 0.9, dynamics = 'descent', dimension, spectrum } = options;
  const { decays, steps: allSteps, ratios, exponent, count } = diagram;
  const decay = decays[Math.floor(row / allSteps.length)];
  const steps = allSteps[row % allSteps.length];
  const { eigenvalues, coefficients } =
    spectrum === undefined ? modelSpectrum(decay, dimension) : ownSpectrum(spectrum);
  const largest = eigenvalues.reduce((a, b) => Math.max(a, b), 0);
  const learningRate = relativeStep / largest;
  const descent = resolveDescent('phaseDiagram', { eigenvalues, learningRate, steps, dynamics });
  const { diagonal, factor } = twoParts(descent, exponent, coefficients);
  const scales = (ratio: number): ReturnType<typeof ribbonScales> =>
    ribbonScales({ decay, ratio, horizon: relativeStep * steps, largest });
  const { plateauLength } = scales(1);
  const wanted = Math.min(eigenvalues.length, Math.max(count, Math.floor(plateauLength)));
  const maxRatio = ratios.reduce((a, b) => Math.max(a, b), 0);
  const family = spectrumFamily(diagonal, factor, { count: wanted, largest: maxRatio * maxRatio });
  const at = row - diagram.rows.from;
  setFields(diagram, at, { initializationTrace: family.at(0).trace, plateauLength, order: family.order });
  for (let column = 0; column < ratios.length; column++) {
    const square = ratios[column] * ratios[column];
    const cell = at * ratios.length + column;
    const { eigenvalues: values, trace, squareNorm } = family.at(square);
    // rounding of zeros: eigenvalues of a covariance
    for (let i = 0; i < values.length; i++) values[i] = Math.max(0, values[i]);
    const criteria = ribbonCriteria(values, { trace, squareNorm, plateauLength });
    const [explained1, explained2, explained3] = criteria.explained;
    const { participationRatio, slope, rSquared, plateauRatio } = criteria;
    const shares = { explained1, explained2, explained3, participationRatio, slope, rSquared, plateauRatio };
    const { directionsAbove } = scales(ratios[column]);
    diagram.eigenvalues.set(values.subarray(0, count), cell * count);
    setFields(diagram, cell, { ...shares, directionsAbove, targetTrace: square * factor.trace });
  }
}

/** The two parts of the covariance at ρ = 1: the initialisation's diagonal, and the factor of the target's. */
export function twoParts(
  descent: ResolvedDescent,
  exponent: number,
  coefficients: Float64Array = new Float64Array(descent.eigenvalues.length).fill(1),
): { readonly diagonal: Float64Array; readonly factor: TargetFactor } {
  const modes = decayModes(descent);
  const weights = descent.eigenvalues.map((value) => pow(value, exponent));
  const diagonal = weights.map((weight, i) => weight * modes.meanSquare[i]);
  const scaled = coefficients.map((b, i) => b * Math.sqrt(weights[i]));
  return { diagonal, factor: targetFactor(modes, scaled) };
}

/** Coefficients that are missing are all 1. */
interface Spectrum {
  readonly eigenvalues: Float64Array;
  readonly coefficients?: Float64Array;
}

function modelSpectrum(decay: number, dimension: number | undefined): Spectrum {
  return { eigenvalues: sloppyEigenvalues(decay, { dimension: dimension ?? defaultDimension('phaseDiagram', decay) }) };
}

function ownSpectrum({ eigenvalues, coefficients }: DiagramSpectrum): Spectrum {
  const values = eigenvaluesOf('phaseDiagram', eigenvalues);
  if (coefficients === undefined) return { eigenvalues: values };
  const b = vectorOf('phaseDiagram', 'spectrum.coefficients', coefficients, values.length);
  const meanSquare = b.reduce((sum, value) => sum + value * value, 0) / b.length;
  if (!(meanSquare > 0)) refuse('phaseDiagram', 'spectrum.coefficients must not all be 0');
  return { eigenvalues: values, coefficients: b.map((value) => value / Math.sqrt(meanSquare)) };
}
