/**
 * Interval arithmetic in whole numbers, for checking certificates: every quantity is a pair lo <= x <= hi of multiples of 2^-192.
 *
 * A second route on purpose: nothing here is shared with the code that issues certificates (double-double arithmetic, Newton's
 * method), so that one mistake cannot hide itself. Slow (a logarithm takes about 0.1 ms) and simple.
 */
export interface Interval {
  readonly lo: bigint;
  readonly hi: bigint;
}

/** Numbers that 192 bits behind the point cannot tell from 0, or that are not numbers. */
export class BeyondPrecision extends RangeError {
  override readonly name = 'BeyondPrecision';
}

const BITS = 192n;
const ONE = 1n << BITS;

const floorShift = (x: bigint): bigint => x >> BITS;
const ceilShift = (x: bigint): bigint => -(-x >> BITS);
const floorDivide = (a: bigint, b: bigint): bigint => {
  const q = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? q - 1n : q;
};
const ceilDivide = (a: bigint, b: bigint): bigint => -floorDivide(-a, b);

/** A double, which is a whole number times a power of two: exact unless it has digits below 2^-192. */
export function interval(x: number): Interval {
  if (!Number.isFinite(x)) throw new BeyondPrecision(`interval: x must be finite, got ${x}`);
  const { mantissa, exponent } = decompose(x);
  const shift = BigInt(exponent) + BITS;
  if (shift >= 0n) {
    const value = mantissa << shift;
    return { lo: value, hi: value };
  }
  return { lo: mantissa >> -shift, hi: -(-mantissa >> -shift) };
}

/** x = mantissa · 2^exponent, mantissa a whole number. */
function decompose(x: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const size = biased === 0 ? fraction : fraction | 0x10000000000000n;
  return { mantissa: x < 0 ? -size : size, exponent: Math.max(1, biased) - 1075 };
}

export function whole(n: number): Interval {
  const value = BigInt(n) << BITS;
  return { lo: value, hi: value };
}

export const zero: Interval = { lo: 0n, hi: 0n };

export function add(a: Interval, b: Interval): Interval {
  return { lo: a.lo + b.lo, hi: a.hi + b.hi };
}

export function negate(a: Interval): Interval {
  return { lo: -a.hi, hi: -a.lo };
}

export function subtract(a: Interval, b: Interval): Interval {
  return add(a, negate(b));
}

export function multiply(a: Interval, b: Interval): Interval {
  const products = [a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi];
  let [low, high] = [products[0], products[0]];
  for (const p of products) [low, high] = [p < low ? p : low, p > high ? p : high];
  return { lo: floorShift(low), hi: ceilShift(high) };
}

/** a/b for b that lies above 0. */
export function divide(a: Interval, b: Interval): Interval {
  if (b.lo <= 0n) throw new BeyondPrecision('divide: the divisor must be positive');
  const low = a.lo < 0n ? b.lo : b.hi;
  const high = a.hi < 0n ? b.hi : b.lo;
  return { lo: floorDivide(a.lo << BITS, low), hi: ceilDivide(a.hi << BITS, high) };
}

/** sqrt of a not negative. */
export function squareRoot(a: Interval): Interval {
  return { lo: integerRoot((a.lo > 0n ? a.lo : 0n) << BITS), hi: integerRoot(a.hi << BITS) + 1n };
}

function integerRoot(x: bigint): bigint {
  if (x === 0n) return 0n;
  let r = 1n << BigInt((x.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (r + x / r) >> 1n;
    if (next >= r) return r;
    r = next;
  }
}

/** ln 2 = 2 atanh(1/3), with its error. */
const LN2: Interval = /* @__PURE__ */ atanhTwice(ONE / 3n);

/** 2 atanh(t) for t in [0, 1/3] known to one unit: 64 terms leave 2^-200; each of them is rounded twice. */
function atanhTwice(t: bigint): Interval {
  const square = floorShift(t * t);
  let power = t;
  let sum = 0n;
  for (let k = 1n; k < 129n; k += 2n) {
    sum += power / k;
    power = floorShift(power * square);
  }
  return { lo: 2n * sum - 512n, hi: 2n * sum + 512n };
}

/** ln of a double above 0, whatever its size. */
export function lnNumber(x: number): Interval {
  if (!(x > 0)) throw new BeyondPrecision(`lnNumber: x must be positive, got ${x}`);
  const { mantissa, exponent } = decompose(x);
  return lnScaled(mantissa, BigInt(exponent));
}

/** ln of an interval above 0. */
export function ln(a: Interval): Interval {
  if (a.lo <= 0n) throw new BeyondPrecision('ln: the argument must be positive');
  const low = lnScaled(a.lo, -BITS);
  return { lo: low.lo, hi: a.lo === a.hi ? low.hi : lnScaled(a.hi, -BITS).hi };
}

/** ln(m 2^e): m is brought to [1, 2). */
function lnScaled(m: bigint, e: bigint): Interval {
  const length = BigInt(m.toString(2).length);
  const shift = BITS + 1n - length;
  const scaled = shift >= 0n ? m << shift : m >> -shift;
  const series = atanhTwice(((scaled - ONE) << BITS) / (scaled + ONE));
  const k = length - 1n + e;
  const power = k >= 0n ? { lo: k * LN2.lo, hi: k * LN2.hi } : { lo: k * LN2.hi, hi: k * LN2.lo };
  // a shift to the right loses less than one unit of the mantissa
  return { lo: series.lo + power.lo, hi: series.hi + power.hi + 2n };
}

/** exp(-x) for x >= 0. */
export function expMinus(x: Interval): Interval {
  return { lo: expDown(x.hi), hi: expDown(x.lo > 0n ? x.lo : 0n) + 4096n };
}

/** At most 2048 units below exp(-x), never above. */
function expDown(x: bigint): bigint {
  const k = x / LN2.lo;
  // r >= x - k ln 2, so exp(-r) errs downwards
  const r = x - k * LN2.lo;
  let term = ONE;
  let sum = ONE;
  for (let i = 1n; i < 60n; i++) {
    term = floorShift(term * r) / i;
    sum += term;
  }
  // sum <= exp(r) < sum + 128 units
  const inverse = (ONE << BITS) / (sum + 128n);
  const value = (inverse >> k) - 1n;
  return value > 0n ? value : 0n;
}

/** pi = 16 atan(1/5) - 4 atan(1/239). */
export const pi: Interval = /* @__PURE__ */ (() => {
  const atan = (inverse: bigint): bigint => {
    let power = ONE / inverse;
    let sum = 0n;
    for (let k = 1n; power > 0n; k += 2n) {
      sum += k % 4n === 1n ? power / k : -(power / k);
      power /= inverse * inverse;
    }
    return sum;
  };
  const value = 16n * atan(5n) - 4n * atan(239n);
  return { lo: value - 8192n, hi: value + 8192n };
})();

/** A double at or above the interval, within 2 units in the last place of its upper end. */
export function toNumberUp(a: Interval): number {
  let x = toNumber(a.hi);
  while (interval(x).lo < a.hi) x += Math.max(Math.abs(x) * 2.220446049250313e-16, 5e-324);
  return x;
}

function toNumber(fixed: bigint): number {
  if (fixed < 0n) return -toNumber(-fixed);
  const excess = fixed.toString(2).length - 64;
  if (excess <= 0) return Number(fixed) / 2 ** 192;
  return Number(fixed >> BigInt(excess)) * scale(excess - 192);
}

/** 2^e without pow. */
function scale(e: number): number {
  let x = 1;
  for (let i = 0; i < Math.abs(e); i++) x = e > 0 ? x * 2 : x / 2;
  return x;
}

/** Certainly a < b. */
export function below(a: Interval, b: Interval): boolean {
  return a.hi < b.lo;
}

export function maximum(a: Interval, b: Interval): Interval {
  return { lo: a.lo > b.lo ? a.lo : b.lo, hi: a.hi > b.hi ? a.hi : b.hi };
}
