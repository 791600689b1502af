import { exp, expm1, log, log1p } from '@hyperribbon/kernels';
import { requireCount, requireLoss, requireThat } from '../assumptions.js';
import { divergenceTerm } from './binaryKl.js';
import { addDD, divideDD, logDD, multiplyDD, negateDD, subtractDD, twoProduct } from './doubleDouble.js';
import type { DoubleDouble } from './doubleDouble.js';

/** ln P[X <= k] and ln P[X >= k]. */
export interface BinomialTails {
  readonly logAtMost: number;
  readonly logAtLeast: number;
}

/**
 * Logarithms of both tails of X ~ Binomial(n, p) at k, with 1e-12 relative accuracy down to exp(-1e6) and beyond.
 *
 * ln pmf(k) = -n kl(k/n||p) + Stirling corrections [loader2000], the divergence in double-double; the shorter tail is
 * pmf(k) times a sum of products, also in double-double; the other one is ln(1 - shorter tail + pmf(k)).
 * @param n number of trials, >= 1
 * @param k in 0..n
 * @param p in [0, 1]
 * @throws AssumptionError for anything else
 * @example binomialTails(10, 0, 0.5).logAtMost // -6.931...
 * Cost: about 10 sqrt(n p (1 - p)) terms, a microsecond each.
 */
export function binomialTails(n: number, k: number, p: number): BinomialTails {
  requireCount('binomialTails', 'n', n, 1);
  requireCount('binomialTails', 'k', k, 0);
  requireThat(k <= n, 'binomialTails', `k at most n=${n}`, 'k', k);
  requireLoss('binomialTails', p, 'p');
  if (p === 0) return { logAtMost: 0, logAtLeast: k === 0 ? 0 : -Infinity };
  if (p === 1) return { logAtMost: k === n ? 0 : -Infinity, logAtLeast: 0 };
  const mass = logMass(n, k, p);
  if (k + 1 > p * (n + 1)) {
    const logAtLeast = mass + log(tailRatio(n, k, p, 1 - p));
    return { logAtLeast: Math.min(0, logAtLeast), logAtMost: logComplement(logAtLeast, mass) };
  }
  const logAtMost = mass + log(tailRatio(n, n - k, 1 - p, p));
  return { logAtMost: Math.min(0, logAtMost), logAtLeast: logComplement(logAtMost, mass) };
}

/** ln(1 - (tail - mass)) from logarithms, where tail - mass = P[X > k] or P[X < k]. */
function logComplement(logTail: number, logPmf: number): number {
  const beyond = logPmf < logTail ? exp(logTail) * -expm1(logPmf - logTail) : 0;
  return beyond >= 1 ? -Infinity : beyond === 0 ? 0 : log1p(-beyond);
}

/** ln P[X = k], 0 < p < 1. */
export function logMass(n: number, k: number, p: number): number {
  const expected = twoProduct(n, p);
  const missed = subtractDD([n, 0], expected);
  const shift = subtractDD(expected, [k, 0]);
  const deviance = addDD(divergenceTerm([k, 0], expected, shift), divergenceTerm([n - k, 0], missed, negateDD(shift)));
  if (k === 0 || k === n) return -deviance[0];
  const corrections = stirlingError(k) + stirlingError(n - k) - stirlingError(n);
  return -(deviance[0] + corrections) + 0.5 * (log(n / k / (n - k)) - LN_TWO_PI);
}

const LN_TWO_PI = 1.8378770664093456;
const LN_TWO_PI_DD: DoubleDouble = [1.8378770664093456, -7.756588316134483e-17];

/** ln n! - ((n + 1/2) ln n - n + ln(2 pi)/2): below 16 from the factorial itself, then the asymptotic series. */
export function stirlingError(n: number): number {
  if (n >= 16) {
    const z = 1 / (n * n);
    const series = z * (1 / 1680 - z * (1 / 1188 - z * (691 / 360360 - z / 156)));
    return (1 / 12 - z * (1 / 360 - z * (1 / 1260 - series))) / n;
  }
  let factorial = 1;
  for (let k = 2; k <= n; k++) factorial *= k;
  const main = addDD(multiplyDD([n + 0.5, 0], logDD([n, 0])), [-n, 0]);
  const half = [LN_TWO_PI_DD[0] / 2, LN_TWO_PI_DD[1] / 2] as const;
  return subtractDD(logDD([factorial, 0]), addDD(main, half))[0];
}

/**
 * P[X >= k] / P[X = k] = 1 + r_1 + r_1 r_2 + ..., r_j = (n - k - j + 1) p / ((k + j) q) < 1, for k at or above the mode.
 *
 * In double-double: a sum of ~10 sqrt(n) terms in doubles would lose a digit for every factor 100 in n, and so do the
 * usual continued fractions. q = 1 - p comes separately, since only the smaller of the two is exact.
 */
function tailRatio(n: number, k: number, p: number, q: number): number {
  const odds = divideDD([p, 0], [q, 0]);
  let term: DoubleDouble = [1, 0];
  let sum: DoubleDouble = [1, 0];
  for (let j = 1; j <= n - k; j++) {
    const left = n - k - j + 1;
    term = divideDD(multiplyDD(term, multiplyDD(odds, [left, 0])), [k + j, 0]);
    sum = addDD(sum, term);
    const ratio = (left * odds[0]) / (k + j);
    if (term[0] * ratio <= 1e-20 * (1 - ratio)) break;
  }
  return sum[0];
}
