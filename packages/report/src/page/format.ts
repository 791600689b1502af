import type { Rich } from './markup.js';

const NARROW = '\u202F';
const MINUS = '−';

/** 55 000, with narrow spaces. */
export function integer(x: number): string {
  return withMinus(String(Math.round(x)).replace(/\B(?=(\d{3})+(?!\d))/g, NARROW));
}

/** Three significant digits: 0.0283, 12.4, 55 000, or 1.2 · 10^-7 outside 1e-3..1e6. */
export function number(x: number, digits = 3): Rich {
  if (x === 0) return ['0'];
  const size = Math.abs(x);
  if (Number.isInteger(x) && size < 1e7) return [integer(x)];
  const [mantissa, exponent] = x.toExponential(digits - 1).split('e');
  const k = Number(exponent);
  if (k < -3 || k >= 6) return [`${withMinus(mantissa)}${NARROW}×${NARROW}10`, { sup: withMinus(String(k)) }];
  if (k >= digits) return [integer(Number(x.toPrecision(digits)))];
  return [withMinus(x.toFixed(Math.max(0, digits - 1 - k)))];
}

/** 10^k, as axis labels are written. */
export function powerOfTen(k: number, sign: 1 | -1 = 1): Rich {
  return [sign < 0 ? `${MINUS}10` : '10', { sup: withMinus(String(k)) }];
}

/** A fraction as a percentage with three digits or so: 2.83 %, 13.5 %. */
export function percent(x: number): string {
  const steps = stepsOf(x);
  return percentOf(Math.round(tidy(x * steps)), steps);
}

/** Hundredths of a percent below a tenth, tenths above. */
function stepsOf(x: number): number {
  return Math.abs(x) < 0.1 ? 1e4 : 1e3;
}

function percentOf(k: number, steps: number): string {
  return `${withMinus(((100 * k) / steps).toFixed(steps === 1e4 ? 2 : 1))}${NARROW}%`;
}

/** A tick of an axis in percent: as few digits as it has. */
export function percentTick(x: number): Rich {
  return [`${withMinus(String(Number((x * 100).toPrecision(6))))}${NARROW}%`];
}

/** Rounded away from optimism, compared as doubles: what is said to be an upper bound stays one after rounding. */
export function percentUp(x: number): string {
  const steps = stepsOf(x);
  const near = Math.round(x * steps);
  return percentOf(near / steps >= x ? near : near + 1, steps);
}

/** 1 - 0.035 is 0.96499999...: numbers that are whole up to rounding noise count as whole. */
function tidy(x: number): number {
  const nearest = Math.round(x);
  return Math.abs(x - nearest) < 1e-9 * Math.max(1, Math.abs(x)) ? nearest : x;
}

/** Confidence 1 - delta, rounded down: 96.5 %. */
export function confidence(x: number): string {
  const decimals = x >= 0.999 ? 1e6 : 10;
  const value = Math.floor(tidy(x * 100 * decimals)) / decimals;
  return `${value}${NARROW}%`;
}

/** 0.4 s, 12 s, 3 min 5 s. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)}${NARROW}s`;
  if (seconds < 120) return `${Math.round(seconds)}${NARROW}s`;
  return `${Math.floor(seconds / 60)}${NARROW}min ${Math.round(seconds % 60)}${NARROW}s`;
}

export function withMinus(text: string): string {
  return text.replace('-', MINUS);
}
