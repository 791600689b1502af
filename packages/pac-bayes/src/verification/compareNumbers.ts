import { add, below, divide, interval, multiply, subtract, toNumberUp, type Interval } from './recomputeInterval.js';

const absolute = interval(1e-40);

/**
 * Is `claimed` a safe and honest rounding of `exact`: not below it, not above it by more than `above` of it?
 * @param under relative slack below, for quantities that are defined in double arithmetic themselves
 * @returns undefined if it is, else a sentence with both numbers
 */
export function compare(claimed: number, exact: Interval, under = 0, over = 1e-9): string | undefined {
  const x = interval(claimed);
  const size = { lo: exact.hi < 0n ? -exact.hi : exact.hi, hi: exact.hi < 0n ? -exact.hi : exact.hi };
  const lowest = under === 0 ? exact : subtract(exact, multiply(size, interval(under)));
  if (below(x, lowest)) return `it says ${claimed}, its ingredients give at least ${shown(exact)}`;
  const highest = add(exact, add(multiply(size, interval(over)), absolute));
  if (below(highest, x)) return `it says ${claimed}, its ingredients give no more than ${shown(exact)}`;
  return undefined;
}

function shown(x: Interval): string {
  return String(toNumberUp(divide(x, interval(1))));
}
