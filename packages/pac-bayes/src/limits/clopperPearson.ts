import { exp, log } from '@hyperribbon/kernels';
import { requireCount, requireDelta, requireThat } from '../assumptions.js';
import { binomialTails, logMass } from './binomialTail.js';
import { klInverseLower, klInverseUpper } from './klInverse.js';
import { roundDown, roundUp } from './rounding.js';

/**
 * Upper confidence limit on a probability: the p with P[Binomial(n, p) <= errors] = delta, rounded up.
 *
 * ln P[X <= k] is concave in p, so Newton from the Chernoff limit klInverseUpper(k/n, ln(1/delta)/n) approaches from
 * above; the result covers p with probability at least 1 - delta. [clopper1934], also called binomial tail inversion
 * [langford2005].
 * @param errors number of successes, 0..trials
 * @param trials number of independent 0-1 trials, >= 1
 * @param delta in (0, 1)
 * @returns in (0, 1], within 1e-12 of the exact limit and never below it
 * @throws AssumptionError for delta outside (0, 1) or counts that are not counts
 * @example clopperPearsonUpper(0, 10, 0.05) // 1 - 0.05^(1/10) = 0.2588...
 */
export function clopperPearsonUpper(errors: number, trials: number, delta: number): number {
  check('clopperPearsonUpper', errors, trials, delta);
  if (errors === trials) return 1;
  const start = klInverseUpper(errors / trials, -log(delta) / trials);
  const { p, uncertainty } = solve(log(delta), start, (p) => {
    const tail = binomialTails(trials, errors, p).logAtMost;
    return [tail, (-(trials - errors) * exp(logMass(trials, errors, p) - tail)) / (1 - p)];
  });
  return Math.min(1, roundUp(p + uncertainty, 4));
}

/**
 * Lower confidence limit: the p with P[Binomial(n, p) >= errors] = delta, rounded down; 0 for no errors.
 * @throws AssumptionError for delta outside (0, 1) or counts that are not counts
 * @example clopperPearsonLower(10, 10, 0.05) // 0.05^(1/10) = 0.7411...
 * Source: [clopper1934].
 */
export function clopperPearsonLower(errors: number, trials: number, delta: number): number {
  check('clopperPearsonLower', errors, trials, delta);
  if (errors === 0) return 0;
  const start = klInverseLower(errors / trials, -log(delta) / trials);
  const { p, uncertainty } = solve(log(delta), start, (p) => {
    const tail = binomialTails(trials, errors, p).logAtLeast;
    return [tail, (errors * exp(logMass(trials, errors, p) - tail)) / p];
  });
  return Math.max(0, roundDown(p - uncertainty, 4));
}

/** Newton for a tail's logarithm = target, and how far p may be off because the logarithm carries about 30 rounding errors. */
function solve(
  target: number,
  start: number,
  tailAndSlope: (p: number) => readonly [tail: number, slope: number],
): { readonly p: number; readonly uncertainty: number } {
  let [p, slope] = [start, 1];
  for (let i = 0; i < 100 && p > 0 && p < 1; i++) {
    const [tail, here] = tailAndSlope(p);
    slope = here;
    const step = (tail - target) / slope;
    p -= step;
    if (Math.abs(step) <= 1e-14 * p) break;
  }
  return { p, uncertainty: (30 * 2.220446049250313e-16 * (1 - target)) / Math.abs(slope) };
}

function check(name: string, errors: number, trials: number, delta: number): void {
  requireCount(name, 'trials', trials, 1);
  requireCount(name, 'errors', errors, 0);
  requireThat(errors <= trials, name, `errors at most trials=${trials}`, 'errors', errors);
  requireDelta(name, delta);
}
