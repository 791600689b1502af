import { add, interval, lnNumber, multiply, subtract, toNumberUp, whole, type Interval } from './recomputeInterval.js';

/** KL(Q||P) in nats, enclosed. */
export interface KlEnclosure {
  readonly lower: number;
  readonly upper: number;
}

const UNIT = 1.1102230246251565e-16;
/** 2^200 */
const HUGE = 1.6069380442589903e60;
/** 2^±100: squares of what lies between are in range. */
const RANGE = 1.2676506002282294e30;

/**
 * KL of two Gaussians with independent coordinates once more, by another formula in another order:
 *
 *     KL = 1/2 [sum r_i - p - ln(product r_i) + sum (d_i/s_i)^2],   r_i = (q_i/s_i)^2
 *
 * The product of all r_i is kept as a mantissa and a power of two, and one logarithm is taken of it; both sums are compensated
 * (Neumaier). Every rounding is bounded: p products are off by 4p units together, a compensated sum of terms that are not
 * negative by 2 units and p^2 units squared [higham2002, §4.3], each term by 4 units. Where r_i is near 1 digits cancel between the
 * sums, which the enclosure says: it is some 1e-15 · p nats wide.
 *
 * @param posteriorMean (p,), like all others; deviations, not variances
 */
export function recomputeDiagonalKl(
  posteriorMean: ArrayLike<number>,
  posteriorStd: ArrayLike<number>,
  priorMean: ArrayLike<number>,
  priorStd: ArrayLike<number>,
): KlEnclosure {
  const p = posteriorMean.length;
  const ratios = new NeumaierSum();
  const shifts = new NeumaierSum();
  const product = new ScaledProduct();
  for (let i = 0; i < p; i++) {
    const r = posteriorStd[i] / priorStd[i];
    ratios.add(r * r);
    product.multiply(r);
    const shift = (posteriorMean[i] - priorMean[i]) / priorStd[i];
    shifts.add(shift * shift);
  }
  if (!product.exact || !ratios.finite || !shifts.finite) return { lower: 0, upper: Infinity };
  // 2 ln(product r): the product's relative error is that of p quotients and p products
  const log = multiply(whole(2), add(product.log(), symmetric(2.1 * p * UNIT)));
  const sums = add(ratios.enclosed(p, 4), shifts.enclosed(p, 6));
  const twice = subtract(subtract(sums, whole(p)), log);
  return enclosure(multiply(interval(0.5), twice));
}

/** Doubles around an interval; a KL is not negative. */
export function enclosure(x: Interval): KlEnclosure {
  const low = { lo: -x.lo, hi: -x.lo };
  return { lower: Math.max(0, -toNumberUp(low)), upper: toNumberUp(x) };
}

function symmetric(size: number): Interval {
  return { lo: interval(-size).lo, hi: interval(size).hi };
}

/** Sum with the rounding errors of all additions carried along. */
class NeumaierSum {
  private sum = 0;
  private lost = 0;
  add(x: number): void {
    const s = this.sum + x;
    this.lost += this.sum >= x ? this.sum - s + x : x - s + this.sum;
    this.sum = s;
  }
  get finite(): boolean {
    return Number.isFinite(this.sum + this.lost);
  }
  /** Of `p` terms, none negative, each off by so many units. */
  enclosed(p: number, units: number): Interval {
    const total = this.sum + this.lost;
    return add(interval(total), symmetric(total * UNIT * (units + 4 + 2 * p * p * UNIT)));
  }
}

/** A product whose size would overflow: mantissa and power of two. */
class ScaledProduct {
  private mantissa = 1;
  private exponent = 0;
  /** False once a factor was out of range: a subnormal one has lost digits. */
  exact = true;
  multiply(x: number): void {
    if (!(x > 1 / RANGE && x < RANGE)) {
      this.exact = false;
      return;
    }
    this.mantissa *= x;
    while (this.mantissa > HUGE) this.scale(1 / HUGE, 200);
    while (this.mantissa < 1 / HUGE) this.scale(HUGE, -200);
  }
  private scale(by: number, exponent: number): void {
    this.mantissa *= by;
    this.exponent += exponent;
  }
  log(): Interval {
    return add(lnNumber(this.mantissa), multiply(whole(this.exponent), lnNumber(2)));
  }
}
