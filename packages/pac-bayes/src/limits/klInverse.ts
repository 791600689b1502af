import { exp, log } from '@hyperribbon/kernels';
import { requireLoss, requireThat } from '../assumptions.js';
import { divergenceDD, divergenceTermNear } from './binaryKl.js';
import { addDD, subtractDD, twoSum, type DoubleDouble } from './doubleDouble.js';
import { ceilDD, floorDD, nextDown, nextUp } from './rounding.js';

/**
 * Largest risk compatible with an empirical risk: sup { p in [q, 1] : kl(q||p) <= c }, rounded up.
 *
 * The double that is returned satisfies kl(q||p) >= c, checked in double-double arithmetic, so it is never below the
 * exact value; it exceeds it by at most a few units in the last place. (Bisection in doubles ends below the exact value in one case of
 * seven.)
 * @param q empirical risk in [0, 1]
 * @param c right-hand side of the theorem, nats, in [0, Infinity]
 * @returns p in [q, 1]; exactly q for c = 0
 * @throws AssumptionError if q is outside [0, 1], or c is negative or NaN
 * @example klInverseUpper(0, 0.1) // 1 - exp(-0.1) = 0.0951...
 */
export function klInverseUpper(q: number, c: number): number {
  check('klInverseUpper', q, c);
  return risingSide([q, 0], twoSum(1, -q), c);
}

/**
 * 1 - klInverseUpper(q, c) rounded down: accurate where the bound is so close to 1 that only its complement has digits.
 * @throws AssumptionError if q is outside [0, 1], or c is negative or NaN
 * @example klInverseUpperComplement(0.1, 50) // 5.195...e-25
 */
export function klInverseUpperComplement(q: number, c: number): number {
  check('klInverseUpperComplement', q, c);
  return fallingSide([q, 0], twoSum(1, -q), c);
}

/**
 * Smallest risk compatible with an empirical risk: inf { p in [0, q] : kl(q||p) <= c }, rounded down.
 * @param q empirical risk in [0, 1]
 * @param c nats, in [0, Infinity]
 * @returns p in [0, q]; exactly q for c = 0
 * @throws AssumptionError if q is outside [0, 1], or c is negative or NaN
 * @example klInverseLower(0.1, 0.05) // 0.0312...
 */
export function klInverseLower(q: number, c: number): number {
  check('klInverseLower', q, c);
  return fallingSide(twoSum(1, -q), [q, 0], c);
}

/**
 * 1 - klInverseLower(q, c), rounded up.
 * @throws AssumptionError if q is outside [0, 1], or c is negative or NaN
 * @example klInverseLowerComplement(0.1, 0.05) // 0.9687...
 */
export function klInverseLowerComplement(q: number, c: number): number {
  check('klInverseLowerComplement', q, c);
  return risingSide(twoSum(1, -q), [q, 0], c);
}

function check(name: string, q: number, c: number): void {
  requireLoss(name, q, 'q');
  // Infinity is allowed and inverts to 1
  requireThat(c >= 0, name, 'c >= 0', 'c', c);
}

/** 2^-800: below it squares of distances leave the range of doubles and the Pinsker-type limits are exact to 1e-100. */
const TINY_RATE = 1.499696813895631e-241;
/** 2^-900 */
const TINY_SIDE = 1.1830521861667747e-271;

/** A coin with sides (w, wc), w + wc = 1: the side v > w at which kl reaches c, rounded up. */
function risingSide(w: DoubleDouble, wc: DoubleDouble, c: number): number {
  if (c === 0) return ceilDD(w);
  if (wc[0] < TINY_SIDE || c === Infinity) return 1;
  if (c < TINY_RATE) return Math.min(1, nextUp(nextUp(w[0] + Math.sqrt(2 * w[0]) * Math.sqrt(c) + 2 * c)));
  const start = w[0] < TINY_SIDE ? ([TINY_SIDE, 0] as const) : w; // kl falls with w below v: the answer only grows
  const root = solve(start, wc, c);
  let v = root.far ? 1 - root.step : addDD(start, [root.step, 0])[0];
  if (v < start[0]) v = nextUp(start[0]);
  for (let stride = 1; v < 1; stride *= 2) {
    const d = subtractDD([v, 0], start);
    if (d[0] > 0 && reaches(divergenceDD(start, wc, [v, 0], twoSum(1, -v), d), c)) return v;
    for (let k = 0; k < stride; k++) v = nextUp(v);
  }
  return 1;
}

/** The other side of the same answer: 1 - v, rounded down. */
function fallingSide(w: DoubleDouble, wc: DoubleDouble, c: number): number {
  if (c === 0) return floorDD(wc);
  if (wc[0] < TINY_SIDE && c >= TINY_RATE) return 0;
  if (wc[0] === 0 || c === Infinity) return 0;
  if (c < TINY_RATE) return Math.max(0, nextDown(nextDown(wc[0] - Math.sqrt(2 * wc[0]) * Math.sqrt(c))));
  const start = w[0] < TINY_SIDE && w[0] > 0 ? ([TINY_SIDE, 0] as const) : w;
  const root = solve(start, wc, c);
  let r = root.far ? root.step : subtractDD(wc, [root.step, 0])[0];
  for (let stride = 1; r > 0; stride *= 2) {
    const d = subtractDD(wc, [r, 0]);
    if (d[0] > 0 && reaches(divergenceDD(start, wc, twoSum(1, -r), [r, 0], d), c)) return r;
    for (let k = 0; k < stride && r > 0; k++) r = nextDown(r);
  }
  return 0;
}

/** Double-double errors are below 1e-28 of the value: with this margin "reaches" is a proof. */
function reaches(value: DoubleDouble, c: number): boolean {
  const [hi, lo] = addDD(value, [-c, 0]);
  return hi + lo >= c * 1e-28;
}

/**
 * Newton for kl = c, on the distance d = v - w while it is below half of the way to 1, and on t = -ln(1 - v) beyond,
 * where kl is nearly linear in t. In both forms kl is convex, so that from the far side the iterates cannot cross the
 * root; the last two steps take the value in double-double.
 * @returns step = d, or step = 1 - v if far
 */
function solve(w: DoubleDouble, wc: DoubleDouble, c: number): { readonly far: boolean; readonly step: number } {
  const half = wc[0] / 2;
  return valueNear(w[0], wc[0], half) < c ? solveFar(w, wc, c, half) : solveNear(w, wc, c, half);
}

function valueNear(w: number, wc: number, d: number): number {
  return divergenceTermNear(w, w + d, d) + divergenceTermNear(wc, wc - d, -d);
}

function solveNear(w: DoubleDouble, wc: DoubleDouble, c: number, half: number): { far: false; step: number } {
  const slope = (d: number): number => d / ((w[0] + d) * (wc[0] - d));
  let d = Math.min(half, Math.sqrt(c / 2), Math.sqrt(2 * w[0] * c) + 2 * c);
  for (let i = 0; i < 40; i++) {
    const change = (valueNear(w[0], wc[0], d) - c) / slope(d);
    d -= change;
    if (Math.abs(change) <= 1e-9 * d) break;
  }
  for (let i = 0; i < 2; i++) {
    const value = divergenceDD(w, wc, addDD(w, [d, 0]), subtractDD(wc, [d, 0]), [d, 0]);
    d -= addDD(value, [-c, 0])[0] / slope(d);
  }
  return { far: false, step: d };
}

function solveFar(w: DoubleDouble, wc: DoubleDouble, c: number, half: number): { far: true; step: number } {
  const constant = wc[0] * log(wc[0]);
  let t = -log(half);
  for (let i = 0; i < 40; i++) {
    const r = exp(-t);
    const d = wc[0] - r;
    const value = divergenceTermNear(w[0], w[0] + d, d) - d + wc[0] * t + constant;
    const change = (c - value) / (d / (1 - r));
    t += change;
    if (Math.abs(change) <= 1e-12 * t) break;
  }
  let r = exp(-t);
  for (let i = 0; i < 2 && r > 0; i++) {
    const v = twoSum(1, -r);
    const d = subtractDD(wc, [r, 0]);
    const gap = addDD(divergenceDD(w, wc, v, [r, 0], d), [-c, 0])[0];
    r += r * (gap / (d[0] / v[0]));
  }
  return { far: true, step: r };
}
