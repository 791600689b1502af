import { UsageError } from '../usageError.js';
import type { Parser } from './option.js';

/** Any text: a file, a folder, an architecture. */
export const text: Parser<string> = (given) => given;

/** One of some words. */
export function oneOf<const Words extends readonly string[]>(...choices: Words): Parser<Words[number]> {
  // commander checks them
  return Object.assign((given: string) => given, { choices });
}

/** A whole number within a range. */
export function whole(from: number, to: number = Number.MAX_SAFE_INTEGER): Parser<number> {
  const range = to === Number.MAX_SAFE_INTEGER ? `at least ${from}` : `from ${from} to ${to}`;
  return numeric(`a whole number ${range}`, (value) => Number.isSafeInteger(value) && value >= from && value <= to);
}

/** Different whole numbers with commas between, ascending. */
export function wholes(from: number): Parser<readonly number[]> {
  const one = whole(from);
  return (given, flag) => {
    const numbers = given.split(',').map((part) => one(part, flag));
    return [...new Set(numbers)].sort((a, b) => a - b);
  };
}

export const positive: Parser<number> = numeric('a positive number', (value) => value > 0);

/** A probability below `most`. */
export function probability(most = 1): Parser<number> {
  return numeric(`in (0, ${most})`, (value) => value > 0 && value < most);
}

/** A share of a whole, of which something is left. */
export const share: Parser<number> = numeric('in [0, 1)', (value) => value >= 0 && value < 1);

function numeric(what: string, fits: (value: number) => boolean): Parser<number> {
  return (given, flag) => {
    const value = Number(given);
    if (given.trim() === '' || !Number.isFinite(value) || !fits(value)) {
      throw new UsageError(`${flag}: must be ${what}, got "${given}"`);
    }
    return value;
  };
}

/** A regular expression. */
export const pattern: Parser<RegExp> = (given, flag) => {
  try {
    return new RegExp(given, 'u');
  } catch {
    throw new UsageError(`${flag}: must be a regular expression, such as "^layer1[.]", got "${given}"`);
  }
};

/** A published number with its source: "0.161 Dziugaite and Roy 2017". */
export const published: Parser<{ readonly value: number; readonly source: string }> = (given, flag) => {
  const [, number, source] = /^([\d.]+)\s+(.+)$/.exec(given) ?? [];
  if (number === undefined || !Number.isFinite(Number(number))) {
    throw new UsageError(`${flag}: expected a number and its source, got "${given}"`);
  }
  return { value: Number(number), source };
};

/** Indices of a list or numbers, both ends included. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** A range of positive numbers: FROM:TO. */
export const rangeOf: Parser<Window> = (given, flag) => {
  const [from, to, ...rest] = given.split(':').map(Number);
  if (rest.length > 0 || !(from > 0) || !(to > from) || !Number.isFinite(to)) {
    throw new UsageError(`${flag}: expected FROM:TO with 0 < FROM < TO, got "${given}"`);
  }
  return { from, to };
};

/** A window that holds at least three values: FROM:TO. */
export const windowOf: Parser<Window> = (given, flag) => {
  const [from, to, ...rest] = given.split(':').map(Number);
  if (rest.length > 0 || !Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to - from < 2) {
    throw new UsageError(`${flag}: expected FROM:TO with 0 ≤ FROM, FROM + 2 ≤ TO, got "${given}"`);
  }
  return { from, to };
};
