import { refuse, requireBetween, requireInteger, requirePositive } from '@hyperribbon/contract';
import { exp, log } from '@hyperribbon/kernels';
import { resolveDescent } from '../descent.js';
import { type PhaseDiagramOptions, twoParts } from './phaseDiagram.js';
import { defaultDimension, sloppyEigenvalues } from '../spectra/sloppyEigenvalues.js';
import { spectrumFamily } from '../spectra/spectrumFamily.js';

/** The slope and steps at which a boundary is looked for, its level, and the range of ratios. */
export interface PhaseBoundaryOptions
  extends Pick<PhaseDiagramOptions, 'relativeStep' | 'exponent' | 'dynamics' | 'dimension'> {
  /** slope c > 0 of the model spectrum */
  readonly decay: number;
  /** T */
  readonly steps: number;
  /** k of EV_k, default 3 */
  readonly directions?: number;
  /** level in (0, 1) that EV_k shall reach, default 0.9 */
  readonly level?: number;
  /** ρ is looked for in here; default { from: 1e-3, to: 1e4 } */
  readonly range?: { readonly from: number; readonly to: number };
}

/** Where EV_k crosses its level as ρ grows. */
export interface PhaseBoundary {
  readonly status: 'reconstruction';
  /** ρ of the crossing; NaN where there is none in the range */
  readonly ratio: number;
  /** 'above': the level is reached at the smallest ρ already; 'unreachable': not even at the largest */
  readonly kind: 'crossing' | 'above' | 'unreachable';
  /** EV_k at the crossing, or at the end of the range that decided */
  readonly explained: number;
}

/**
 * The ratio ρ = σ_⋆/σ_w at which the first k directions explain a share `level` of the variance, from the exact covariance (b = ρ in every direction).
 *
 * @throws ArgumentError for numbers out of range, UnstableStepError
 * Cost: about ten eigenvalue problems. Reconstruction following [mao2025].
 * @example phaseBoundary({ decay: 1, steps: 100 }).ratio // 2.495
 */
export function phaseBoundary(options: PhaseBoundaryOptions): PhaseBoundary {
  const caller = 'phaseBoundary';
  const { decay, steps, relativeStep = 0.9, directions = 3, level = 0.9, exponent = 1, dynamics = 'descent' } = options;
  const { from: low, to: high } = options.range ?? { from: 1e-3, to: 1e4 };
  requirePositive(caller, 'decay', decay);
  requirePositive(caller, 'range.from', low);
  if (!(high > low && high < Infinity)) refuse(caller, `range must ascend, got ${low} to ${high}`);
  requireBetween(caller, 'level', level, 0, 1);
  const dimension = options.dimension ?? defaultDimension(caller, decay);
  requireInteger(caller, 'directions', directions, 1, dimension);
  const eigenvalues = sloppyEigenvalues(decay, { dimension });
  const descent = resolveDescent(caller, { eigenvalues, learningRate: relativeStep, steps, dynamics });
  const { diagonal, factor } = twoParts(descent, exponent);
  const family = spectrumFamily(diagonal, factor, { count: directions, largest: high * high });
  const explained = (logRatio: number): number => {
    const { eigenvalues: values, trace } = family.at(exp(2 * logRatio));
    return values.reduce((sum, value) => sum + value, 0) / trace;
  };
  const status = 'reconstruction';
  const atLow = explained(log(low));
  if (atLow >= level) return { status, ratio: NaN, kind: 'above', explained: atLow };
  const atHigh = explained(log(high));
  if (atHigh < level) return { status, ratio: NaN, kind: 'unreachable', explained: atHigh };
  const root = crossing((t) => explained(t) - level, [log(low), atLow - level], [log(high), atHigh - level]);
  return { status, ratio: exp(root), kind: 'crossing', explained: explained(root) };
}

/** Root between a point below zero and one above: regula falsi with the Illinois weights, to the resolution of t. */
function crossing(
  f: (t: number) => number,
  below: readonly [number, number],
  above: readonly [number, number],
): number {
  let [a, fa] = below;
  let [b, fb] = above;
  let last = 0;
  for (let step = 0; step < 200 && Math.abs(b - a) > 1e-14 * Math.max(1, Math.abs(a)); step++) {
    // halving now and then: a flat side stalls the secant
    const t = step % 4 === 3 ? (a + b) / 2 : (a * fb - b * fa) / (fb - fa);
    const value = f(t);
    if (value === 0) return t;
    if (value < 0) {
      [a, fa] = [t, value];
      if (last < 0) fb /= 2;
      last = -1;
    } else {
      [b, fb] = [t, value];
      if (last > 0) fa /= 2;
      last = 1;
    }
  }
  return (a + b) / 2;
}
