import { describe, expect, it } from 'vitest';
import * as ad from './everything.js';
import type { Tensor, DataArray } from './everything.js';

type Value = { data: Float64Array; shape: readonly number[] };
const filled = (...shape: number[]): Value => ({
  data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => ((i * 37 + 5) % 23) - 11),
  shape,
});
const run = (f: (...args: never[]) => Tensor, ...args: (Value | Int32Array)[]): DataArray =>
  ad.evaluateFunction(f, args) as DataArray;
const shapeOf = (f: (...args: never[]) => Tensor, ...specs: ad.Spec[]): readonly number[] => {
  const { program } = ad.trace(f, specs);
  return program.values[program.outputs[0]].shape;
};

describe('broadcasting', () => {
  it.each([
    { left: [2, 3], right: [3], shape: [2, 3] },
    { left: [2, 1], right: [3], shape: [2, 3] },
    { left: [2, 1, 4], right: [3, 1], shape: [2, 3, 4] },
    { left: [], right: [2, 2], shape: [2, 2] },
    { left: [1, 1], right: [1], shape: [1, 1] },
    { left: [0, 3], right: [1, 3], shape: [0, 3] },
  ])('of $left and $right follows NumPy', ({ left, right, shape }) => {
    const [x, y] = [filled(...left), filled(...right)];
    expect(shapeOf((a: Tensor, b: Tensor) => ad.sub(a, b), ad.float64(...left), ad.float64(...right))).toEqual(shape);
    const actual = run((a: Tensor, b: Tensor) => ad.sub(a, b), x, y);
    const at = (value: Value, index: readonly number[]): number => {
      const own = index.slice(index.length - value.shape.length);
      return value.data[own.reduce((p, i, axis) => p * value.shape[axis] + (value.shape[axis] === 1 ? 0 : i), 0)];
    };
    actual.forEach((z: number, position: number) => {
      const index: number[] = [];
      for (let axis = shape.length - 1, rest = position; axis >= 0; axis--) {
        index.unshift(rest % shape[axis]);
        rest = Math.floor(rest / shape[axis]);
      }
      expect(z).toBe(at(x, index) - at(y, index));
    });
  });

  it('gives numbers the dtype of the other operand', () => {
    const third = ad.evaluateFunction((x: Tensor) => ad.mul(x, 1 / 3), [Float32Array.of(1)]);
    expect(third).toEqual(Float32Array.of(1 / 3));
  });

  it('keeps infinities, NaN and −0 given as numbers, also through JSON', () => {
    const { program } = ad.trace(
      (x: Tensor) => ad.stack([ad.mul(x, Infinity), ad.mul(x, -0), ad.mul(x, NaN)]),
      [ad.float64()],
    );
    const equations = JSON.parse(JSON.stringify(program.equations));
    expect(equations).toEqual(program.equations);
    expect(ad.evaluate({ ...program, equations }, [Float64Array.of(2)])[0]).toEqual(Float64Array.of(Infinity, -0, NaN));
  });
});

describe('matmul', () => {
  it.each([
    { a: [3, 4], b: [4, 2], shape: [3, 2] },
    { a: [4], b: [4, 2], shape: [2] },
    { a: [3, 4], b: [4], shape: [3] },
    { a: [4], b: [4], shape: [] },
    { a: [5, 3, 4], b: [4, 2], shape: [5, 3, 2] },
    { a: [3, 4], b: [5, 4, 2], shape: [5, 3, 2] },
    { a: [2, 1, 3, 4], b: [5, 4, 2], shape: [2, 5, 3, 2] },
    { a: [4], b: [5, 4, 2], shape: [5, 2] },
  ])('of $a and $b has shape $shape', ({ a, b, shape }) => {
    expect(shapeOf((x: Tensor, y: Tensor) => ad.matmul(x, y), ad.float64(...a), ad.float64(...b))).toEqual(shape);
  });

  it('sums products', () => {
    const [a, b] = [filled(5, 3, 4), filled(4, 2)];
    const expected: number[] = [];
    for (let i = 0; i < 15; i++)
      for (let j = 0; j < 2; j++)
        expected.push([0, 1, 2, 3].reduce((sum, k) => sum + a.data[i * 4 + k] * b.data[k * 2 + j], 0));
    expect([...run((x: Tensor, y: Tensor) => ad.matmul(x, y), a, b)]).toEqual(expected);
  });
});

describe('conv2d', () => {
  const [n, h, w, c, o, kh, kw] = [2, 6, 5, 3, 4, 3, 2];

  it.each([
    { stride: 1, padding: 'valid' as const, pads: [0, 0, 0, 0] },
    { stride: [2, 3] as const, padding: 1, pads: [1, 1, 1, 1] },
    { stride: 1, padding: 'same' as const, pads: [1, 1, 0, 1] },
    { stride: 2, padding: 'same' as const, pads: [0, 1, 0, 1] },
    {
      stride: 1,
      padding: [
        [2, 0],
        [0, 1],
      ] as const,
      pads: [2, 0, 0, 1],
    },
  ])('with stride $stride and padding $padding is the sum over its window', ({ stride, padding, pads }) => {
    const [x, k] = [filled(n, h, w, c), filled(o, c, kh, kw)];
    const [sh, sw] = typeof stride === 'number' ? [stride, stride] : stride;
    const [top, bottom, left, right] = pads;
    const [oh, ow] = [Math.floor((h + top + bottom - kh) / sh) + 1, Math.floor((w + left + right - kw) / sw) + 1];
    const expected: number[] = [];
    for (let b = 0; b < n; b++)
      for (let i = 0; i < oh; i++)
        for (let j = 0; j < ow; j++)
          for (let out = 0; out < o; out++) {
            let total = 0;
            for (let di = 0; di < kh; di++)
              for (let dj = 0; dj < kw; dj++)
                for (let channel = 0; channel < c; channel++) {
                  const [row, column] = [i * sh + di - top, j * sw + dj - left];
                  if (row < 0 || row >= h || column < 0 || column >= w) continue;
                  const pixel = x.data[((b * h + row) * w + column) * c + channel];
                  total += pixel * k.data[((out * c + channel) * kh + di) * kw + dj];
                }
            expected.push(total);
          }
    const f = (images: Tensor, weights: Tensor): Tensor => ad.conv2d(images, weights, { stride, padding });
    expect(shapeOf(f, ad.float64(n, h, w, c), ad.float64(o, c, kh, kw))).toEqual([n, oh, ow, o]);
    expect([...run(f, x, k)]).toEqual(expected);
    const channelsFirst = (images: Tensor, weights: Tensor): Tensor => {
      const y = ad.conv2d(ad.transpose(images, [0, 3, 1, 2]), weights, { stride, padding, layout: 'NCHW' });
      return ad.transpose(y, [0, 2, 3, 1]);
    };
    expect([...run(channelsFirst, x, k)]).toEqual(expected);
  });
});

describe('pooling', () => {
  it('takes the mean or maximum of each window', () => {
    const x = { data: Float64Array.of(1, 2, 5, 4, 8, 6, 7, 3, 0), shape: [1, 3, 3, 1] };
    expect(run((t: Tensor) => ad.averagePool2d(t, { size: 2, stride: 1 }), x)).toEqual(
      Float64Array.of(3.75, 5.25, 5.5, 4.25),
    );
    expect(run((t: Tensor) => ad.maxPool2d(t, { size: 2, stride: 1 }), x)).toEqual(Float64Array.of(8, 8, 8, 8));
    expect(run((t: Tensor) => ad.maxPool2d(t, { size: [1, 3] }), x)).toEqual(Float64Array.of(5, 8, 7));
  });
});

describe('reductions and normalisers', () => {
  const x = filled(2, 3, 4);

  it('keep reduced axes where asked', () => {
    const f = (t: Tensor): Tensor => ad.sum(t, [0, -1], { keepDims: true });
    expect(shapeOf(f, ad.float64(2, 3, 4))).toEqual([1, 3, 1]);
    expect(run(f, x)).toEqual(run((t: Tensor) => ad.sum(t, [2, 0]), x));
  });

  it('agree with each other: mean · n = sum, min = −max(−x), softmax = exp(logSoftmax)', () => {
    expect(run((t: Tensor) => ad.mul(ad.mean(t, 1), 3), x)).toEqual(run((t: Tensor) => ad.sum(t, 1), x));
    expect(run((t: Tensor) => ad.min(t, 0), x)).toEqual(run((t: Tensor) => ad.neg(ad.max(ad.neg(t), 0)), x));
    const direct = run((t: Tensor) => ad.softmax(t, 1), x);
    const viaLog = run((t: Tensor) => ad.exp(ad.logSoftmax(t, 1)), x);
    direct.forEach((p: number, i: number) => expect(Math.abs(p - viaLog[i])).toBeLessThanOrEqual(8 * 2 ** -52));
  });

  it('do not overflow', () => {
    const big = { data: Float64Array.of(1000, 1000), shape: [2] };
    expect(run((t: Tensor) => ad.logSumExp(t), big)[0]).toBeCloseTo(1000 + Math.LN2, 12);
    expect(run((t: Tensor) => ad.softmax(t), big)).toEqual(Float64Array.of(0.5, 0.5));
  });
});

describe('batchNorm', () => {
  it('standardises each channel with the given statistics', () => {
    const f = (t: Tensor, mean: Tensor, variance: Tensor, scale: Tensor, shift: Tensor): Tensor =>
      ad.batchNorm(t, { mean, variance, scale, shift, epsilon: 1 });
    const x = { data: Float64Array.of(1, 2, 3, 4), shape: [2, 2] };
    const v = (...numbers: number[]): Value => ({ data: Float64Array.from(numbers), shape: [2] });
    expect(run(f, x, v(1, 1), v(3, 0), v(2, 1), v(0, 10))).toEqual(Float64Array.of(0, 11, 2, 13));
  });
});
