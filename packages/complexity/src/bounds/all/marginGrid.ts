import { refuse, requirePositive } from '@hyperribbon/contract';
import { log, pow } from '@hyperribbon/kernels';
import type { NormBound } from '../bound.js';
import { logSum } from '../logs.js';

/**
 * Margins in geometric progression, largest last.
 *
 * @param range from > 0 to ≥ from
 * @param perOctave points between a margin and its double, default 2
 * @throws ArgumentError for limits that are not positive or in the wrong order
 * @example marginGrid({ from: 0.5, to: 2 }); // [0.5, 0.7071..., 1, 1.4142..., 2]
 */
export function marginGrid({ from, to }: { readonly from: number; readonly to: number }, perOctave = 2): Float64Array {
  requirePositive('marginGrid', 'from', from);
  requirePositive('marginGrid', 'perOctave', perOctave);
  if (!(to >= from && to < Infinity))
    refuse('marginGrid', `to must be finite and at least from, got from=${from}, to=${to}`);
  const octaves = (log(to) - log(from)) / log(2);
  // a last point that rounding alone would lose is kept
  const points = Math.floor(octaves * perOctave + 1e-9) + 1;
  return Float64Array.from({ length: points }, (_, i) => from * pow(2, i / perOctave));
}

/** Declared where nobody declares another: 2^−10 … 2^15 by factors of √2, 51 margins. */
export function defaultMargins(): Float64Array {
  return marginGrid({ from: 1 / 1024, to: 32768 });
}

/**
 * ln of a bound's value, empirical term and gap, also where the value overflows.
 *
 * @example logValueOf({ empirical: 0.5, logGap: 1000 }); // 1000
 */
export function logValueOf({ empirical, logGap }: Pick<NormBound, 'empirical' | 'logGap'>): number {
  return logSum([log(empirical), logGap]);
}

/**
 * A bound at the best of the margins that were declared; its share of δ pays for all of them.
 *
 * The best is the smallest value, where that is below 1. Where all are vacuous the value says nothing, and would fall for ever as γ grows and every example is
 * given up; then the smallest value counts among the margins at which the empirical term is at most half-way from its smallest to 1.
 *
 * @param margins at least one
 * @param at the bound at one margin
 * @throws ArgumentError for no margins
 * @example bestMargin([1, 2, 4], (margin) => trivialBound(network, sample, { margin })).margin; // 4
 */
export function bestMargin<B extends NormBound>(margins: ArrayLike<number>, at: (margin: number) => B): B {
  if (!(margins.length > 0)) refuse('bestMargin', 'margins are empty; declare at least one');
  const bounds = Array.from(margins, at);
  const useful = bounds.filter(({ vacuous }) => !vacuous);
  const least = bounds.reduce((smallest, { empirical }) => Math.min(smallest, empirical), 1);
  const kept = bounds.filter(({ empirical }) => empirical <= (1 + least) / 2);
  const among = [useful, kept, bounds].find((some) => some.length > 0)!;
  return among.reduce((best, bound) => (below(logValueOf(bound), logValueOf(best)) ? bound : best));
}

/** a < b with NaN above everything. */
export function below(a: number, b: number): boolean {
  return a < b || (Number.isNaN(b) && !Number.isNaN(a));
}
