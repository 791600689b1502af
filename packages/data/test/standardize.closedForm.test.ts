// Oracle: (x − mean) / deviation, number by number.
import { describe, expect, it } from 'vitest';
import { examplesFromArrays, standardize } from '@hyperribbon/data';

const labels = { shape: [2], data: Uint8Array.of(0, 1) };
const images = examplesFromArrays(
  { shape: [2, 3, 2, 2], data: Uint8Array.from({ length: 24 }, (_, i) => 10 * i) },
  labels,
  { dtype: 'float64' },
);

describe('standardize', () => {
  it('moves each channel of images, rows and columns alike', () => {
    const [means, deviations] = [
      [0.1, 0.2, 0.3],
      [0.5, 0.25, 2],
    ];
    const { inputs, shape } = standardize(images, { means, deviations });
    for (let i = 0; i < 24; i++) {
      const channel = Math.floor(i / 4) % 3;
      expect(inputs[i]).toBe(((10 * i) / 255 - means[channel]) / deviations[channel]);
    }
    expect(shape).toEqual([3, 2, 2]);
  });

  it('moves each feature, and all alike', () => {
    const rows = { inputs: Float64Array.of(1, 2, 3, 4), count: 2, features: 2 };
    expect([...standardize(rows, { means: [2, 3], deviations: [1, 2] }).inputs]).toEqual([-1, -0.5, 1, 0.5]);
    expect([...standardize(rows, { means: [1], deviations: [4] }).inputs]).toEqual([0, 0.25, 0.5, 0.75]);
    expect([...rows.inputs]).toEqual([1, 2, 3, 4]);
  });

  it('rounds once to the type of the inputs, and keeps all else', () => {
    const narrow = examplesFromArrays({ shape: [2, 1], data: Uint8Array.of(1, 254) }, labels);
    const moved = standardize(narrow, { means: [0.1307], deviations: [0.3081] });
    expect([...moved.inputs]).toEqual([1, 254].map((byte) => Math.fround((Math.fround(byte / 255) - 0.1307) / 0.3081)));
    expect({ ...moved, inputs: narrow.inputs }).toEqual(narrow);
    expect(moved.labels).toBe(narrow.labels);
  });

  it.each<[string, number[], number[], RegExp]>([
    ['no means', [], [], /as many deviations as means, got 0 means and 0 deviations/],
    ['more deviations', [1], [1, 2], /got 1 means and 2 deviations/],
    ['NaN', [NaN], [1], /means must be finite, got NaN/],
    ['a deviation of 0', [0], [0], /deviations must be positive and finite, got 0/],
    ['an infinite deviation', [0], [Infinity], /deviations must be positive and finite, got Infinity/],
    [
      'two for three channels',
      [0, 0],
      [1, 1],
      /one mean for all inputs, each of 3 channels, or each of 12 features, got 2/,
    ],
  ])('refuses %s', (_, means, deviations, message) => {
    expect(() => standardize(images, { means, deviations })).toThrow(message);
    expect(() => standardize(images, { means, deviations })).toThrow(/^standardize: /);
  });
});
