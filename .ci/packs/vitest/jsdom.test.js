// @vitest-environment jsdom
import { constant } from '@hyperribbon/autodiff';
import { expect, test } from 'vitest';
import { solve } from './solve.js';

test('jsdom', async () => {
  expect(typeof document).toBe('object');
  expect(constant(Float64Array.of(0.5, 1)).dtype).toBe('float64');
  expect(await solve({ workers: 2 })).toBe(process.env.EXPECTED);
}, 120_000);
