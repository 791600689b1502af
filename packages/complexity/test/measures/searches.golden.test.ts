// Oracle: numpy, 200,000 draws of noise on all 89 parameters of the network whose sizes differ, on labels that it gives itself; bisection to 1e-7.
import { logits } from '@hyperribbon/nn';
import { sigmaSearch, type SigmaSearchOptions } from '@hyperribbon/complexity';
import { describe, expect, it } from 'vitest';
import { examples, flat, network, weights } from './uneven.js';

const params = flat(weights);
const outputs = logits(network, params, examples);
const own = {
  ...examples,
  labels: examples.labels.map((_, i) => {
    const row = Array.from(outputs.subarray(3 * i, 3 * i + 3));
    return row.indexOf(Math.max(...row));
  }),
};

// σ, its error, and the error that one draw leaves
const golden: readonly (readonly [string, SigmaSearchOptions, number, number, number])[] = [
  ['std', {}, 0.02816629, 5.9e-5, 0.02617695],
  ['variance as std', { noiseScale: 'variance-as-std' }, 0.16782804, 1.74e-4, 0.07778998],
  ['magnitude, std', { magnitude: true }, 0.02747583, 6.6e-5, 0.02931563],
  ['magnitude, variance as std', { magnitude: true, noiseScale: 'variance-as-std' }, 0.16443491, 1.7e-4, 0.0761168],
];

describe('the noise that costs a network a tenth of its accuracy', () => {
  it.each(golden)(
    '%s: is what another program finds, with the error that it has',
    async (_, options, sigma, error, each) => {
      const draws = 600;
      const found = await sigmaSearch(network, params, own, {
        ...options,
        epsilon: 0.01,
        draws,
        tolerance: 1e-5,
        limit: 0.4,
        steps: 12,
        seed: 11,
        dtype: 'float64',
      });
      const allowed = 4 * Math.hypot(each / Math.sqrt(draws), error) + 0.4 / 2 ** 11;
      expect(Math.abs(found.sigma - sigma)).toBeLessThan(allowed);
      // the slope is taken between 0.8 σ and 1.25 σ, where the curve bends
      expect(found.standardError! / (each / Math.sqrt(draws))).toBeGreaterThan(0.7);
      expect(found.standardError! / (each / Math.sqrt(draws))).toBeLessThan(1.4);
      expect(Math.abs(found.sigma - 1.3 * sigma), 'another σ').toBeGreaterThan(allowed);
    },
  );
});
