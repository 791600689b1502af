import {
  type Tensor,
  add,
  averagePool2d,
  constant,
  div,
  greater,
  maxPool2d,
  maximum,
  select,
} from '@hyperribbon/autodiff';
import { type Call, type Operator, requireRank } from '../../values/call.js';
import { range, sizeOf, stridesOf } from '../../values/shapes.js';
import { everyStep, padded1 } from '../../values/strided.js';
import { type Traced, channelsLast, lastTensor } from '../../values/value.js';
import { type Windows, windowsOf } from './windows.js';

/** Largest entry of each window; padding never counts */
export const MaxPool: Operator = (call) => {
  const { x, windows } = poolingOf(call);
  const image = lastTensor(x);
  if (call.outputs > 1) return withPositions(call, image, windows);
  if (isPlanar(windows)) return channelsLast(x.type, maxPool2d(image, planarOptions(windows)));
  return channelsLast(x.type, separable(image, windows, -Infinity, maximum));
};

/** Mean of each window; padding counts with count_include_pad only */
export const AveragePool: Operator = (call) => {
  const { x, windows } = poolingOf(call);
  const image = lastTensor(x);
  const countPadding = call.int('count_include_pad', 0) === 1;
  if (isPlanar(windows)) return channelsLast(x.type, averagePool2d(image, { ...planarOptions(windows), countPadding }));
  const total = separable(image, windows, 0, add);
  return channelsLast(x.type, div(total, counts(windows, countPadding, image)));
};

function poolingOf(call: Call): { x: ReturnType<Call['input']>; windows: readonly Windows[] } {
  const x = call.input(0);
  requireRank(call, x.shape, 3, 4, 5);
  const kernel = call.ints('kernel_shape') ?? call.refuse('lacks the attribute kernel_shape');
  return { x, windows: windowsOf(call, x.shape.slice(2), kernel) };
}

/** Whether the pooling of autodiff does it: two axes, no gaps, no window that reaches beyond the padding. */
function isPlanar(windows: readonly Windows[]): boolean {
  return (
    windows.length === 2 &&
    windows.every(
      ({ length, kernel, stride, dilation, before, after, count }) =>
        dilation === 1 && (count - 1) * stride + kernel <= length + before + after && Math.max(before, after) < kernel,
    )
  );
}

function planarOptions([rows, columns]: readonly Windows[]): {
  size: [number, number];
  stride: [number, number];
  padding: [[number, number], [number, number]];
} {
  return {
    size: [rows.kernel, columns.kernel],
    stride: [rows.stride, columns.stride],
    padding: [
      [rows.before, rows.after],
      [columns.before, columns.after],
    ],
  };
}

/** One axis after the other: a box's maximum is the maximum of its rows' maxima, and so with sums. */
function separable(
  image: Tensor,
  windows: readonly Windows[],
  edge: number,
  join: (x: Tensor, y: Tensor) => Tensor,
): Tensor {
  return windows.reduce((x, { length, kernel, stride, dilation, before, count }, i) => {
    const end = (count - 1) * stride + (kernel - 1) * dilation + 1;
    const padded = padded1(x, i + 1, before, Math.max(0, end - before - length), edge);
    return range(kernel)
      .map((k) => everyStep(padded, i + 1, k * dilation, stride, count))
      .reduce(join);
  }, image);
}

/** (1, …, 1): how many entries of each window count. */
function counts(windows: readonly Windows[], countPadding: boolean, like: Tensor): Tensor {
  const lines = windows.map(({ length, kernel, stride, dilation, before, after, count }) =>
    range(count).map((i) => {
      const places = range(kernel).map((k) => i * stride + k * dilation - before);
      return places.filter((at) => (countPadding ? at >= -before && at < length + after : at >= 0 && at < length))
        .length;
    }),
  );
  const shape = windows.map(({ count }) => count);
  const table = new Float64Array(sizeOf(shape));
  for (let i = 0; i < table.length; i++) {
    let [rest, product] = [i, 1];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      product *= lines[axis][rest % shape[axis]];
      rest = Math.floor(rest / shape[axis]);
    }
    table[i] = product;
  }
  const data = like.dtype === 'float32' ? Float32Array.from(table) : table;
  return constant(data, [1, ...shape, 1]);
}

/** Maxima and where they are in the input as the file means it, flat; the first of equal ones. Slow: one step for each place of the window. */
function withPositions(call: Call, image: Tensor, windows: readonly Windows[]): readonly Traced[] {
  const { type, shape } = call.input(0);
  const [, channels, ...lengths] = shape;
  const strides =
    call.int('storage_order', 0) === 1 ? stridesOf(lengths.toReversed()).toReversed() : stridesOf(lengths);
  const flat = Float64Array.from({ length: sizeOf(image.shape) }, (_, i) => {
    const places = stridesOf(image.shape).map((stride, axis) => Math.floor(i / stride) % image.shape[axis]);
    const inside = lengths.reduce((sum, _, axis) => sum + places[axis + 1] * strides[axis], 0);
    return (places[0] * channels + places.at(-1)!) * sizeOf(lengths) + inside;
  });
  const numbers = constant(image.dtype === 'float32' ? Float32Array.from(flat) : flat, image.shape);
  const steps = windows.reduce<number[][]>(
    (lists, { kernel }) => lists.flatMap((list) => range(kernel).map((k) => [...list, k])),
    [[]],
  );
  const seen = (x: Tensor, step: readonly number[], edge: number): Tensor =>
    windows.reduce((rest, { length, kernel, stride, dilation, before, count }, i) => {
      const end = (count - 1) * stride + (kernel - 1) * dilation + 1;
      const padded = padded1(rest, i + 1, before, Math.max(0, end - before - length), edge);
      return everyStep(padded, i + 1, step[i] * dilation, stride, count);
    }, x);
  let [best, at] = [seen(image, steps[0], -Infinity), seen(numbers, steps[0], -1)];
  for (const step of steps.slice(1)) {
    const [next, place] = [seen(image, step, -Infinity), seen(numbers, step, -1)];
    const better = greater(next, best);
    [best, at] = [select(better, next, best), select(better, place, at)];
  }
  return [channelsLast(type, best), channelsLast('int64', at)];
}
