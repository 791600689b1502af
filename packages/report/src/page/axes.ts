import { scaleLinear, scaleLog, scaleSymlog } from 'd3-scale';
import type { Frame } from './figure.js';
import { integer, number, powerOfTen } from './format.js';
import { el, plain, svgText, textWidth, type Rich } from './markup.js';

export interface Tick {
  readonly at: number;
  readonly label: Rich;
}

/** Data to pixels, and the ticks worth labelling. */
export interface Axis {
  readonly map: (value: number) => number;
  readonly ticks: readonly Tick[];
}

/** Logarithmic axis over whole decades; values outside the domain are held at its ends. */
export function logAxis(low: number, high: number, from: number, to: number, most = 8): Axis {
  let first = Math.floor(Math.log10(low) + 1e-9);
  let last = Math.ceil(Math.log10(high) - 1e-9);
  if (first >= last) [first, last] = [Math.min(first, last) - 1, Math.max(first, last)];
  [first, last] = [Math.max(first, -307), Math.min(last, 308)];
  const scale = scaleLog([tenTo(first), tenTo(last)], [from, to]).clamp(true);
  const step = Math.max(1, Math.ceil((last - first) / most));
  const ticks: Tick[] = [];
  for (let k = Math.ceil(first / step) * step; k <= last; k += step)
    ticks.push({ at: scale(tenTo(k)), label: powerOfTen(k) });
  return { map: (value) => scale(Math.max(value, tenTo(first))), ticks };
}

/** The double written as 1e<k>: powers of ten by repeated multiplication would be off in the last digit. */
function tenTo(k: number): number {
  return Number(`1e${k}`);
}

/** Linear axis with round ticks; those with an empty label are left out. */
export function linearAxis(
  low: number,
  high: number,
  from: number,
  to: number,
  most: number,
  label: (value: number) => Rich,
): Axis {
  const [a, b] = high > low ? [low, high] : [low - 0.5, low + 0.5];
  const scale = scaleLinear([a, b], [from, to]).clamp(true);
  const ticks = scale
    .ticks(most)
    .map((t) => ({ at: scale(t), label: label(t) }))
    .filter((tick) => plain(tick.label) !== '');
  return { map: (value) => scale(value), ticks };
}

/** Linear axis of whole numbers. */
export function countAxis(low: number, high: number, from: number, to: number, most = 8): Axis {
  return linearAxis(low, high, from, to, most, (t) => [Number.isInteger(t) ? integer(t) : '']);
}

/** Logarithmic axis that ends where its data end, with ticks at 1, 2, 5 times powers of ten (fewer over many decades). */
export function closeLogAxis(low: number, high: number, from: number, to: number): Axis {
  const scale = scaleLog([low, high], [from, to]).clamp(true);
  const decades = Math.log10(high / low);
  const mantissas = decades > 4 ? [1] : decades > 2 ? [1, 3] : [1, 2, 5];
  const ticks: Tick[] = [];
  for (let k = Math.floor(Math.log10(low)); k <= Math.ceil(Math.log10(high)); k++)
    for (const m of mantissas) {
      const value = Number(`${m}e${k}`);
      if (value >= low * 0.999 && value <= high * 1.001) ticks.push({ at: scale(value), label: number(value, 1) });
    }
  return { map: (value) => scale(Math.max(value, low * 1e-3)), ticks };
}

/**
 * Axis that is logarithmic in both directions and linear around 0, between -10^k and 10^k for the smallest tick shown.
 * Ticks that would touch their neighbour are left out, those next to 0 first.
 */
export function signedLogAxis(low: number, high: number, smallest: number, from: number, to: number): Axis {
  // differences and quotients of the largest doubles overflow: ends beyond 1e300 are held there, and 300 decades are enough
  const held = (x: number): number => Math.max(-1e300, Math.min(1e300, x));
  const linear = Math.max(1e-300, Math.min(1e299, smallest), 1e-300 * Math.max(held(high), -held(low)));
  const [a, b] = (high > low ? [low, high] : [low - linear, low + linear]).map(held);
  const scale = scaleSymlog([a, b], [from, to]).constant(linear).clamp(true);
  const first = Math.ceil(Math.log10(linear) - 1e-9);
  const largest = Math.floor(Math.log10(Math.max(Math.abs(a), Math.abs(b))) + 1e-9);
  const candidates: Tick[] = [{ at: scale(0), label: ['0'] }];
  for (let k = largest; k >= first; k--)
    for (const sign of [1, -1] as const) {
      const value = sign * tenTo(k);
      if (value >= a && value <= b) candidates.push({ at: scale(value), label: powerOfTen(k, sign) });
    }
  const kept: Tick[] = [];
  const inside = (at: number): boolean => at >= Math.min(from, to) - 0.5 && at <= Math.max(from, to) + 0.5;
  for (const tick of candidates) {
    const clear = (other: Tick): boolean =>
      Math.abs(tick.at - other.at) > (textWidth(tick.label, 12) + textWidth(other.label, 12)) / 2 + 8;
    if (inside(tick.at) && kept.every(clear)) kept.push(tick);
  }
  return { map: (value) => scale(value), ticks: kept.sort((x, y) => x.at - y.at) };
}

/** An axis of magnitudes to both sides of a gap in which zero stands. */
export interface ZeroAxis {
  readonly axis: Axis;
  /** middle of the gap */
  readonly zero: number;
  /** half its width */
  readonly half: number;
}

/**
 * Logarithmic from `low` outwards to `negative` on the left and `positive` on the right, each 0 where there is nothing to show; between them
 * a gap for zero, which no logarithm reaches.
 */
export function zeroAxis(low: number, negative: number, positive: number, from: number, to: number): ZeroAxis {
  const half = 24;
  const decades = (high: number): number => (high > low ? Math.max(0.5, Math.log10(high) - Math.log10(low)) : 0);
  const [left, right] = [decades(negative), decades(positive)];
  const unit = (to - from - 2 * half) / Math.max(left + right, 1e-9);
  const zero = from + left * unit + half;
  const place = (value: number): number => {
    const d = Math.max(0, Math.log10(Math.abs(value)) - Math.log10(low));
    if (!(Math.abs(value) > 0)) return zero;
    return value > 0 ? zero + half + Math.min(d, right) * unit : zero - half - Math.min(d, left) * unit;
  };
  const ticks: Tick[] = [{ at: zero, label: ['0'] }];
  const first = Math.ceil(Math.log10(low) - 1e-9);
  for (const [sign, reach] of [
    [1, right],
    [-1, left],
  ] as const) {
    const step = Math.max(1, Math.ceil(54 / unit));
    for (let k = Math.ceil(first / step) * step; k <= Math.log10(low) + reach + 1e-9; k += step) {
      const at = place(sign * tenTo(k));
      if (Math.abs(at - zero) > half + 8) ticks.push({ at, label: powerOfTen(k, sign) });
    }
  }
  return { axis: { map: place, ticks: ticks.sort((a, b) => a.at - b.at) }, zero, half };
}

/** Bottom axis: rule, labels, title. */
export function xAxis(axis: Axis, { left, top, width, height }: Frame, title: Rich, grid: boolean): string {
  const y = top + height;
  const ticks = axis.ticks.map(
    ({ at, label }) =>
      (grid ? el('line', { class: 'grid', x1: at, x2: at, y1: top, y2: y }) : '') +
      el('line', { class: 'axis', x1: at, x2: at, y1: y, y2: y + 5 }) +
      el('text', { class: 'tick', x: at, y: y + 18, 'text-anchor': 'middle' }, svgText(label)),
  );
  const rule = el('line', { class: 'axis', x1: left, x2: left + width, y1: y, y2: y });
  const name = el('text', { class: 'tick', x: left + width, y: y + 36, 'text-anchor': 'end' }, svgText(title));
  return ticks.join('') + rule + name;
}

/** Left axis: grid lines, labels, and a title that stands above it rather than turned by 90 degrees. */
export function yAxis(axis: Axis, { left, top, width }: Frame, title: Rich, grid: boolean): string {
  const ticks = axis.ticks.map(
    ({ at, label }) =>
      (grid ? el('line', { class: 'grid', x1: left, x2: left + width, y1: at, y2: at }) : '') +
      el('text', { class: 'tick', x: left - 8, y: at + 4, 'text-anchor': 'end' }, svgText(label)),
  );
  return ticks.join('') + el('text', { class: 'tick', x: 4, y: top - 12 }, svgText(title));
}
