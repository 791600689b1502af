import {
  refuse,
  requireBetween,
  requireEach,
  requireInteger,
  requireLength,
  requirePositive,
} from '@hyperribbon/contract';
import type { PhaseBoundaryOptions } from './phaseBoundary.js';
import { exp, log } from '@hyperribbon/kernels';

/** The point around which a grid lies, or the ends of its axes. */
export interface PhaseGridOptions extends Pick<PhaseBoundaryOptions, 'decay' | 'steps' | 'relativeStep'> {
  /** ρ > 0, with the slope the point around which the grid lies */
  readonly ratio: number;
  /** along each axis, at least 2 */
  readonly points: number;
  /** ends of the axes, both > 0 and ascending; default: around the point */
  readonly decays?: GridRange;
  readonly ratios?: GridRange;
}

/** Ends of an axis. */
export interface GridRange {
  readonly from: number;
  readonly to: number;
}

/** A grid over slopes and ratios, and which of its points are computed. */
export interface PhaseGrid {
  /** (points,) each, geometric */
  readonly decays: Float64Array;
  readonly ratios: Float64Array;
  /** one per slope: what to give to {@link phaseDiagram} */
  readonly rows: readonly PhaseGridRow[];
}

/** One slope of a grid: which ratios are computed, and what that takes. */
export interface PhaseGridRow {
  readonly decay: number;
  /** those of the grid's ratios that are computed; the share of variance is interpolated between */
  readonly ratios: Float64Array;
  /** directions of the model spectrum that matter */
  readonly dimension: number;
  /** time that the row takes, up to a factor */
  readonly work: number;
}

/** below this slope eigenproblems are so large that every fourth ratio has to do */
const SLOW = 0.06;
/** most directions of a row */
const LARGEST = 2000;

/** nats of eigenvalue that matter: directions with 2 η λ T < 1e-4 hold less than that part of the plateau each */
function reach(horizon: number): number {
  return Math.max(1, log(2 * horizon) + 9);
}

/**
 * The least slope that a row of a {@link phaseGrid} may have: 2000 directions of its spectrum matter.
 * @param horizon η λ₁ T > 0
 * @example flattestDecay(90) // 0.0070...
 */
export function flattestDecay(horizon: number): number {
  requirePositive('flattestDecay', 'horizon', horizon);
  return reach(horizon) / LARGEST;
}

/**
 * The diagram around a point: slopes from 0.1 (or 0.8 of the point's) to 4 (or twice it), ratios from 0.1 (a third) to 1000 (three times).
 *
 * Slow decays mean large eigenvalue problems: there every fourth ratio is computed and the share of variance, which is smooth and monotone
 * in ρ, interpolated by {@link phaseSurface}. Slopes below {@link flattestDecay} are left out, and refused where asked for.
 * @throws ArgumentError for numbers out of range
 * Cost: nothing to speak of. Reconstruction following [mao2025].
 * @example phaseGrid({ decay: 0.5, ratio: 2, steps: 100, points: 5 }).rows[0].dimension // 142
 */
export function phaseGrid(options: PhaseGridOptions): PhaseGrid {
  const caller = 'phaseGrid';
  const { decay, ratio, steps, relativeStep = 0.9, points } = options;
  requireEach(requirePositive, caller, { decay, ratio, steps, relativeStep });
  requireInteger(caller, 'points', points, 2);
  const axis = (name: 'decays' | 'ratios', around: GridRange): Float64Array => {
    const { from, to } = options[name] ?? around;
    requireEach(requirePositive, caller, { [`${name}.from`]: from, [`${name}.to`]: to });
    if (!(from < to)) refuse(caller, `${name} must ascend, got ${from} to ${to}`);
    return geometric(from, to, points);
  };
  const low = Math.max(Math.min(0.1, 0.8 * decay), flattestDecay(relativeStep * steps));
  const decays = axis('decays', { from: low, to: Math.max(4, 2 * decay) });
  const ratios = axis('ratios', { from: Math.min(0.1, ratio / 3), to: Math.max(1000, 3 * ratio) });
  const rows = Array.from(decays, (c) => {
    const stride = c < SLOW ? 4 : 1;
    const computed = ratios.filter((_, i) => i % stride === 0 || i === points - 1);
    return phaseGridRow(c, computed, relativeStep * steps);
  });
  return { decays, ratios, rows };
}

/**
 * One row with ratios of one's own.
 * @param horizon η λ₁ T > 0
 * @example phaseGridRow(0.5, Float64Array.of(2), 90).dimension // 29
 */
export function phaseGridRow(decay: number, ratios: Float64Array, horizon: number): PhaseGridRow {
  requireEach(requirePositive, 'phaseGridRow', { decay, horizon });
  const dimension = Math.max(20, Math.ceil((reach(horizon) / decay) * (1 - 1e-12)));
  if (dimension > LARGEST) {
    refuse(
      'phaseGridRow',
      `decay must be at least ${flattestDecay(horizon)} at a horizon of ${horizon}, got decay=${decay}: ${dimension} directions of such a spectrum matter`,
    );
  }
  return { decay, ratios, dimension, work: ratios.length * (1 + (0.12 / decay) ** 3) };
}

/**
 * A share of variance on the whole grid from the rows that were computed, linear in ln ρ between their ratios, and where it passes a level.
 *
 * @param shares one array per row of the grid, as long as its ratios, rising with ρ
 * @param level in (0, 1)
 * @returns (decays, ratios) shares and (decays,) ρ of the crossings, NaN where a row does not cross
 * @throws ArgumentError for shares that do not fit the grid
 * @example
 * const grid = phaseGrid({ decay: 1, ratio: 1, steps: 10, points: 2 });
 * phaseSurface(grid, [[0, 1], [0, 1]], 0.5).crossings; // both 10, in the middle of 0.1 and 1000
 */
export function phaseSurface(
  { decays, ratios, rows }: PhaseGrid,
  shares: readonly ArrayLike<number>[],
  level: number,
): { readonly shares: Float64Array; readonly crossings: Float64Array } {
  const caller = 'phaseSurface';
  requireBetween(caller, 'level', level, 0, 1);
  if (shares.length !== rows.length) refuse(caller, `shares must hold ${rows.length} rows, got ${shares.length}`);
  const whole = new Float64Array(decays.length * ratios.length);
  const crossings = new Float64Array(decays.length);
  rows.forEach(({ ratios: nodes }, i) => {
    requireLength(caller, `shares[${i}]`, shares[i], nodes.length);
    whole.set(interpolated(nodes, shares[i], ratios), i * ratios.length);
    crossings[i] = crossing(nodes, shares[i], level);
  });
  return { shares: whole, crossings };
}

function geometric(low: number, high: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => low * exp((log(high / low) * i) / (count - 1)));
}

/** Linear in ln ρ between the nodes. */
function interpolated(nodes: Float64Array, values: ArrayLike<number>, at: Float64Array): Float64Array {
  let k = 0;
  return at.map((ratio) => {
    while (k < nodes.length - 2 && nodes[k + 1] < ratio) k++;
    const t = log(ratio / nodes[k]) / log(nodes[k + 1] / nodes[k]);
    return values[k] + Math.min(1, Math.max(0, t)) * (values[k + 1] - values[k]);
  });
}

/** Where values that rise with ρ pass a level, linear in ln ρ between the nodes; NaN where they do not. */
function crossing(nodes: Float64Array, values: ArrayLike<number>, level: number): number {
  let k = 0;
  while (k < nodes.length && !(values[k] >= level)) k++;
  if (k < 1 || k === nodes.length) return NaN;
  const t = (level - values[k - 1]) / (values[k] - values[k - 1]);
  return nodes[k - 1] * exp(t * log(nodes[k] / nodes[k - 1]));
}
