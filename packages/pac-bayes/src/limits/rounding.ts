import { addDD, type DoubleDouble } from './doubleDouble.js';

const EPSILON = 2.220446049250313e-16;
const SMALLEST = 5e-324;

/** The next double above x (x finite). */
export function nextUp(x: number): number {
  if (x === 0) return SMALLEST;
  const bits = new BigInt64Array(Float64Array.of(x).buffer);
  bits[0] = bits[0] + (x > 0 ? 1n : -1n);
  return new Float64Array(bits.buffer)[0];
}

/** The next double below x (x finite). */
export function nextDown(x: number): number {
  return -nextUp(-x);
}

/**
 * A double not below the exact value, given a result with relative error at most `ulps` units in the last place.
 * Every bound goes through here or through a comparison in double-double arithmetic before it is handed out.
 */
export function roundUp(x: number, ulps = 4): number {
  return x === 0 || !Number.isFinite(x) ? x : x + Math.abs(x) * (ulps * EPSILON) + SMALLEST;
}

/** A double not above the exact value; see {@link roundUp}. */
export function roundDown(x: number, ulps = 4): number {
  return -roundUp(-x, ulps);
}

/** The double-double rounded to the next double above it. */
export function ceilDD(a: DoubleDouble): number {
  const [hi, lo] = addDD(a, [0, 0]);
  return lo > 0 ? nextUp(hi) : hi;
}

/** The double-double rounded to the next double below it. */
export function floorDD(a: DoubleDouble): number {
  return -ceilDD([-a[0], -a[1]]);
}
