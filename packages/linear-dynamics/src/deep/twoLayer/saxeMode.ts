import {
  refuse,
  requireEach,
  requireFinite,
  requireInteger,
  requireNonNegative,
  requirePositive,
} from '@hyperribbon/contract';
import { exp, expm1, log, log1p } from '@hyperribbon/kernels';
import type { LimitReason } from '@hyperribbon/contract/reasons';
import { modeTime, type ModeTime } from './modeTime.js';
import { timesOf } from '../../vectors.js';

/** One mode of a deep linear network whose layers start aligned and balanced. */
export interface SaxeMode {
  /** s >= 0, singular value of Σ_yx */
  readonly singularValue: number;
  /** u_0, strength of the mode in W_N ... W_1 at the start */
  readonly initial: number;
  /** N, number of weight matrices: an integer >= 1, or Infinity for τ u' = u² (s − δ u), N absorbed in τ (default 2) */
  readonly depth?: number;
  /** δ > 0, variance of the inputs along the mode (default 1, white) */
  readonly inputVariance?: number;
  /** τ > 0 (default 1): 1/learning rate; with Σ_yx a sum over examples as in [saxe2014], rescale τ, never s */
  readonly learningTime?: number;
}

/** Whether a scalar model converges to its target, and why it does not. */
export interface ScalarLimit {
  readonly learns: boolean;
  readonly reason: Extract<LimitReason, 'target' | 'wrong-sign' | 'at-saddle'>;
}

/** The strength of a mode at each time, and its limit. */
export interface SaxeCurve extends ScalarLimit {
  /** u(t) at each time, (times,) */
  readonly values: Float64Array;
  /** u(∞): s/δ, or 0 from where the mode cannot be learned */
  readonly limit: number;
}

/**
 * Strength of a mode over time: the solution of τ u' = N |u|^{2−2/N} (s − δ u).
 *
 * N = 2: u(t) = s e^{2st/τ}/(δ (e^{2st/τ} − 1) + s/u_0), the sigmoid, written with decaying exponentials. N > 2: the closed
 * form of the time t(u) is inverted by a bracketed Newton iteration, to rounding.
 * @param mode what is learned
 * @param times ascending, >= 0, up to Infinity
 * @throws ArgumentError for a parameter out of range (with its value)
 * Cost: O(1) per time for N <= 2, about 10 N elementary functions for N > 2.
 * Source: [saxe2014]; formulas from memory of the paper, checked numerically against integration.
 * @example saxeMode({ singularValue: 3, initial: 0.001 }, [0, 1, 5]).values // 0.001, 0.3557..., 2.999...
 */
export function saxeMode(mode: SaxeMode, times: ArrayLike<number>): SaxeCurve {
  const at = timesOf('saxeMode', times);
  const { s, u0, depth, tau } = normalized('saxeMode', mode);
  const curve = (value: (x: number) => number, limit: number, reason: SaxeCurve['reason'] = 'target'): SaxeCurve => ({
    values: at.map((t) => (t === Infinity ? limit : value(t / tau))),
    limit,
    learns: reason === 'target',
    reason,
  });
  if (depth === 1) return curve((x) => s + (u0 - s) * exp(-x), s);
  if (u0 === 0) return curve(() => 0, 0, s === 0 ? 'target' : 'at-saddle');
  const reason = s === 0 || u0 > 0 ? 'target' : 'wrong-sign';
  const limit = reason === 'target' ? s : 0;
  if (depth === 2) return curve((x) => sigmoidMode(s, u0, x), limit, reason);
  if (s === 0) return curve((x) => decayingMode(u0, depth, x), 0);
  if (u0 === s) return curve(() => s, s);
  const clock = clockOf(s, u0, depth);
  let position = clock.position(u0);
  const start = clock.time(position);
  const follow = (x: number): number => {
    if (x === 0) return u0;
    position = positionAt(clock, position, start + x);
    return clock.value(position);
  };
  return curve(follow, limit, reason);
}

/**
 * Time that a mode takes from its initial strength to another.
 *
 * N = 2, white: t = (τ/2s) ln[u_f (s − u_0)/(u_0 (s − u_f))].
 * @param final u_f
 * @returns time >= 0; Infinity when the flow never gets there (the limit itself, or beyond it)
 * @throws ArgumentError when the flow passed `final` before the start
 * Source: [saxe2014] for N = 2, 4 and Infinity, from memory; any N derived here; checked numerically against quadrature.
 * @example saxeTime({ singularValue: 2, initial: 0.001 }, 1) // 1.9001...
 */
export function saxeTime(mode: SaxeMode, final: number): number {
  requireFinite('saxeTime', 'final', final);
  const { s, u0, depth, tau } = normalized('saxeTime', mode);
  if (final === u0) return 0;
  const limit = depth === 1 || u0 > 0 ? s : 0;
  if (u0 === 0 && depth > 1) return Infinity;
  // signs, because products of tiny numbers are 0
  const [way, ahead] = [Math.sign(limit - u0), Math.sign(limit - final)];
  if (Math.sign(final - u0) * way <= 0) {
    if (u0 === limit || ahead * way < 0) return Infinity;
    refuse(
      'saxeTime',
      `final must lie ahead of initial=${mode.initial} on the way to ${limit}, got final=${final}; exchange them`,
    );
  }
  if (ahead * way <= 0) return Infinity;
  if (depth === 1) return tau * log((s - u0) / (s - final));
  if (s === 0) {
    const { p, rate } = decayLaw(depth);
    const grown = exp(-p * log(Math.abs(final))) - exp(-p * log(Math.abs(u0)));
    return (tau * grown) / rate;
  }
  if (depth === 2 && u0 > 0) {
    // ln[u_f (s − u_0)/(u_0 (s − u_f))] = ln(1 + s (u_f − u_0)/(u_0 (s − u_f))), without cancellation for near values
    const gone = s / (s - final);
    const grown = ((final - u0) / u0) * gone;
    return (tau / (2 * s)) * (grown < Infinity ? log1p(grown) : log(final) - log(u0) + log(gone));
  }
  const clock = clockOf(s, u0, depth);
  return tau * (clock.time(clock.position(final)) - clock.time(clock.position(u0)));
}

interface Normalized {
  /** target s/δ */
  readonly s: number;
  readonly u0: number;
  readonly depth: number;
  /** τ/δ */
  readonly tau: number;
}

/** τ u' = N |u|^{…} (s − δ u) is the white equation with s/δ and τ/δ. */
function normalized(where: string, mode: SaxeMode): Normalized {
  const { singularValue, initial, depth = 2, inputVariance = 1, learningTime = 1 } = mode;
  requireNonNegative(where, 'singularValue', singularValue);
  requireFinite(where, 'initial', initial);
  if (depth !== Infinity) requireInteger(where, 'depth', depth, 1);
  requireEach(requirePositive, where, { inputVariance, learningTime });
  return { s: singularValue / inputVariance, u0: initial, depth, tau: learningTime / inputVariance };
}

/** u = u_0/(E + u_0 φ), φ = (1 − E)/s, E = e^{−2sx}; for u_0 < 0 it is u_0 E/(1 + |u_0| φ) */
export function sigmoidMode(s: number, u0: number, x: number): number {
  const decayed = exp(-2 * s * x);
  const phi = s === 0 ? 2 * x : -expm1(-2 * s * x) / s;
  return u0 > 0 || s === 0 ? u0 / (decayed + Math.abs(u0) * phi) : (u0 * decayed) / (1 - u0 * phi);
}

/** s = 0: |u|^{−p} grows at the rate N p, p = 2 − 2/N */
function decayLaw(depth: number): { readonly p: number; readonly rate: number } {
  const p = 2 - 2 / depth;
  return { p, rate: depth === Infinity ? 2 : depth * p };
}

function decayingMode(u0: number, depth: number, x: number): number {
  const { p, rate } = decayLaw(depth);
  return u0 * exp(-log1p(rate * x * exp(p * log(Math.abs(u0)))) / p);
}

function clockOf(s: number, u0: number, depth: number): ModeTime {
  return modeTime(s, depth, u0 < 0 ? 'negative' : u0 < s ? 'below' : 'above');
}

/** The position whose time is `time`, at or after `from`: Newton, kept in a bracket. */
function positionAt(clock: ModeTime, from: number, time: number): number {
  let low = from;
  let reach = 1;
  let high = from + reach;
  while (clock.time(high) < time && reach < 1e300) {
    low = high;
    reach *= 2;
    high = low + reach;
  }
  let x = low;
  for (let i = 0; i < 200; i++) {
    const excess = clock.time(x) - time;
    if (excess > 0) high = x;
    else low = x;
    const newton = x - excess / clock.slope(x);
    const next = newton > low && newton < high ? newton : low + (high - low) / 2;
    if (next === x || Math.abs(next - x) <= 1e-16 * Math.abs(x)) return next;
    x = next;
  }
  return x;
}
