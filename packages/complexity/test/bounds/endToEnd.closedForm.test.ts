// Oracle: bounds on a network of 2 × 2 matrices written out from weights and examples, with unions, limits and ramp, without the code under test.
import { stack } from '@hyperribbon/nn/models';
import { describe, expect, it } from 'vitest';
import { allBounds, type NetworkNorms, networkNorms, type SampleNorms, sampleNorms } from '../../src/index.js';
import { expectNear } from '../near.js';

const network = stack({
  input: [2],
  layers: [
    { kind: 'linear', name: 'W1', out: 2, bias: false },
    { kind: 'relu' },
    { kind: 'linear', name: 'W2', out: 2, bias: false },
  ],
});
/** rows are outputs */
const [W1, W2] = [
  [
    [1.5, -0.25],
    [0.5, 0.75],
  ],
  [
    [0.9, 0.2],
    [-0.4, 1.1],
  ],
] as const;
// stored (inputs, outputs)
const params = Float64Array.from([W1, W2].flatMap(([[a, b], [c, d]]) => [a, c, b, d]));
const count = 4000;
const points = [
  [1, 2],
  [-1, 0.5],
  [0.25, -2],
  [2, 0],
] as const;
const inputs = Float64Array.from({ length: 2 * count }, (_, k) => points[(k >> 1) % 4][k % 2]);
const labels = Int32Array.from({ length: count }, (_, i) => [1, 1, 0, 0][i % 4]);
const [delta, step, margins] = [0.05, 0.1, [0.25, 0.5]];

const times = ([[a, b], [c, d]]: typeof W1 | typeof W2, [x, y]: readonly number[]): number[] => [
  a * x + b * y,
  c * x + d * y,
];
const own = points.map((point, i) => {
  const [f, g] = times(
    W2,
    times(W1, point).map((h) => Math.max(0, h)),
  );
  return i < 2 ? g - f : f - g;
});
const ramp = (gamma: number): number =>
  own.reduce((sum, margin) => sum + Math.min(1, Math.max(0, 1 - margin / gamma)), 0) / 4;
const frobenius = ([[a, b], [c, d]]: typeof W1 | typeof W2): number => Math.sqrt(a * a + b * b + c * c + d * d);
/** σ₁² is the larger root of t² − ‖W‖_F² t + det² */
const spectral = (W: typeof W1 | typeof W2): number => {
  const [square, [[a, b], [c, d]]] = [frobenius(W) ** 2, W];
  return Math.sqrt((square + Math.sqrt(square * square - 4 * (a * d - b * c) ** 2)) / 2);
};
const rows = ([[a, b], [c, d]]: typeof W1 | typeof W2): number => Math.sqrt(a * a + b * b) + Math.sqrt(c * c + d * d);
/** the limit above a number, and what δ is divided by for it */
const limit = (value: number): readonly [number, number] => {
  const k = Math.ceil(Math.log(value) / step);
  const j = k >= 0 ? k : -k - 1;
  return [Math.exp(k * step), 3 * (j + 1) * (j + 2)];
};
const confidence = (members: number): number => 3 * Math.sqrt(Math.log((2 * members) / delta) / (2 * count));
const radius = Math.sqrt(5);
const norm = Math.sqrt((count / 4) * (5 + 1.25 + 4.0625 + 4));

const norms = async (): Promise<readonly [NetworkNorms, SampleNorms]> => {
  const examples = { inputs, labels, count, features: 2, classes: 2 };
  return [await networkNorms(network, params), await sampleNorms(network, params, examples)];
};

/** value at γ of each bound */
const expected: Readonly<Record<string, (gamma: number) => number>> = {
  trivial: (gamma) => {
    const [product, members] = limit(spectral(W1) * spectral(W2));
    // √(2π) · √2/γ of (1/m) √(2 m) Π s ‖X‖_F
    return (
      ramp(gamma) + ((2 * Math.sqrt(Math.PI)) / gamma) * product * norm * Math.sqrt(2 / count) + confidence(2 * members)
    );
  },
  'neyshabur-2015-frobenius': (gamma) => {
    const [product, members] = limit(frobenius(W1) * frobenius(W2));
    const one = 2 * product * Math.sqrt(2 / count) * radius;
    return ramp(gamma) + ((4 * 2) / gamma) * one + confidence(2 * members);
  },
  'bartlett-2017-explicit-zero': (gamma) => {
    const [product, members] = limit(spectral(W1) * spectral(W2));
    const [[a, first], [b, second]] = [limit(rows(W1) / spectral(W1)), limit(rows(W2) / spectral(W2))];
    const complexity = product * (a ** (2 / 3) + b ** (2 / 3)) ** 1.5;
    const main = (72 * norm * Math.sqrt(Math.log(8)) * Math.log(count) * complexity) / (gamma * count);
    return ramp(gamma) + 8 / count ** 1.5 + main + confidence(2 * members * first * second);
  },
  'parameter-counting': (gamma) => {
    const [product, members] = limit(spectral(W1) * spectral(W2));
    // four numbers a layer, fewer than 2 (2 + 2 + 1); ranks 0, 1 and 2 of each
    const nets = Math.log((18 * count * 2 * radius * product) / gamma);
    return ramp(gamma) + 2 * (1 / count + Math.sqrt((2 * 8 * nets) / count)) + confidence(2 * members * 9);
  },
};

describe.each(Object.entries(expected))('%s of two 2 × 2 matrices', (name, at) => {
  it('is what its statement says, and no more than that', async () => {
    const { bounds } = allBounds(...(await norms()), { delta, step, margins });
    const bound = bounds.find((one) => one.name === name)!;
    expect(bound.caveats).toEqual([]);
    expect(bound.constants).toBe('explicit');
    expect(margins).toContain(bound.margin);
    expectNear(bound.value, at(bound.margin!), 1e-9);
    expect(bound.value).toBeGreaterThan(bound.empirical);
  });
});

describe('the margins of the sample', () => {
  it('are those of the network written out', async () => {
    const [, sample] = await norms();
    own.forEach((margin, i) => expectNear(sample.margins[i], margin, 1e-14));
    expectNear(sample.frobenius, norm, 1e-12);
  });
});
