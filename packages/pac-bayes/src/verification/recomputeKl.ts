import {
  add,
  below,
  divide,
  interval,
  ln,
  lnNumber,
  multiply,
  subtract,
  toNumberUp,
  whole,
  zero,
  type Interval,
} from './recomputeInterval.js';

const one = whole(1);

/** kl(q||p) of coins straight from its definition, q an interval in [0, 1], p a double in (0, 1). */
export function recomputeDivergence(q: Interval, p: number): Interval {
  const rest = subtract(one, interval(p));
  return add(
    subtract(timesLn(q), multiply(q, lnNumber(p))),
    subtract(timesLn(subtract(one, q)), multiply(subtract(one, q), ln(rest))),
  );
}

/** x ln x, 0 at 0; between x ln x at the upper end and 0 where the lower end is 0, for x below 1/e. */
function timesLn(x: Interval): Interval {
  if (x.hi <= 0n) return zero;
  if (x.lo > 0n) return multiply(x, ln(x));
  return { lo: multiply(x, ln({ lo: x.hi, hi: x.hi })).lo, hi: 0n };
}

/** Is p certainly too small to be an upper limit, that is kl(q||p) < c or p < q? */
export function belowKlInverse(q: Interval, c: Interval, p: number): boolean {
  if (p >= 1) return false;
  if (below(interval(p), q)) return true;
  if (p <= 0) return c.lo > 0n;
  return below(recomputeDivergence(q, p), c);
}

/** The upper limit itself, by bisection between doubles; at or above the exact one. */
export function recomputeKlInverse(q: Interval, c: Interval): number {
  let low = Math.min(1, toNumberUp(q));
  let high = 1;
  if (c.hi <= 0n) return low;
  for (;;) {
    const middle = low + (high - low) / 2;
    if (!(middle > low && middle < high)) return high;
    if (reaches(q, c, middle)) high = middle;
    else low = middle;
  }
}

function reaches(q: Interval, c: Interval, p: number): boolean {
  return recomputeDivergence(q, p).lo >= c.hi;
}

/** ln(numerator/delta)/count as an interval. */
export function drawRate(numerator: number, delta: number, count: number): Interval {
  return divide(subtract(lnNumber(numerator), lnNumber(delta)), whole(count));
}
