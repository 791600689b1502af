import { refuse } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import { eigenvaluesOf } from '../descent.js';
import { straightLine } from '../straightLine.js';

/** Where on a spectrum its slope is measured, or how a stretch is found. */
export interface SlopeOptions {
  /** fit over these indices, from 0, both included; default: found as described below */
  readonly window?: { readonly from: number; readonly to: number };
  /** eigenvalues at or below this part of λ₁ are taken as rounding; default 1e-12 */
  readonly floor?: number;
  /** R² that a window found by itself must reach; default 0.995 */
  readonly straightness?: number;
}

/** The slope c of a real spectrum with the window it was measured on. */
export interface SpectrumSlope {
  /** c ≥ 0 in nats per index: −slope of ln λᵢ against i */
  readonly decay: number;
  /** first and last index of the window, from 0, both included */
  readonly from: number;
  readonly to: number;
  readonly rSquared: number;
  /** fitted ln λ at index 0 */
  readonly intercept: number;
  /** eigenvalues above the floor */
  readonly usable: number;
  /** false when no window was straight enough and all usable eigenvalues were taken */
  readonly straight: boolean;
}

/**
 * Least-squares slope of ln λᵢ against i over the stretch where the spectrum is straight.
 *
 * Without a `window`: the longest stretch that starts in the first half of the usable eigenvalues, holds at least five of them (all, if there are fewer) and
 * reaches the wanted R²; among equals the earliest. The steep first eigenvalues and the drop at the end of real spectra fall outside by themselves.
 *
 * @param eigenvalues (d,) in any order; sorted here
 * @throws ArgumentError for fewer than 3 usable eigenvalues, negative or non-finite ones, or a window outside
 * Cost: d² fits of constant cost each. Textbook; the choice of the stretch is ours.
 * @example inputSpectrumSlope([8, 1, 0.5, 0.25, 0.125, 0.0625]).decay // about ln 2
 */
export function inputSpectrumSlope(
  eigenvalues: ArrayLike<number>,
  { window, floor = 1e-12, straightness = 0.995 }: SlopeOptions = {},
): SpectrumSlope {
  const caller = 'inputSpectrumSlope';
  const sorted = eigenvaluesOf(caller, eigenvalues).sort((a, b) => b - a);
  const end = sorted.findIndex((value) => !(value > floor * sorted[0]));
  const usable = end < 0 ? sorted.length : end;
  if (usable < 3) {
    refuse(caller, `at least 3 eigenvalues must exceed ${floor} λ₁, got ${usable} of ${sorted.length}`);
  }
  const y = Float64Array.from(sorted.subarray(0, usable), log);
  if (window !== undefined) {
    const { from, to } = window;
    if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && to < usable && to - from >= 2)) {
      refuse(caller, `window must hold 3 of the ${usable} usable eigenvalues, got from=${from}, to=${to}`);
    }
    return fit(y, from, to, true);
  }
  const found = longestStraight(y, straightness);
  return found === undefined ? fit(y, 0, usable - 1, false) : fit(y, found.from, found.to, true);
}

function fit(y: Float64Array, from: number, to: number, straight: boolean): SpectrumSlope {
  const { slope, intercept, rSquared } = straightLine(y, from, to);
  return { decay: Math.max(0, -slope), from, to, rSquared, intercept, usable: y.length, straight };
}

/** Longest [from, to] with R² ≥ wanted, by prefix sums of y, i y and y² (y centred, so that they stay small). */
function longestStraight(y: Float64Array, wanted: number): { from: number; to: number } | undefined {
  const n = y.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += y[i] / n;
  const [s, si, ss] = [new Float64Array(n + 1), new Float64Array(n + 1), new Float64Array(n + 1)];
  for (let i = 0; i < n; i++) {
    const v = y[i] - mean;
    s[i + 1] = s[i] + v;
    si[i + 1] = si[i] + v * (i - n / 2);
    ss[i + 1] = ss[i] + v * v;
  }
  const rSquared = (from: number, to: number): number => {
    const m = to - from + 1;
    const sum = s[to + 1] - s[from];
    const xy = si[to + 1] - si[from] - sum * ((from + to) / 2 - n / 2);
    const yy = ss[to + 1] - ss[from] - (sum * sum) / m;
    return yy > 0 ? (xy * xy) / (((m * (m * m - 1)) / 12) * yy) : 1;
  };
  for (let m = n; m >= Math.min(n, 5); m--) {
    for (let from = 0; from + m <= n && from <= n / 2; from++) {
      if (rSquared(from, from + m - 1) >= wanted) return { from, to: from + m - 1 };
    }
  }
  return undefined;
}
