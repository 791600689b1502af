import { requirePositive } from '@hyperribbon/contract';
import { exp, log } from '@hyperribbon/kernels';

/** A member of a grid of limits, and what it costs. */
export interface GridPoint {
  /** the limit: the smallest grid point that is not below the number */
  readonly value: number;
  /** δ is divided by this for the member; over all members the sum of 1/members is at most 1 */
  readonly members: number;
}

/**
 * The limit on a norm that a union over the grid {0} ∪ {e^{k step}: k any integer} pays for.
 *
 * A theorem holds for one limit that was fixed before the sample was seen. Stated for all limits of the grid at once, with the share
 * δ/(3 (j + 1)(j + 2)) for the point k, where j = k for k ≥ 0 and −k − 1 below, and δ/3 for zero, it holds for the one that the trained norm calls for. No
 * range has to be declared, and points near 1 are cheap.
 *
 * @param value ≥ 0; NaN and ∞ are passed on
 * @param step > 0: limits are at most e^step times the norm
 * @example gridPoint(5, 0.1); // { value: 5.4739..., members: 1026 }
 * Source: ours; the argument is that of [bartlett2017, Lemma A.9].
 */
export function gridPoint(value: number, step: number): GridPoint {
  requirePositive('gridPoint', 'step', step);
  if (value === 0) return { value: 0, members: 3 };
  if (!(value > 0 && value < Infinity)) return { value, members: 1 };
  let k = Math.ceil(log(value) / step);
  // rounding of the quotient may leave the point below the number
  while (exp(k * step) < value) k++;
  const j = k >= 0 ? k : -k - 1;
  return { value: exp(k * step), members: 3 * (j + 1) * (j + 2) };
}

/** The same of a number given by its logarithm: products over layers overflow. */
export function logGridPoint(logValue: number, step: number): GridPoint {
  if (logValue === -Infinity) return { value: -Infinity, members: 3 };
  if (!(logValue < Infinity)) return { value: logValue, members: 1 };
  const k = Math.ceil(logValue / step);
  const j = k >= 0 ? k : -k - 1;
  return { value: Math.max(logValue, k * step), members: 3 * (j + 1) * (j + 2) };
}
