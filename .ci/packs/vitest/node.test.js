import { expect, test } from 'vitest';
import { solve } from './solve.js';

test('node', async () => {
  expect(await solve({ workers: 2 })).toBe(process.env.EXPECTED);
}, 120_000);
