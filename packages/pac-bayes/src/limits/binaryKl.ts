import { log } from '@hyperribbon/kernels';
import { requireLoss } from '../assumptions.js';
import { addDD, divideDD, logDD, multiplyDD, negateDD, oddSeries, subtractDD, twoSum } from './doubleDouble.js';
import type { DoubleDouble } from './doubleDouble.js';

/**
 * Divergence between coins: kl(q||p) = q ln(q/p) + (1 - q) ln((1 - q)/(1 - p)), in nats, 0 ln 0 = 0.
 *
 * Written as q phi(d/q) + (1 - q) phi(-d/(1 - q)) with d = p - q and phi(x) = x - ln(1 + x) >= 0: a sum of two terms
 * that are never negative, so nothing cancels where p is close to q. Correct to the last digit or the one before
 * (absolute 1e-308 for arguments among the subnormal numbers).
 * @param q in [0, 1]
 * @param p in [0, 1]
 * @returns nats, in [0, Infinity]
 * @throws AssumptionError if q or p is outside [0, 1] or NaN
 * @example binaryKl(0.1, 0.5) // 0.368...
 */
export function binaryKl(q: number, p: number): number {
  requireLoss('binaryKl', q, 'q');
  requireLoss('binaryKl', p, 'p');
  if (p === q) return 0;
  if (p === 0 || p === 1) return Infinity;
  return divergenceDD([q, 0], twoSum(1, -q), [p, 0], twoSum(1, -p), twoSum(p, -q))[0];
}

/**
 * w phi(d/w) = d - w ln(v/w) for v = w + d, in double-double; d itself if w = 0.
 *
 * For |d| <= w/4 by the series phi(x) = x s - 2 (s^3/3 + s^5/5 + ...), s = x/(2 + x): |s| <= 1/7, 20 terms leave 1e-34.
 */
export function divergenceTerm(w: DoubleDouble, v: DoubleDouble, d: DoubleDouble): DoubleDouble {
  if (w[0] === 0) return d;
  if (Math.abs(d[0]) > w[0] / 4) return subtractDD(d, multiplyDD(w, subtractDD(logDD(v), logDD(w))));
  const s = divideDD(d, addDD(addDD(w, w), d));
  const square = multiplyDD(s, s);
  const tail = multiplyDD(multiplyDD(s, square), oddSeries(square, 20, 3));
  return subtractDD(multiplyDD(d, s), multiplyDD(addDD(w, w), tail));
}

/** kl of the coin with sides (w, wc) from the coin with sides (v, vc), all given because 1 - p may not be a double; d = v - w. */
export function divergenceDD(
  w: DoubleDouble,
  wc: DoubleDouble,
  v: DoubleDouble,
  vc: DoubleDouble,
  d: DoubleDouble,
): DoubleDouble {
  return addDD(divergenceTerm(w, v, d), divergenceTerm(wc, vc, negateDD(d)));
}

/** w phi(d/w) in doubles, a few units in the last place: |s| <= 1/3 for -w/2 <= d <= w, where 17 terms leave 1e-17. */
export function divergenceTermNear(w: number, v: number, d: number): number {
  if (w === 0) return d;
  if (d < -w / 2 || d > w) return d - w * (log(v) - log(w));
  const s = d / (2 * w + d);
  const z = s * s;
  let tail = 1 / 35;
  for (let m = 33; m >= 3; m -= 2) tail = tail * z + 1 / m;
  return d * s - 2 * w * s * z * tail;
}
