import { refuse, requireFloatArray } from '@hyperribbon/contract';
import { erfc, log } from '@hyperribbon/kernels';
import { lognormalTail } from './lognormalTail.js';
import { truncatedTail } from './truncatedTail.js';

/** Another law for the same tail, beside the power law. */
export interface TailAlternative {
  readonly law: 'lognormal' | 'truncated power law';
  /** sum of ln(power law/other) over the tail: positive speaks for the power law */
  readonly ratio: number;
  /** ratio/√(n var): of Vuong's test; 0 where the laws are the same */
  readonly normalised: number;
  /** two-sided p: how likely so large a ratio is if both laws are as near to the truth. For the truncated law, which contains the power law, that of the
   * likelihood ratio test with one degree of freedom, which is on the safe side since the parameter lies on the edge of its range */
  readonly p: number;
  /** the best law of this kind is the power law itself */
  readonly same: boolean;
  /** lognormal: mu and sigma of ln x; truncated: its exponent and the rate of its exponential */
  readonly parameters: readonly [number, number];
}

/**
 * A lognormal law and a power law with an exponential cut-off, fitted to the tail from xmin on by maximum likelihood, against the power law.
 *
 * Both contain the power law as a limit. Where the best of their kind is that limit, the ratio is 0 and p is 1.
 *
 * @param values finite, in any order @param xmin where the tail begins; at least two values from there on that are not all equal
 * @throws ArgumentError for tails of fewer than two different values
 * Cost: some thousand sums for the lognormal law, 10 ms of quadrature for the other
 * Source: [vuong1989]; [clauset2009, §5, app. C]
 * @example
 * const x = Float64Array.from({ length: 200 }, (_, i) => Math.exp(0.3 * Math.sqrt(-2 * Math.log((i + 0.5) / 200)))); // no power law
 * const [lognormal] = tailAlternatives(x, 1);
 * lognormal.ratio < 0; // true: the lognormal law is nearer
 */
export function tailAlternatives(values: Float64Array, xmin: number): readonly TailAlternative[] {
  requireFloatArray('tailAlternatives', 'values', values);
  if (!(xmin > 0)) refuse('tailAlternatives', `xmin must be positive, got ${xmin}`);
  const excess = values.filter((x) => x >= xmin).map((x) => log(x / xmin));
  const mean = excess.reduce((sum, y) => sum + y, 0) / excess.length;
  if (!(excess.length >= 2 && mean > 0 && Number.isFinite(mean)))
    refuse('tailAlternatives', `needs at least two different values from xmin = ${xmin} on, got ${excess.length}`);
  const power = excess.map((y) => -log(mean) - y / mean);
  const lognormal = lognormalTail(excess, mean);
  const truncated = truncatedTail(excess, mean);
  return [
    compared('lognormal', power, lognormal.logs, [lognormal.mu + log(xmin), lognormal.sigma]),
    compared('truncated power law', power, truncated.logs, [1 + truncated.a, truncated.c / xmin]),
  ];
}

function compared(
  law: TailAlternative['law'],
  power: Float64Array,
  other: Float64Array | undefined,
  parameters: readonly [number, number],
): TailAlternative {
  if (other === undefined) return { law, ratio: 0, normalised: 0, p: 1, same: true, parameters };
  const n = power.length;
  const differences = power.map((l, i) => l - other[i]);
  const ratio = differences.reduce((sum, d) => sum + d, 0);
  const spread = Math.sqrt(differences.reduce((sum, d) => sum + (d - ratio / n) ** 2, 0));
  const normalised = spread > 0 ? ratio / spread : 0;
  const p = law === 'lognormal' ? erfc(Math.abs(normalised) / Math.SQRT2) : erfc(Math.sqrt(Math.max(0, -ratio)));
  return { law, ratio, normalised, p, same: false, parameters };
}
