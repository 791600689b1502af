// Oracle: what a person reads of two plans that differ: some short lines, whatever the plans hold.
import { expect, it } from 'vitest';
import { planText } from '@hyperribbon/study';
import { differencesText } from '../../src/runs/differencesText.js';

it('names each option that differs, once, with both values', () => {
  expect(differencesText(planText({ seed: 1, epochs: 5 }), planText({ seed: 2, epochs: 5 }))).toBe(
    '\n  seed: 1, not 2',
  );
});

it('names arrays by their digests, and ends after eight lines', () => {
  const plan = (value: number) =>
    planText({ weights: new Float32Array(10_000).fill(value), list: Array.from({ length: 500 }, (_, i) => i + value) });
  const lines = differencesText(plan(0), plan(1)).split('\n').slice(1);
  expect(lines).toHaveLength(9);
  expect(lines.at(-1)).toMatch(/^ {2}and 49\d more$/);
  for (const line of lines) expect(line.length).toBeLessThan(170);
});
