// Oracle: the same spectrum, computed in one thread.
import { expect, it } from 'vitest';
import { networkSpectrum } from '../src/index.js';
import { network, params, sloppy } from './small.js';

it('networkSpectrum has the same bits for one and two threads', async () => {
  const many = sloppy(2500, 3);
  const options = { count: 2, deterministic: true } as const;
  const one = await networkSpectrum(network, params, many, options);
  const two = await networkSpectrum(network, params, many, { ...options, workers: 2 });
  expect(two.values).toEqual(one.values);
});
