import { type Tensor, add, conv2d, reshape } from '@hyperribbon/autodiff';
import { range, sizeOf } from '../../values/shapes.js';
import { everyStep, padded1, part } from '../../values/strided.js';
import type { Windows } from './windows.js';

/**
 * Convolution of 1, 2 or 3 axes (cross-correlation).
 *
 * @param x (batch, …, in)
 * @param weights (out, in/groups, …)
 * @returns (batch, …, out). A third axis is a sum of planar convolutions over the kernel's planes.
 */
export function convolve(x: Tensor, weights: Tensor, windows: readonly Windows[], groups: number): Tensor {
  if (windows.length === 2) return planar(x, weights, windows, groups);
  const [batch] = x.shape;
  const [channels, out] = [x.shape.at(-1)!, weights.shape[0]];
  if (windows.length === 1) {
    const row: Windows = { length: 1, kernel: 1, stride: 1, dilation: 1, before: 0, after: 0, count: 1 };
    const image = reshape(x, [batch, 1, x.shape[1], channels]);
    const kernel = reshape(weights, [out, weights.shape[1], 1, weights.shape[2]]);
    return reshape(planar(image, kernel, [row, ...windows], groups), [batch, windows[0].count, out]);
  }
  const [depth, ...rest] = windows;
  const padded = padded1(x, 1, depth.before, depth.after);
  const planes = range(depth.kernel).map((k) => {
    const seen = everyStep(padded, 1, k * depth.dilation, depth.stride, depth.count);
    const images = reshape(seen, [batch * depth.count, ...seen.shape.slice(2)]);
    const kernel = reshape(part(weights, 2, k, 1), weights.shape.toSpliced(2, 1));
    return convolve(images, kernel, rest, groups);
  });
  const total = planes.reduce((sum, plane) => add(sum, plane));
  return reshape(total, [batch, depth.count, ...total.shape.slice(1)]);
}

function planar(x: Tensor, weights: Tensor, [rows, columns]: readonly Windows[], groups: number): Tensor {
  return conv2d(x, weights, {
    stride: [rows.stride, columns.stride],
    dilation: [rows.dilation, columns.dilation],
    groups,
    padding: [
      [rows.before, rows.after],
      [columns.before, columns.after],
    ],
  });
}

/** Numbers of a shape that a kernel has beyond its channels. */
export function kernelOf(weights: Tensor): number[] {
  const kernel = weights.shape.slice(2);
  return sizeOf(kernel) === 0 ? kernel.map(() => 0) : kernel;
}
