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
  const sigma = mean / meanAbove(z);
  const mu = -z * sigma;
  const constant = -0.5 * log(2 * Math.PI) - log(sigma) - logNormalCdf(-z);
  return { mu, sigma, logs: excess.map((y) => constant - 0.5 * ((y - mu) / sigma) ** 2) };
}

/** E w of w = a standard normal above z, minus z: φ(z)/Φ(−z) − z, which is a continued fraction where the difference would cancel */
function meanAbove(z: number): number {
  if (z > LARGE) return 1 / (z + fraction(z));
  return exp(-0.5 * z * z - 0.5 * log(2 * Math.PI) - logNormalCdf(-z)) - z;
}

/** E w²/(E w)² of the same w */
function momentRatio(z: number): number {
  const first = meanAbove(z);
  // 1 − z E w is E w times the rest of the fraction
  return z > LARGE ? fraction(z) / first : (1 - z * first) / (first * first);
}

/** from here on 60 terms of the fraction are exact */
const LARGE = 8;

/** 2/(z + 3/(z + 4/(z + …))), by which Mills' ratio is 1/(z + 1/(z + fraction)) */
function fraction(z: number): number {
  let value = 0;
  for (let k = 60; k > 1; k--) value = k / (z + value);
  return value;
}
