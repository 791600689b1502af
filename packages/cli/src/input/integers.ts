import { UsageError } from '../usageError.js';

/** A whole number from the command line, within a range. */
export function integerOption(
  option: string,
  text: string,
  from: number,
  to: number = Number.MAX_SAFE_INTEGER,
): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < from || value > to) {
    const range = to === Number.MAX_SAFE_INTEGER ? `at least ${from}` : `from ${from} to ${to}`;
    throw new UsageError(`${option}: must be a whole number ${range}, got "${text}"`);
  }
  return value;
}

/** A positive number from the command line. */
export function positiveOption(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new UsageError(`${option}: must be a positive number, got "${text}"`);
  }
  return value;
}
