// Oracle: the formulas in numpy, float64, at given scales: on G0 (12 digits) and on a network whose sizes all differ (17 digits).
import { type Measure, pacBayesMeasures, sharpnessMeasures, weightVectors } from '@hyperribbon/complexity';
import { mlp } from '@hyperribbon/nn';
import { resnet } from '@hyperribbon/nn/models';
import { describe, expect, it } from 'vitest';
import { flat, network, start, weights } from './uneven.js';

const near = (value: number, expected: number, tolerance = 1e-9): boolean =>
  Math.abs(value - expected) <= tolerance * Math.abs(expected);
const byName = (measures: readonly Measure[]): Readonly<Record<string, Measure>> =>
  Object.fromEntries(measures.map((one) => [one.name, one]));

const g0 = weightVectors(
  mlp([3, 2, 2]),
  Float64Array.of(3, 0, 4, 0, 0, 1, 9, 9, 1, -1, -1, 1, 9, 9),
  Float64Array.of(3, 0, 3, 0, 0, 0, 8, 8, 1, 0, 0, 1, 8, 8),
);
const vectors = weightVectors(network, flat(weights), flat(start));

describe('measures of flatness at a given scale', () => {
  const found = byName([
    ...pacBayesMeasures(g0, { value: 0.5 }, 'plain', { count: 4 }),
    ...pacBayesMeasures(g0, { value: 0.25 }, 'magnitude', { count: 4 }),
  ]);

  it.each([
    ['pacbayes-init', 16.0794415417, 2.00495894856],
    ['pacbayes-orig', 42.0794415417, 3.24343342546],
    ['pacbayes-flatness', 4, 1],
    ['pacbayes-mag-init', 34.1292678888, 2.92101300445],
    ['pacbayes-mag-orig', 39.1665203421, 3.12915804739],
    ['pacbayes-mag-orig-own', 29.641870946, 2.72221743005],
    ['pacbayes-mag-flatness', 16, 2],
  ])('G0: %s', (name, value, reported) => {
    expect(near(Math.exp(found[name].logValue), value)).toBe(true);
    expect(near(found[name].reported, reported)).toBe(true);
    expect(near(found[name].reported, reported * (1 + 1e-8)), 'moved by ten tolerances').toBe(false);
  });

  const large = byName([
    ...pacBayesMeasures(vectors, { value: 0.3 }, 'plain', { count: 23 }),
    ...pacBayesMeasures(vectors, { value: 0.07 }, 'magnitude', { count: 23 }),
    ...sharpnessMeasures(vectors, { value: 0.2 }, 'plain', { count: 23 }),
    ...sharpnessMeasures(vectors, { value: 0.05 }, 'magnitude', { count: 23 }),
  ]);

  it.each([
    ['pacbayes-init', 112.97227952025509],
    ['pacbayes-orig', 102.18668924247731],
    ['pacbayes-flatness', 11.11111111111111],
    ['pacbayes-mag-init', 143.64724773044657],
    ['pacbayes-mag-orig', 141.47591265083852],
    ['pacbayes-mag-orig-own', 136.19731454096484],
    ['pacbayes-mag-flatness', 204.0816326530612],
    ['sharpness-init', 1637.7227963532368],
    ['sharpness-orig', 1460.2486492641804],
    ['sharpness-flatness', 25],
    ['sharpness-mag-init', 218.69756150336627],
    ['sharpness-mag-orig', 216.52622175124284],
    ['sharpness-mag-flatness', 400],
  ])('5 → 7 → 4 → 3: %s', (name, value) => {
    const { logValue, reported, standing } = large[name];
    expect(near(Math.exp(logValue), value, 1e-12)).toBe(true);
    expect(near(reported, Math.sqrt(value / 23), 1e-12)).toBe(true);
    expect(standing).toBe(name.startsWith('sharpness') || name.endsWith('own') ? 'reconstructed' : 'paper');
  });

  it('carry the error of the scale on to what is reported', () => {
    const [init, orig, flatness] = pacBayesMeasures(vectors, { value: 0.3, standardError: 0.02 }, 'plain', {
      count: 23,
    });
    // d/dσ of 1/(σ √m)
    expect(near(flatness.standardError!, 0.02 / (0.09 * Math.sqrt(23)), 1e-7)).toBe(true);
    const slope = (v: Float64Array, reported: number): number =>
      (v.reduce((sum, x) => sum + x * x, 0) / (2 * 0.3 ** 3) + 1 / 0.3) / (2 * reported * 23);
    expect(near(init.standardError!, 0.02 * slope(vectors.change!, init.reported), 1e-7)).toBe(true);
    expect(near(orig.standardError!, 0.02 * slope(vectors.weights, orig.reported), 1e-7)).toBe(true);
    expect('standardError' in pacBayesMeasures(vectors, { value: 0.3 }, 'plain', { count: 23 })[0]).toBe(false);
  });
});

describe('the weights that they count', () => {
  it('are those of layers, without biases and scales', () => {
    expect([...g0.weights]).toEqual([3, 0, 4, 0, 0, 1, 1, -1, -1, 1]);
    expect([...g0.change!]).toEqual([0, 0, 1, 0, 0, 1, 0, -1, -1, 0]);
    const net = resnet(8, { image: [1, 8, 8], classes: 4 });
    const layers = net.parameters.filter(({ shape }) => shape.length > 1);
    const size = layers.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    expect(weightVectors(net, net.init(1)).weights.length).toBe(size);
  });
});

describe('scales and weights out of the ordinary', () => {
  it('a scale that was not found leaves all of them undefined, for its reason', () => {
    for (const { undefinedBecause, logValue } of [
      ...pacBayesMeasures(g0, { value: 2, undefinedBecause: 'it never drops' }, 'plain', { count: 4 }),
      ...sharpnessMeasures(g0, { value: 2, undefinedBecause: 'it never drops' }, 'magnitude', { count: 4 }),
    ])
      expect([undefinedBecause, logValue]).toEqual(['it never drops', NaN]);
  });

  it('without a reference only what needs none is there', () => {
    const { weights: own } = g0;
    const names = (measures: readonly Measure[]): string[] =>
      measures.filter(({ undefinedBecause }) => undefinedBecause === undefined).map(({ name }) => name);
    expect(names(pacBayesMeasures({ weights: own }, { value: 0.5 }, 'plain', { count: 4 }))).toEqual([
      'pacbayes-orig',
      'pacbayes-flatness',
    ]);
    expect(names(pacBayesMeasures({ weights: own }, { value: 0.5 }, 'magnitude', { count: 4 }))).toEqual([
      'pacbayes-mag-orig-own',
      'pacbayes-mag-flatness',
    ]);
    expect(names(sharpnessMeasures({ weights: own }, { value: 0.5 }, 'magnitude', { count: 4 }))).toEqual([
      'sharpness-mag-flatness',
    ]);
  });

  it('weights of 1e±200 do not overflow: magnitude-aware measures do not change once ε is small beside them', () => {
    const times = (c: number) => ({
      weights: vectors.weights.map((w) => w * c),
      change: vectors.change!.map((w) => w * c),
    });
    const magnitude = (c: number): Measure[] =>
      pacBayesMeasures(times(c), { value: 0.5 }, 'magnitude', { count: 23, epsilon: 1e-3 * c });
    magnitude(1e200).forEach(({ logValue }, i) => expect(near(logValue, magnitude(1)[i].logValue)).toBe(true));
    const [init] = pacBayesMeasures(times(1e200), { value: 0.5 }, 'plain', { count: 23 });
    expect(near(init.logValue, 400 * Math.LN10 + Math.log(vectors.change!.reduce((sum, x) => sum + x * x, 0)))).toBe(
      true,
    );
    const [still] = pacBayesMeasures(times(1e-200), { value: 0.5 }, 'plain', { count: 23 });
    expect(Math.exp(still.logValue)).toBeCloseTo(Math.log(46) + 10, 12);
  });

  it('zero weights have no magnitude: ε stands alone', () => {
    const zero = { weights: new Float64Array(5), change: new Float64Array(5) };
    const [init] = pacBayesMeasures(zero, { value: 0.5 }, 'magnitude', { count: 10 });
    expect(Math.exp(init.logValue)).toBeCloseTo(Math.log(20) + 10, 12);
    const [, , own] = pacBayesMeasures(zero, { value: 0.5 }, 'magnitude', { count: 10, epsilon: 0 });
    expect(own.undefinedBecause).toMatch(/negative or not a number/);
  });

  it('and options that cannot be are refused', () => {
    expect(() => pacBayesMeasures(g0, { value: 0.5 }, 'plain', { count: 0 })).toThrow(/count must be an integer >= 1/);
    expect(() => sharpnessMeasures(g0, { value: 0.5 }, 'plain', { count: 4, delta: 0 })).toThrow(/delta must be in/);
    expect(() => pacBayesMeasures(g0, { value: 0 }, 'plain', { count: 4 })).toThrow(/scale must be finite and > 0/);
  });
});
