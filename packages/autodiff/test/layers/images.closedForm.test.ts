import { describe, expect, it } from 'vitest';
import * as ad from '../everything.js';
import type { DataArray, Tensor } from '../everything.js';

type Value = { data: DataArray; shape: readonly number[] };
const numbers = (...shape: number[]): Value => ({
  data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => ((i * 37 + 5) % 23) - 11),
  shape,
});
const run = (f: (...args: never[]) => Tensor, ...args: readonly Value[]): number[] => [
  ...(ad.evaluateFunction(f, args) as DataArray),
];

describe('convolution by groups', () => {
  // whole numbers: every sum is exact, whatever its order
  it('is a convolution of each slice of channels, whether they are many, two or each alone', () => {
    const [x, w] = [numbers(2, 5, 4, 8), numbers(16, 8, 3, 2)];
    for (const groups of [1, 2, 4, 8]) {
      const [channels, out] = [8 / groups, 16 / groups];
      const narrow = (weights: Tensor): Tensor => ad.slice(weights, [0, 0, 0, 0], [16, channels, 3, 2]);
      const options = { stride: [1, 2], padding: 1, dilation: [1, 2] } as const;
      const slices = (image: Tensor, weights: Tensor): Tensor =>
        ad.concatenate(
          Array.from({ length: groups }, (_, g) =>
            ad.conv2d(
              ad.slice(image, [0, 0, 0, g * channels], [2, 5, 4, (g + 1) * channels]),
              ad.slice(narrow(weights), [g * out, 0, 0, 0], [(g + 1) * out, channels, 3, 2]),
              options,
            ),
          ),
          3,
        );
      const whole = run((a: Tensor, b: Tensor) => ad.conv2d(a, narrow(b), { ...options, groups }), x, w);
      expect(whole).toEqual(run(slices, x, w));
    }
  });

  it('with gaps is a convolution by a window with zeros in them', () => {
    const [x, w] = [numbers(1, 7, 6, 2), numbers(3, 2, 2, 2)];
    const filled = (weights: Tensor): Tensor => {
      const rows = ad.reshape(
        ad.pad(ad.reshape(weights, [6, 2, 1, 2, 1]), [0, 0, 0, 0, 0], [0, 0, 1, 0, 2]),
        [6, 4, 6],
      );
      return ad.reshape(ad.slice(rows, [0, 0, 0], [6, 3, 4]), [3, 2, 3, 4]);
    };
    const gaps = run(
      (a: Tensor, b: Tensor) =>
        ad.conv2d(a, b, {
          dilation: [2, 3],
          padding: [
            [1, 0],
            [0, 2],
          ],
        }),
      x,
      w,
    );
    expect(gaps).toEqual(
      run(
        (a: Tensor, b: Tensor) =>
          ad.conv2d(a, filled(b), {
            padding: [
              [1, 0],
              [0, 2],
            ],
          }),
        x,
        w,
      ),
    );
  });

  it('transposed satisfies ⟨conv2d(x), y⟩ = ⟨x, convTranspose2d(y)⟩', () => {
    const options = { stride: [2, 1], padding: 1, dilation: [1, 2], groups: 2 } as const;
    const [x, w, y] = [numbers(2, 5, 6, 4), numbers(6, 2, 3, 2), numbers(2, 3, 6, 6)];
    const dot = (a: number[], b: DataArray): number => a.reduce((sum, v, i) => sum + v * b[i], 0);
    const forth = run((a: Tensor, b: Tensor) => ad.conv2d(a, b, options), x, w);
    expect(forth.length).toBe(y.data.length);
    const back = run((a: Tensor, b: Tensor) => ad.convTranspose2d(a, b, options), y, w);
    expect(dot(forth, y.data)).toBe(dot(back, x.data));
    expect(dot(forth, y.data)).not.toBe(0);
  });

  it('says what does not fit', () => {
    const at =
      (f: (x: Tensor, w: Tensor) => Tensor, ...shapes: number[][]): (() => unknown) =>
      () =>
        ad.trace(f, shapes.map((shape) => ad.float64(...shape)) as never);
    const grouped = (groups: number) => (x: Tensor, w: Tensor) => ad.conv2d(x, w, { groups });
    expect(at(grouped(3), [1, 4, 4, 4], [6, 2, 1, 1])).toThrow(
      'conv2d: groups must divide the 4 channels and the 6 outputs, got 3',
    );
    expect(at(grouped(0), [1, 4, 4, 4], [6, 2, 1, 1])).toThrow(/groups must divide/);
    expect(at(grouped(2), [1, 4, 4, 4], [6, 4, 1, 1])).toThrow(/weights \(out, in\/2, kh, kw\) do not fit the images/);
    const gaps = (dilation: number) => (x: Tensor, w: Tensor) => ad.conv2d(x, w, { dilation });
    expect(at(gaps(0), [1, 4, 4, 1], [1, 1, 2, 2])).toThrow(/window, stride and dilation must be integers ≥ 1/);
    expect(at(gaps(4), [1, 4, 4, 1], [1, 1, 2, 2])).toThrow(/a 2x2 window does not fit images of 4x4/);
    const pooled = (x: Tensor): Tensor => ad.averagePool2d(x, { size: 2, dilation: 2 } as never);
    expect(at(pooled as never, [1, 4, 4, 1])).toThrow(/averagePool2d: there is no option dilation/);
    expect(at((x, w) => ad.conv1d(x, w), [1, 4, 4], [1, 4, 1, 1])).toThrow(
      /conv1d: weights must be \(out, in\/groups, k\)/,
    );
    expect(at((x, w) => ad.convTranspose2d(x, w, { padding: 3 }), [1, 2, 2, 1], [1, 1, 1, 1])).toThrow(
      /not empty, got length -4/,
    );
  });
});

describe('pooling', () => {
  const image = (f: (x: Tensor) => Tensor, ...shape: number[]): number[] => {
    const { program } = ad.trace(f, [ad.float64(...shape)]);
    return [...program.values[program.outputs[0]].shape];
  };

  it('rounded up has a last window that begins inside, and never one that begins outside', () => {
    const heights = (height: number, stride: number, size: number, padding: number): number =>
      image((x) => ad.maxPool2d(x, { size, stride, padding, ceil: true }), 1, height, 8, 1)[1];
    expect(heights(6, 2, 3, 0)).toBe(3);
    expect(heights(5, 2, 3, 0)).toBe(2);
    // PyTorch's rule: with ⌈(4 + 2 − 2)/3⌉ + 1 windows the third would begin in the padding below
    expect(heights(4, 3, 2, 1)).toBe(2);
  });

  it('of the whole image is the mean and the maximum of each channel', () => {
    const x: Value = { data: Float64Array.of(1, 8, 3, 2, 5, 5), shape: [1, 3, 1, 2] };
    expect(run((t: Tensor) => ad.globalAveragePool(t), x)).toEqual([3, 5]);
    expect(run((t: Tensor) => ad.globalMaxPool(t), x)).toEqual([5, 8]);
    expect(image((t) => ad.globalAveragePool(t, { axis: 1, keepDims: true }), 2, 3, 4, 5)).toEqual([2, 3, 1, 1]);
  });
});
