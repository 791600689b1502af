// Oracle: the same matrix, formed and diagonalised in float64.
import { expect, it } from 'vitest';
import { networkSpectrum } from '../src/index.js';
import { dense, examples, network, params, size } from './small.js';

const weights = Float64Array.from(params);

it('measures a density where every pair is known: all of the spectrum is in it, to what one eigenvalue weighs', async () => {
  const { values } = await dense('hessian', 0);
  const options = { count: size, dtype: 'float64', vectors: true, density: { steps: 20, probes: 4 } } as const;
  const found = await networkSpectrum(network, weights, examples, options);
  expect(found.values).toHaveLength(size);
  const trace = values.reduce((a, b) => a + b, 0);
  const least = values.reduce((a, b) => Math.min(a, Math.abs(b)), Infinity);
  expect(Math.abs(found.density!.trace.value - trace)).toBeLessThan(size * least + 1e-9 * values[0]);
});
