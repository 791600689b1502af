import { constantSchedule, cosineSchedule, learningRateAt, stepSchedule } from '@hyperribbon/nn';
import { expect, it } from 'vitest';

it('constant is the same everywhere', () => {
  for (const at of [0, 3, 9])
    expect(learningRateAt(constantSchedule(0.1), { step: at, steps: 10, epoch: 0 })).toBe(0.1);
});

it('cosine starts at from, ends at to, and is their mean halfway', () => {
  const at = (t: number): number => learningRateAt(cosineSchedule(2e-3, 5e-4), { step: t, steps: 101, epoch: 0 });
  expect(at(0)).toBe(2e-3);
  expect(at(100)).toBe(5e-4);
  expect(Math.abs(at(50) - 1.25e-3)).toBeLessThan(1e-18);
  for (let t = 1; t <= 100; t++) expect(at(t)).toBeLessThan(at(t - 1));
  expect(Math.abs(at(25) - (5e-4 + 1.5e-3 * 0.5 * (1 + Math.SQRT1_2)))).toBeLessThan(1e-17);
});

it('a run of one step uses from', () => {
  expect(learningRateAt(cosineSchedule(1, 0), { step: 0, steps: 1, epoch: 0 })).toBe(1);
});

it('step multiplies by factor after every so many epochs', () => {
  const schedule = stepSchedule(1, { factor: 0.5, every: 3 });
  const rates = [0, 1, 2, 3, 5, 6, 9].map((epoch) => learningRateAt(schedule, { step: 0, steps: 1, epoch }));
  expect(rates).toEqual([1, 1, 1, 0.5, 0.5, 0.25, 0.125]);
});

it('refuses rates that are negative or not finite', () => {
  expect(() => constantSchedule(-1)).toThrow(
    'constantSchedule: learningRate must be finite and >= 0, got learningRate=-1',
  );
  expect(() => cosineSchedule(1, Number.NaN)).toThrow('cosineSchedule: to must be finite and >= 0, got to=NaN');
  expect(() => stepSchedule(1, { factor: 0.1, every: 0 })).toThrow(
    'stepSchedule: every must be an integer >= 1, got every=0',
  );
});
