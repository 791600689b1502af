import { type Decoder, Mismatch, finite, numberThat, pairOf } from '@hyperribbon/contract/decode';
import type { Start } from '../network.js';

/** More than any length of an array of ours may be: stops a hostile file before arrays are made. */
export const longest: number = 2 ** 24;

/** A whole number in [low, 2²⁴]. */
function whole(low: number): Decoder<number> {
  return numberThat((x) => Number.isSafeInteger(x) && x >= low && x <= longest, `a whole number in [${low}, 2^24]`);
}

export const size: Decoder<number> = /* @__PURE__ */ whole(1);

/** One number for both directions, or [vertical, horizontal]. */
export type Pair = number | readonly [number, number];

export const sizes: Decoder<Pair> = (value, path) =>
  Array.isArray(value) ? pairOf(size)(value, path) : size(value, path);

export const margin: Decoder<number> = /* @__PURE__ */ whole(0);

export const margins: Decoder<Pair> = (value, path) =>
  Array.isArray(value) ? pairOf(margin)(value, path) : margin(value, path);

/** [vertical, horizontal] of either form. */
export function both(pair: Pair): readonly [number, number] {
  return typeof pair === 'number' ? [pair, pair] : pair;
}

/** A share in [0, 1). */
export const rate: Decoder<number> = /* @__PURE__ */ numberThat((x) => x >= 0 && x < 1, 'in [0, 1)');

export const epsilon: Decoder<number> = /* @__PURE__ */ numberThat((x) => x > 0, 'a number above 0');

const spread: Decoder<number> = /* @__PURE__ */ numberThat((x) => x >= 0, 'a number, not negative');

/** How an array starts. */
export const start: Decoder<Start> = (value, path) => {
  if (typeof value === 'number') return finite(value, path);
  const law = ['uniform', 'normal'].find((key) => typeof value === 'object' && value !== null && key in value);
  if (law === undefined) throw new Mismatch(path, 'a number, {"uniform": bound} or {"normal": deviation}', value);
  const given = spread((value as Record<string, unknown>)[law], `${path}.${law}`);
  return law === 'uniform' ? { uniform: given } : { normal: given };
};
