import { requireInteger } from '@hyperribbon/contract';
import type { Module } from '../modules/table.js';

/** [channels, height, width] */
export type ImageShape = readonly [number, number, number];

/** @throws ArgumentError unless classes and the lengths of images are whole numbers ≥ 1 */
export function requireImages(caller: string, classes: number, image: readonly number[]): void {
  requireInteger(caller, 'classes', classes, 1);
  requireInteger(caller, 'lengths of image [channels, height, width]', image.length, 3, 3);
  for (const length of image) requireInteger(caller, 'image [channels, height, width]', length, 1);
}

/**
 * A convolution that keeps the size but for its stride, started as torchvision starts those of its residual nets: normal of variance
 * 2/fan_out [he2015].
 */
export function filters(
  name: string,
  out: number,
  kernel: number,
  { stride = 1, bias = false, factor = 1 }: { stride?: number; bias?: boolean; factor?: number } = {},
): Module {
  return {
    kind: 'conv2d',
    name,
    out,
    kernel,
    ...(stride !== 1 && { stride }),
    ...(kernel !== 1 && { padding: (kernel - 1) / 2 }),
    ...(!bias && { bias }),
    start: { normal: factor * Math.sqrt(2 / (out * kernel * kernel)) },
  };
}
