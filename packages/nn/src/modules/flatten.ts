import { type Tensor, reshape, transpose } from '@hyperribbon/autodiff';
import { sizeOf } from '../parameterLayout.js';
import type { Rule } from './module.js';

/** All numbers of an example in a row; those of images by channel, row, column, as in PyTorch. */
export interface Flatten {
  readonly kind: 'flatten';
  readonly name?: string;
}

export const flatten: Rule<Flatten> = {
  options: {},
  build: (_, { shape }) => ({ shape: [sizeOf(shape)], apply: (h) => flattened(h, shape) }),
};

/** (batch, …) to (batch, size). */
export function flattened(h: Tensor, shape: readonly number[]): Tensor {
  const [channels, ...sides] = shape;
  const turned = shape.length === 3 && channels > 1 && sizeOf(sides) > 1 ? transpose(h, [0, 3, 1, 2]) : h;
  return turned.shape.length === 2 ? turned : reshape(turned, [h.shape[0], sizeOf(shape)]);
}

/** (batch, size) to the tensor of examples of this shape: the inverse of {@link flattened}. */
export function unflattened(x: Tensor, shape: readonly number[]): Tensor {
  const batch = x.shape[0];
  if (shape.length === 1) return x;
  if (shape.length === 2) return reshape(x, [batch, ...shape]);
  const [channels, height, width] = shape;
  if (channels === 1) return reshape(x, [batch, height, width, 1]);
  return transpose(reshape(x, [batch, channels, height, width]), [0, 2, 3, 1]);
}
