import { fisher, gaussNewton, hessian } from '@hyperribbon/curvature';
import type { FloatArray } from '@hyperribbon/kernels';
import { mlp } from '@hyperribbon/nn';
import { describe, expect, test } from 'vitest';
import { smallExamples } from './smallExamples.js';

const network = mlp([4, 5, 3], { activation: 'tanh' });
const examples = smallExamples(11, 4, 3);
const [here, there] = [1, 2].map((seed) => network.init(seed, 'float64').map((w) => 2 * w));
const direction = Float64Array.from({ length: network.size }, (_, i) => Math.sin(i));

/** All that an operator tells. */
function told(operator: ReturnType<typeof hessian>): readonly unknown[] {
  const out: FloatArray = new Float64Array(network.size);
  operator.apply(direction, out);
  return [out, operator.loss, operator.gradientNorm, operator.gradient()];
}

describe('An operator that is moved to other weights', () => {
  // chunks of two, all kept or one at a time
  const least = { chunkSize: 2, memoryLimit: 20_000 };
  test.each([
    ['hessian', hessian, {}],
    ['hessian in chunks', hessian, { chunkSize: 2 }],
    ['hessian that keeps few chunks', hessian, least],
    ['Gauss-Newton', gaussNewton, {}],
    ['exact Fisher', fisher, {}],
    ['empirical Fisher', fisher, { kind: 'empirical' }],
  ] as const)('%s: is the one made there, to the bit', (_, make, options) => {
    const asked = { ...options, dtype: 'float64' } as const;
    const moved = make(network, here, examples, asked);
    const before = told(moved);
    moved.setWeights(there as Float64Array);
    expect(told(moved)).toEqual(told(make(network, there, examples, asked)));
    expect(told(moved)).not.toEqual(before);
    moved.setWeights(here as Float64Array);
    expect(told(moved)).toEqual(before);
  });

  test('of drawn labels, or given other things than weights, refuses by name', () => {
    const sampled = fisher(network, here, examples, { kind: 'sampled', dtype: 'float64' });
    expect(() => sampled.setWeights(there as Float64Array)).toThrow('labels were drawn');
    const H = hessian(network, here, examples, { dtype: 'float64' });
    expect(() => H.setWeights(new Float64Array(3))).toThrow('params');
    expect(() => H.setWeights(direction.map(() => NaN))).toThrow('params');
  });
});
