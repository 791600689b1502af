import { number, percentUp } from '../../page/format.js';
import type { Rich } from '../../page/markup.js';
import type { Cell } from '../../page/parts.js';
import type { NormBoundRow } from './shape.js';

export const standingText = {
  paper: 'as printed in its source',
  derived: 'derived here',
  reconstructed: 'reconstruction',
} as const;

/** The same in the cells of a table. */
export const shortStanding = { ...standingText, paper: 'as printed' } as const;

/** e^log as people read it, also where it overflows. */
export function sizeOf(log: number | null): Rich {
  if (log === null) return ['0'];
  const power = log / Math.LN10;
  if (Math.abs(power) < 300) return number(Math.exp(log));
  const whole = Math.floor(power);
  return [`${(10 ** (power - whole)).toFixed(1)} × 10`, { sup: String(whole) }];
}

/** A value below 1 in percent, rounded up as bounds are. */
export function valueText({ logValue }: Pick<NormBoundRow, 'logValue'>): Exclude<Cell, null> {
  if (logValue === null) return 'none';
  return logValue < 0 ? percentUp(Math.exp(logValue)) : sizeOf(logValue);
}

export function constantsText({ constants, unknown = {} }: NormBoundRow): string {
  const set = Object.entries(unknown).map(([name, value]) => `${name} = ${value}`);
  if (constants === 'explicit') return 'all in the value';
  if (constants === 'dropped') return 'left out: a rate';
  return `unknown, set to ${set.join(', ')}`;
}

/** The same in the cells of a table. */
export function shortConstants({ constants, unknown = {} }: NormBoundRow): string {
  if (constants !== 'unknown') return constants === 'explicit' ? 'known' : 'left out';
  return `set: ${Object.entries(unknown)
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ')}`;
}

/** All constants known, nothing reconstructed, and nothing that makes it less than a statement on this network. */
export function isStatement({ constants, standing, caveats, logValue }: NormBoundRow): boolean {
  return constants === 'explicit' && standing !== 'reconstructed' && caveats.length === 0 && logValue !== null;
}

/** Whether the value says nothing on errors; undefined where no value of the formula would: a constant is missing. */
export function vacuity({ constants, vacuous }: NormBoundRow): 'vacuous' | 'below 1' | undefined {
  if (constants === 'dropped') return undefined;
  if (vacuous) return 'vacuous';
  return constants === 'explicit' ? 'below 1' : undefined;
}
