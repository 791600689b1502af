import { squaredError } from '@hyperribbon/nn';
import { expect, test } from 'vitest';
import { lossDerivatives } from '../../src/dynamics/lossDerivatives.js';
import { examples, network, params, size } from '../small.js';

const weights = Float64Array.from(params);
const u = weights.map((_, i) => Math.sin(1 + i)) as Float64Array;
const v = weights.map((_, i) => Math.cos(2 * i)) as Float64Array;
const dot = (x: Float64Array, y: Float64Array): number => x.reduce((sum, value, i) => sum + value * y[i], 0);

test('Third derivatives are differences of Hessian-vector products, symmetric in all directions, and sums over chunks', () => {
  const options = { loss: squaredError, dtype: 'float64', deterministic: true } as const;
  const whole = lossDerivatives('test', network, examples, options);
  const parts = lossDerivatives('test', network, examples, { ...options, chunkSize: 7 });
  const along = (derivatives: typeof whole, a: Float64Array, b: Float64Array): Float64Array => {
    const out = new Float64Array(size);
    derivatives.third(weights, a, b, out);
    return out;
  };
  const found = along(whole, u, v);
  along(parts, u, v).forEach((value, i) => expect(Math.abs(value - found[i])).toBeLessThan(1e-13));
  along(whole, v, u).forEach((value, i) => expect(Math.abs(value - found[i])).toBeLessThan(1e-13));
  expect(Math.abs(dot(along(whole, v, v), u) - dot(found, v))).toBeLessThan(1e-12);
  const h = 1e-5;
  const [plus, minus] = [h, -h].map((step) => {
    const out = new Float64Array(size);
    whole.product(weights.map((w, i) => w + step * u[i]) as Float64Array, v, out);
    return out;
  });
  found.forEach((value, i) => expect(Math.abs(value - (plus[i] - minus[i]) / (2 * h))).toBeLessThan(1e-8));
  expect(whole.counts).toEqual({ gradients: 0, products: 2, thirds: 3 });
});
