import { refuse, requireFiniteEntries, requireInteger, requireOneOf, requirePositive } from '@hyperribbon/contract';
import { exp, log } from '@hyperribbon/kernels';

/**
 * How low the ranks of a deep network of least norm must be: the harmonic mean over its layers of ‖W‖_F/‖W‖₂ is at most
 *
 *     fit:     B^(k/k′)                            (it fits the labels)
 *     margin:  √2 (B/√2)^(k/k′) √((k′ + 1)/k′)     (it classifies with margin 1)
 *
 * where some network of depth k with ‖W_i‖_F ≤ B does so, and k′ > k is the depth of the network of least norm that does. As k′ grows the
 * limit goes to 1 and √2: most layers are nearly of rank one. {@link harmonicMean} of the `stableRoot`s of the layers is what it limits.
 *
 * @param bound B > 0
 * @param depth k, integer ≥ 1
 * @param deeper k′, integer > k
 * @throws ArgumentError for numbers out of range
 * @example deepRankLimit({ bound: 2, depth: 2, deeper: 10 }, 'fit'); // 1.1487
 * Source: [timor2023, Theorem 4] and [timor2023, Theorem 5], both for networks of rectifiers.
 */
export function deepRankLimit(
  { bound, depth, deeper }: { readonly bound: number; readonly depth: number; readonly deeper: number },
  problem: 'fit' | 'margin',
): number {
  requireOneOf('deepRankLimit', 'problem', problem, ['fit', 'margin']);
  requirePositive('deepRankLimit', 'bound', bound);
  requireInteger('deepRankLimit', 'depth', depth, 1);
  requireInteger('deepRankLimit', 'deeper', deeper, depth + 1);
  const share = depth / deeper;
  if (problem === 'fit') return exp(share * log(bound));
  return Math.SQRT2 * exp(share * (log(bound) - log(2) / 2)) * Math.sqrt((deeper + 1) / deeper);
}

/**
 * n/Σ(1/xᵢ), of the roots of the stable ranks of a network's layers what the theorems on deep networks limit.
 *
 * @param values (n,) > 0, at least one
 * @throws ArgumentError for values that are not
 * @example harmonicMean([1, 2]); // 1.333…
 */
export function harmonicMean(values: ArrayLike<number>): number {
  requireFiniteEntries('harmonicMean', 'values', values);
  if (values.length === 0) refuse('harmonicMean', 'values must not be empty, got none');
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    if (!(values[i] > 0))
      refuse('harmonicMean', `values must be > 0, got ${values[i]} at ${i}; leave out layers of zeros`);
    sum += 1 / values[i];
  }
  return values.length / sum;
}
