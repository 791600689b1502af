import { requireBetween, requireInteger, requireWithin } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import { binaryKl } from '../limits/binaryKl.js';
import { klInverseLower } from '../limits/klInverse.js';

/**
 * What fresh draws see: the largest recorded mean that they refuse with probability 1 - miss at least, if the risk of the posterior is `risk`.
 *
 * A verifier with N units refuses a mean q̂ of M units where the intervals of risks compatible with either, each side at level/4, do not meet. Its own mean
 * is at least m = kl⁻¹₋(e | ln(1/miss)/N) with probability 1 - miss, so it refuses every q̂ with
 *
 *     q̂ < r,  kl(q̂ ‖ r) > ln(4/level)/M,   r = kl⁻¹₋(m | ln(4/level)/N)
 *
 * For small risks that is e - q̂ above about √(2e/N) (√ln(1/miss) + √ln(4/level)) + √(2e/M) √ln(4/level).
 *
 * @param risk e of the posterior on the bound's examples, in [0, 1]
 * @param units N of the fresh draws
 * @param options `recorded` M, default N; `level` of the test, default 1e-6; `miss`, default 0.01
 * @returns a mean in [0, risk]; 0 where no smaller one is refused for certain
 * @throws ArgumentError for numbers out of range
 * @example detectableRisk(0.03, 100000) // 0.0228...
 */
export function detectableRisk(
  risk: number,
  units: number,
  {
    recorded = units,
    level = 1e-6,
    miss = 0.01,
  }: { readonly recorded?: number; readonly level?: number; readonly miss?: number } = {},
): number {
  const caller = 'detectableRisk';
  requireWithin(caller, 'risk', risk, 0, 1);
  requireInteger(caller, 'units', units, 1);
  requireInteger(caller, 'recorded', recorded, 1);
  requireBetween(caller, 'level', level, 0, 1);
  requireBetween(caller, 'miss', miss, 0, 1);
  const [side, rate] = [log(4 / level), log(4 / level) / recorded];
  const least = klInverseLower(klInverseLower(risk, log(1 / miss) / units), side / units);
  if (!(binaryKl(0, least) > rate)) return 0;
  let [low, high] = [0, least];
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (binaryKl(middle, least) > rate) low = middle;
    else high = middle;
  }
  return low;
}
