import {
  requireBetween,
  requireInteger,
  requireNoOthers,
  requireNonNegative,
  requirePositive,
} from '@hyperribbon/contract';
import { exp, log } from '@hyperribbon/kernels';
import { logSum } from '../bounds/logs.js';
import { asMeasure, type Outcome, reportedOf, undefinedFor } from './asMeasure.js';
import { logSquares } from './logNorm.js';
import type { Measure } from './measure.js';
import { kindOf } from './measureTable.js';
import type { WeightVectors } from './weightVectors.js';

/** A scale of perturbations that a network bears, σ or α, or why there is none. */
export interface Scale {
  readonly value: number;
  /** of the value, where it rests on draws */
  readonly standardError?: number | undefined;
  readonly undefinedBecause?: string | undefined;
  /** sentences for every measure made of it */
  readonly caveats?: readonly string[] | undefined;
}

export interface ScaleMeasureOptions {
  /** m, examples of the sample, integer ≥ 1 */
  readonly count: number;
  /** ε ≥ 0, default 1e-3 */
  readonly epsilon?: number;
  /** δ in (0, 1) of sharpness, default 0.1 */
  readonly delta?: number;
}

/**
 * Measures of flatness in the mean: pacbayes-init, -orig and -flatness of a scale σ of noise, or the magnitude-aware ones of a scale σ′.
 *
 * The last term is 10, as in the sources. The error bar follows from that of the scale.
 *
 * @param vectors w and w − w⁰ of {@link weightVectors}; without a reference what needs it is undefined
 * @param kind 'plain' for σ, 'magnitude' for σ′
 * @throws ArgumentError for options out of range
 * Source: [dziugaite2020, authors’ code]. Cost: a few logarithms per weight
 * @example
 * const vectors = { weights: Float64Array.of(3, 4), change: Float64Array.of(0, 1) };
 * pacBayesMeasures(vectors, { value: 0.5 }, 'plain', { count: 4 })[1].logValue; // ln(25/(4 · 0.25) + ln(4/0.5) + 10)
 */
export function pacBayesMeasures(
  vectors: WeightVectors,
  scale: Scale,
  kind: 'plain' | 'magnitude',
  options: ScaleMeasureOptions,
): Measure[] {
  const { count, epsilon } = settled('pacBayesMeasures', options);
  if (kind === 'plain')
    return measuresOf(
      plainFormulas(vectors, count, () => 0),
      'pacbayes',
      scale,
      count,
    );
  const added = (sigma: number): number => sigma * sigma + 1;
  return measuresOf(magnitudeFormulas(vectors, { count, epsilon, added }), 'pacbayes-mag', scale, count);
}

/**
 * Measures of flatness in the worst case, the same with a box of side α: what is divided by 4α² is multiplied by ln(2ω/δ), and α′² + 4 ln(2ω/δ) stands for σ′² + 1.
 * All are reconstructed from secondary code: whether the source has the factor ¼ is not known.
 *
 * @param kind 'plain' for α, 'magnitude' for α′
 * @throws ArgumentError for options out of range
 * Source: [jiang2020], from memory. Cost: a few logarithms per weight
 * @example
 * const vectors = { weights: Float64Array.of(3, 4), change: Float64Array.of(0, 1) };
 * sharpnessMeasures(vectors, { value: 0.5 }, 'plain', { count: 4 }).map(({ name }) => name);
 * // ['sharpness-init', 'sharpness-orig', 'sharpness-flatness']
 */
export function sharpnessMeasures(
  vectors: WeightVectors,
  scale: Scale,
  kind: 'plain' | 'magnitude',
  options: ScaleMeasureOptions,
): Measure[] {
  const { count, epsilon, delta } = settled('sharpnessMeasures', options);
  const confidence = log((2 * vectors.weights.length) / delta);
  if (kind === 'plain')
    return measuresOf(
      plainFormulas(vectors, count, () => log(confidence)),
      'sharpness',
      scale,
      count,
    );
  const added = (alpha: number): number => alpha * alpha + 4 * confidence;
  const { 'orig-own': _own, ...formulas } = magnitudeFormulas(vectors, { count, epsilon, added });
  return measuresOf(formulas, 'sharpness-mag', scale, count);
}

function settled(
  caller: string,
  { count, epsilon = 1e-3, delta = 0.1, ...others }: ScaleMeasureOptions,
): Required<ScaleMeasureOptions> {
  requireNoOthers(caller, others, 'ScaleMeasureOptions');
  requireInteger(caller, 'count', count, 1);
  requireNonNegative(caller, 'epsilon', epsilon);
  requireBetween(caller, 'delta', delta, 0, 1);
  return { count, epsilon, delta };
}

/** ln μ as a function of the scale, by the end of its name; absent where reference weights are wanted and not given. */
type Formulas = Readonly<Record<string, ((scale: number) => number) | undefined>>;

function plainFormulas({ weights, change }: WeightVectors, count: number, logFactor: () => number): Formulas {
  const along = (vector: Float64Array): ((scale: number) => number) => {
    const size = logSquares(vector) + logFactor();
    return (scale) => logSum([size - log(4) - 2 * log(scale), logOfRest(count, scale)]);
  };
  return { init: change && along(change), orig: along(weights), flatness: (scale) => -2 * log(scale) };
}

function logOfRest(count: number, scale: number): number {
  return log(log(count / scale) + 10);
}

interface MagnitudeSettings {
  readonly count: number;
  readonly epsilon: number;
  /** what ‖v‖²/ω is multiplied by, at a scale */
  readonly added: (scale: number) => number;
}

function magnitudeFormulas({ weights, change }: WeightVectors, { count, epsilon, added }: MagnitudeSettings): Formulas {
  const logFloor = 2 * log(epsilon);
  const sum = (along: Float64Array, below: Float64Array): ((scale: number) => number) => {
    const size = logSquares(along) - log(along.length);
    return (scale) => {
      const above = logSum([logFloor, log(added(scale)) + size]);
      const logScale = 2 * log(scale);
      let total = 0;
      for (let i = 0; i < below.length; i++) total += above - logFloored(below[i], scale, epsilon, logScale);
      return log(total / 4 + log(count / scale) + 10);
    };
  };
  return {
    init: change && sum(change, change),
    orig: change && sum(weights, change),
    'orig-own': sum(weights, weights),
    flatness: (scale) => -2 * log(scale),
  };
}

/** ln(ε² + σ² u²), without overflow of the square. */
function logFloored(u: number, scale: number, epsilon: number, logScale: number): number {
  const moved = scale * u;
  const sum = epsilon * epsilon + moved * moved;
  return sum < Infinity && sum > 1e-290 ? log(sum) : logSum([2 * log(epsilon), logScale + 2 * log(Math.abs(u))]);
}

const noReference = undefinedFor('no reference weights were given: hand in those at the start of training');

function measuresOf(formulas: Formulas, family: string, scale: Scale, count: number): Measure[] {
  return Object.entries(formulas).map(([end, formula]) => {
    const name = `${family}-${end}`;
    return asMeasure(name, outcomeOf(formula, scale, name, count), count);
  });
}

function outcomeOf(
  formula: ((scale: number) => number) | undefined,
  { value, standardError, undefinedBecause, caveats }: Scale,
  name: string,
  count: number,
): Outcome {
  if (undefinedBecause !== undefined) return undefinedFor(undefinedBecause);
  if (formula === undefined) return noReference;
  requirePositive(name, 'scale', value);
  const logValue = formula(value);
  if (Number.isNaN(logValue)) return undefinedFor('its value is negative or not a number: it has no logarithm');
  const { reportedIs } = kindOf(name);
  if (standardError === undefined) return { logValue, caveats };
  // the derivative of what is reported, by a difference at a hundredth of a percent
  const [less, more] = [-1e-4, 1e-4].map((h) => reportedOf(formula(value * exp(h)), reportedIs, count));
  return { logValue, caveats, standardError: (Math.abs(more - less) / (2e-4 * value)) * standardError };
}
