/**
 * A number held as an unevaluated sum hi + lo of two doubles, |lo| <= ulp(hi)/2: about 32 digits.
 *
 * Bounds are only as sound as their last rounding: here one can show that kl(q||p) >= c holds for the very double that
 * is handed out, instead of trusting that 16 digits were enough. [dekker1971], [hida2001]
 */
export type DoubleDouble = readonly [hi: number, lo: number];

const SPLITTER = 134217729; // 2^27 + 1

/** a + b without error, any order. */
export function twoSum(a: number, b: number): DoubleDouble {
  const s = a + b;
  const t = s - a;
  return [s, a - (s - t) + (b - t)];
}

/** a · b without error for |a|, |b| in [2^-480, 2^490]. */
export function twoProduct(a: number, b: number): DoubleDouble {
  const p = a * b;
  const ta = SPLITTER * a;
  const aHigh = ta - (ta - a);
  const aLow = a - aHigh;
  const tb = SPLITTER * b;
  const bHigh = tb - (tb - b);
  const bLow = b - bHigh;
  return [p, aHigh * bHigh - p + aHigh * bLow + aLow * bHigh + aLow * bLow];
}

function renormalize(hi: number, lo: number): DoubleDouble {
  const s = hi + lo;
  return [s, lo - (s - hi)];
}

export function addDD(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const [s, e] = twoSum(a[0], b[0]);
  const [t, f] = twoSum(a[1], b[1]);
  const [u, v] = renormalize(s, e + t);
  return renormalize(u, v + f);
}

export function negateDD(a: DoubleDouble): DoubleDouble {
  return [-a[0], -a[1]];
}

export function subtractDD(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  return addDD(a, negateDD(b));
}

export function multiplyDD(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const [p, e] = twoProduct(a[0], b[0]);
  return renormalize(p, e + (a[0] * b[1] + a[1] * b[0]));
}

export function divideDD(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const first = a[0] / b[0];
  const r = subtractDD(a, multiplyDD(b, [first, 0]));
  const second = r[0] / b[0];
  const third = subtractDD(r, multiplyDD(b, [second, 0]))[0] / b[0];
  return addDD(renormalize(first, second), [third, 0]);
}

/** Square root of a >= 0: one Newton step from the root in doubles. */
export function sqrtDD(a: DoubleDouble): DoubleDouble {
  if (a[0] === 0) return [0, 0];
  const first = Math.sqrt(a[0]);
  const rest = subtractDD(a, twoProduct(first, first));
  return renormalize(first, rest[0] / (2 * first));
}

const TWO_32 = 4294967296;
const TWO_64 = 18446744073709551616;
/** ln 2 to 107 bits. */
const LN2: DoubleDouble = [0.6931471805599453, 2.3190468138462996e-17];
/** s^(2k+1)/(2k+1) for |s| <= 0.172: 22 terms leave 1e-33 of the sum. */
const LOG_TERMS = 22;

/**
 * ln a for a > 0, relative error about 1e-30 away from a = 1, absolute error 1e-32 near it.
 *
 * a = 2^k m with m in [0.7, 1.42]; ln m = 2 atanh((m - 1)/(m + 1)).
 */
export function logDD(a: DoubleDouble): DoubleDouble {
  let [hi, lo] = a;
  if (!(hi > 0 && hi < Infinity)) return [hi === 0 ? -Infinity : hi > 0 ? hi : NaN, 0];
  let k = 0;
  while (hi < 1 / TWO_32) [hi, lo, k] = [hi * TWO_64, lo * TWO_64, k - 64];
  while (hi > TWO_32) [hi, lo, k] = [hi / TWO_64, lo / TWO_64, k + 64];
  while (hi > 1.42) [hi, lo, k] = [hi / 2, lo / 2, k + 1];
  while (hi < 0.7) [hi, lo, k] = [hi * 2, lo * 2, k - 1];
  const s = divideDD(addDD([hi, lo], [-1, 0]), addDD([hi, lo], [1, 0]));
  const square = multiplyDD(s, s);
  const series = oddSeries(square, LOG_TERMS, 1);
  const logMantissa = multiplyDD([2 * s[0], 2 * s[1]], series);
  return k === 0 ? logMantissa : addDD(multiplyDD(LN2, [k, 0]), logMantissa);
}

/** 1, 1/3, 1/5, ... */
const RECIPROCALS: readonly DoubleDouble[] = /* @__PURE__ */ Array.from({ length: 26 }, (_, k) =>
  divideDD([1, 0], [2 * k + 1, 0]),
);

/** sum over k from 0 of z^k / (2k + first) for odd first, `terms` terms, by Horner. */
export function oddSeries(z: DoubleDouble, terms: number, first: number): DoubleDouble {
  let sum: DoubleDouble = [0, 0];
  for (let k = terms - 1; k >= 0; k--) sum = addDD(multiplyDD(sum, z), RECIPROCALS[k + (first - 1) / 2]);
  return sum;
}
