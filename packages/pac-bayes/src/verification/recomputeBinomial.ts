import {
  add,
  below,
  divide,
  interval,
  ln,
  lnNumber,
  maximum,
  multiply,
  pi,
  subtract,
  toNumberUp,
  whole,
  type Interval,
} from './recomputeInterval.js';
import { drawRate, recomputeKlInverse } from './recomputeKl.js';

const one = whole(1);
const half: Interval = interval(0.5);

/** ln n!: the factorial itself up to 255, then Stirling's series between two of its partial sums. */
function lnFactorial(n: number): Interval {
  if (n < 256) {
    let product = 1n;
    for (let k = 2n; k <= BigInt(n); k++) product *= k;
    // 255! has 1676 bits: the top 150 of them do
    const excess = Math.max(0, product.toString(2).length - 150);
    const top = { lo: product >> BigInt(excess), hi: (product >> BigInt(excess)) + (excess > 0 ? 1n : 0n) };
    const shifted = { lo: top.lo << 20n, hi: top.hi << 20n };
    // as fixed-point numbers these are top · 2^(20 - 192)
    return add(ln(shifted), multiply(whole(excess + 172), lnNumber(2)));
  }
  const x = whole(n);
  const main = subtract(multiply(add(x, half), ln(x)), x);
  const constant = multiply(half, ln(multiply(whole(2), pi)));
  const inverse = divide(one, x);
  const square = multiply(inverse, inverse);
  // 1/12n - 1/360n^3 + 1/1260n^5 - 1/1680n^7: the error of a partial sum is smaller than the next term and has its sign
  const coefficients: readonly [number, number][] = [
    [1, 12],
    [-1, 360],
    [1, 1260],
    [-1, 1680],
  ];
  let power = inverse;
  let series: Interval = whole(0);
  let last: Interval = series;
  for (const [numerator, denominator] of coefficients) {
    last = series;
    series = add(series, divide(multiply(whole(numerator), power), whole(denominator)));
    power = multiply(power, square);
  }
  const correction = { lo: series.lo < last.lo ? series.lo : last.lo, hi: maximum(series, last).hi };
  return add(add(main, constant), correction);
}

/** ln P[Binomial(n, p) <= k] for k up to about n p: the mass at k times 1 + r_1 + r_1 r_2 + ..., summed in whole numbers of 2^-120. */
export function recomputeLogTail(n: number, k: number, p: number): Interval {
  const choose = subtract(subtract(lnFactorial(n), lnFactorial(k)), lnFactorial(n - k));
  const rest = subtract(one, interval(p));
  const mass = add(choose, add(multiply(whole(k), lnNumber(p)), multiply(whole(n - k), ln(rest))));
  const odds = divide(rest, interval(p));
  const UNIT = 1n << 120n;
  const ratio = odds.hi >> 72n; // 2^-120
  let term = UNIT;
  let sum = UNIT;
  let count = 1n;
  for (let j = 0; j < k && term > 1n; j++) {
    term = (((term * BigInt(k - j)) / BigInt(n - k + j + 1)) * (ratio + 1n)) >> 120n;
    sum += term;
    count++;
  }
  // floors lose less than 2 · count units a term that is left; terms below 2^-120 add less than n of them
  const error = 4n * count * count + BigInt(n) + 4n;
  return add(mass, ln({ lo: (sum - error) << 72n, hi: (sum + error) << 72n }));
}

/** Is p certainly below Clopper and Pearson's limit, the p with P[Binomial(trials, p) <= errors] = delta, for delta up to 1/2? */
export function belowClopperPearson(errors: number, trials: number, delta: number, p: number): boolean {
  if (errors === trials) return p < 1;
  if (p >= 1) return false;
  if (below(interval(p), divide(whole(errors), whole(trials)))) return true;
  return p <= 0 || below(lnNumber(delta), recomputeLogTail(trials, errors, p));
}

/** Is p certainly below the limit max of Clopper-Pearson and (errors + 1)/trials? */
export function belowBinomialLimit(errors: number, trials: number, delta: number, p: number): boolean {
  if (p >= 1) return false;
  if (errors >= trials - 1 || below(interval(p), divide(whole(errors + 1), whole(trials)))) return true;
  return below(lnNumber(delta), recomputeLogTail(trials, errors, p));
}

/** The limit itself, by bisection to 1e-13 of it. */
export function recomputeBinomialLimit(errors: number, trials: number, delta: number): number {
  if (errors >= trials - 1) return 1;
  let low = toNumberUp(divide(whole(errors + 1), whole(trials)));
  if (!belowBinomialLimit(errors, trials, delta, low)) return low;
  let high = recomputeKlInverse(divide(whole(errors), whole(trials)), drawRate(1, delta, trials));
  while (high - low > 1e-13 * high) {
    const middle = low + (high - low) / 2;
    if (!(middle > low && middle < high)) break;
    if (belowBinomialLimit(errors, trials, delta, middle)) low = middle;
    else high = middle;
  }
  return high;
}
