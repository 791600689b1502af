import {
  type AnyExamples,
  lenet,
  type Loss,
  type Network,
  softmaxCrossEntropy,
  squaredError,
  tokenCrossEntropy,
} from '@hyperribbon/nn';
import { gpt, resnet, vit } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { describe, expect, test } from 'vitest';
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

describe('Third derivatives of every kind of network', () => {
  const image = [1, 4, 4] as const;
  const rows: Readonly<Record<string, Network>> = {
    'convolutions and pooling': lenet({ channels: [1, 1], hidden: [2], classes: 2 }),
    'residual blocks with batch norms': resnet(8, { classes: 2, image, width: 1 / 16 }),
    'attention over patches': vit(4, 1, 2, { classes: 3, image, patch: 2 }),
    'attention over tokens': gpt(4, 1, 2, { vocabulary: 6, positions: 3 }),
  };

  test.each(Object.entries(rows))('%s: differences of products', (_name, of) => {
    const { examples: given, loss } = examplesOf(of);
    const draws = stream({ seed: 7, purpose: 'third' });
    const draw = (): Float64Array => draws.normal(new Float64Array(of.size)) as Float64Array;
    const [moved, a, b] = [draw(), draw(), draw()];
    const at = Float64Array.from(of.init(5, 'float64'), (w, i) => w + 0.1 * moved[i]);
    const derivatives = lossDerivatives('test', of, given, { loss, dtype: 'float64', deterministic: true });
    const found = new Float64Array(of.size);
    derivatives.third(at, a, b, found);
    const h = 1e-5;
    const [plus, minus] = [h, -h].map((step) => {
      const out = new Float64Array(of.size);
      derivatives.product(at.map((w, i) => w + step * a[i]) as Float64Array, b, out);
      return out;
    });
    const wanted = plus.map((value, i) => (value - minus[i]) / (2 * h)) as Float64Array;
    const size = Math.sqrt(dot(wanted, wanted));
    expect(size).toBeGreaterThan(0.1);
    found.forEach((value, i) => expect(Math.abs(value - wanted[i])).toBeLessThan(1e-6 * size));
  });
});

function examplesOf(of: Network): { readonly examples: AnyExamples; readonly loss: Loss } {
  const [count, features] = [3, of.inputs];
  const draws = stream({ seed: 3, purpose: 'third/examples' });
  if (of.vocabulary !== undefined) {
    const tokens = (): Float64Array => Float64Array.from({ length: count * features }, () => draws.integer(6));
    const examples = { inputs: tokens(), targets: tokens(), count, features, outputs: features };
    return { examples, loss: tokenCrossEntropy({ positions: features }) };
  }
  const labels = Int32Array.from({ length: count }, (_, i) => i % of.classes);
  const inputs = draws.normal(new Float64Array(count * features));
  return { examples: { inputs, labels, count, features, classes: of.classes }, loss: softmaxCrossEntropy };
}
