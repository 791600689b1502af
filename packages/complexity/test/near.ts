import { expect } from 'vitest';

/** The two agree to 1e-9 of the second, and would not if it were ten times that away. */
export function expectNear(value: number | undefined, stated: number, relative = 1e-9): void {
  const within = (reference: number): boolean => Math.abs((value as number) - reference) <= relative * Math.abs(stated);
  expect(within(stated), `${value} is not ${stated} to ${relative}`).toBe(true);
  expect(within(stated * (1 + 10 * relative)), 'the tolerance tells values apart').toBe(stated === 0);
}

/** The same of a number that is given by its natural logarithm. */
export function expectLogNear(log: number | undefined, stated: number, relative = 1e-9): void {
  expectNear(Math.exp(log as number), stated, relative);
}
