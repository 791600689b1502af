// Oracle: a rectifier network does not change under W₁ → c W₁, b₁ → c b₁, W₂ → W₂/c, and its margins are multiplied by c with its last layer.
import {
  type Measure,
  type NetworkNorms,
  normMeasures,
  outputStatistics,
  pacBayesMeasures,
  pathNorm,
  weightVectors,
} from '@hyperribbon/complexity';
import { mlp } from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';
import { g0Norms } from '../g0.js';
import { examples, flat, layerOf, start, weights } from './uneven.js';

const sizes = [5, 7, 4, 3];
const net = mlp(sizes, { activation: 'relu' });
const none = [7, 4, 3].map((n) => new Float64Array(n));
const margins = Float64Array.from({ length: 20 }, (_, i) => 1 + i);

function measuresAt(factors: readonly number[], margin = 1): Readonly<Record<string, number>> {
  const matrices = weights.map((matrix, l) => matrix.map((w) => factors[l] * w));
  const network: NetworkNorms = {
    name: 'scaled',
    layers: matrices.map((matrix, l) => layerOf(`W${l + 1}`, matrix, start[l], sizes[l + 1], sizes[l])),
    inputs: 5,
    outputs: 3,
    parameters: 89,
    outside: [],
  };
  const sample = { ...g0Norms, count: 20, margins: margins.map((x) => margin * x) };
  const params = flat(matrices, none);
  const vectors = weightVectors(net, params, flat(start, none));
  const values = (measures: readonly Measure[]) => measures.map(({ name, logValue }) => [name, logValue]);
  return Object.fromEntries([
    ...values(normMeasures(network, sample)),
    ...values(pacBayesMeasures(vectors, { value: 0.1 }, 'plain', { count: 20 })),
    ...values(pacBayesMeasures(vectors, { value: 0.1 }, 'magnitude', { count: 20 })),
    ['path-norm', pathNorm(net, params).logSum],
    ...Object.entries(outputStatistics(net, params, examples)),
  ]);
}

const unchangedByMoving = [
  'params',
  'inverse-margin',
  'spec-orig',
  'spec-orig-main',
  'prod-of-spec',
  'prod-of-spec-over-margin',
  'fro-over-spec',
  'sum-of-spec',
  'sum-of-spec-over-margin',
  'prod-of-fro',
  'prod-of-fro-over-margin',
  'sum-of-fro',
  'sum-of-fro-over-margin',
  'path-norm',
  'logFisherRao',
  'logFisherRaoModel',
  'logCrossEntropy',
  'logEntropy',
  'prod-of-spec-fft',
  'pacbayes-flatness',
];
const changedByMoving = [
  'param-norm',
  'fro-dist',
  'dist-spec-init',
  'spec-init-main',
  'l2',
  'l2-dist',
  'pacbayes-init',
  'pacbayes-orig',
  'pacbayes-mag-init',
  'pacbayes-mag-orig',
  'pacbayes-mag-orig-own',
];

describe('a factor that moves from one layer to the next', () => {
  const before = measuresAt([1, 1, 1]);

  it.each([
    [3, 1 / 3, 1],
    [1, 1 / 7, 7],
    [1e3, 1e-6, 1e3],
  ])('(%d, %d, %d) leaves some measures as they are', (...factors) => {
    const after = measuresAt(factors);
    for (const name of unchangedByMoving)
      expect(Math.abs(after[name] - before[name]), name).toBeLessThan(1e-10 * Math.max(1, Math.abs(before[name])));
  });

  it('and changes the others, which see the weights and not the function', () => {
    const after = measuresAt([3, 1 / 3, 1]);
    for (const name of changedByMoving) expect(Math.abs(after[name] - before[name]), name).toBeGreaterThan(1e-3);
  });
});

describe('a factor on the last layer', () => {
  it('multiplies the margins too, so that what is divided by them stays', () => {
    const [before, after] = [measuresAt([1, 1, 1]), measuresAt([1, 1, 5], 5)];
    for (const name of [
      'spec-orig-main',
      'prod-of-spec-over-margin',
      'prod-of-fro-over-margin',
      'sum-of-spec-over-margin',
      'sum-of-fro-over-margin',
      'prod-of-spec-over-margin-fft',
    ])
      expect(after[name], name).toBeCloseTo(before[name], 10);
    for (const name of ['prod-of-spec', 'prod-of-fro', 'path-norm'])
      expect(after[name] - before[name], name).toBeCloseTo(2 * Math.log(5), 10);
    expect(before['inverse-margin'] - after['inverse-margin']).toBeCloseTo(2 * Math.log(5), 10);
  });
});
