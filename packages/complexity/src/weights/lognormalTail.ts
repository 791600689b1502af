import { exp, log, logNormalCdf } from '@hyperribbon/kernels';

/** A normal law of y ≥ 0, cut off at 0; `logs` are of its density at every y, absent where the best one is the exponential. */
export interface LognormalTail {
  readonly mu: number;
  readonly sigma: number;
  readonly logs?: Float64Array;
}

/** beyond this the cut-off normal law is exponential to 1e-4 in its moments */
const FARTHEST = 200;

/**
 * Maximum likelihood for density ∝ exp(−(y + z s)²/(2 s²)), y ≥ 0. Its first two moments must be those of the values; their ratio E y²/(E y)² depends on z
 * alone, rises from 1 to 2, and reaches 2 in the exponential limit: values whose ratio is 2 or more have their best law there.
 */
export function lognormalTail(excess: Float64Array, mean: number): LognormalTail {
  const square = excess.reduce((sum, y) => sum + y * y, 0) / excess.length;
  const wanted = square / (mean * mean);
  if (wanted >= momentRatio(FARTHEST)) return { mu: -Infinity, sigma: Infinity };
  let [low, high] = [-FARTHEST, FARTHEST];
  for (let i = 0; i < 100; i++) {
    const z = (low + high) / 2;
    if (momentRatio(z) < wanted) low = z;
    else high = z;
  }
  const z = (low + high) / 2;
  const sigma = mean / (hazard(z) - z);
  const mu = -z * sigma;
  const constant = -0.5 * log(2 * Math.PI) - log(sigma) - logNormalCdf(-z);
  return { mu, sigma, logs: excess.map((y) => constant - 0.5 * ((y - mu) / sigma) ** 2) };
}

/** φ(z)/Φ(−z) */
const hazard = (z: number): number => exp(-0.5 * z * z - 0.5 * log(2 * Math.PI) - logNormalCdf(-z));

/** E w²/(E w)² of w = a standard normal above z, minus z */
function momentRatio(z: number): number {
  const h = hazard(z);
  const first = h - z;
  return (1 - z * first) / (first * first);
}
