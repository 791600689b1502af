/** @jest-environment jsdom */
import { solve } from './solve.mjs';

test('jsdom', async () => {
  expect(typeof document).toBe('object');
  expect(await solve({ workers: 2 })).toBe(process.env.EXPECTED);
}, 120_000);
