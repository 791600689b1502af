import { refuse } from '@hyperribbon/contract';
import { range, showShape } from '../../specs.js';
import type { Tensor } from '../../trace/tensor.js';
import { resolveAxis } from '../axes.js';
import { requireTensor } from '../broadcasting.js';
import { max, mean } from '../reductions.js';

export interface GlobalPoolingOptions {
  /** axis of the channels; default the last */
  readonly axis?: number;
  /** keep the positions' axes with length 1; default false */
  readonly keepDims?: boolean;
}

/**
 * Mean of each channel of each example over all positions: (batch, …, channels) → (batch, channels).
 * @example evaluateFunction((x) => globalAveragePool(reshape(x, [1, 2, 2, 1])), [[1, 2, 3, 6]]); // [3]
 */
export function globalAveragePool(x: Tensor, { axis = -1, keepDims = false }: GlobalPoolingOptions = {}): Tensor {
  return mean(x, positionsOf('globalAveragePool', x, axis), { keepDims });
}

/** Maximum of each channel of each example over all positions; equal maxima share the derivative. @example evaluateFunction((x) => globalMaxPool(reshape(x, [1, 2, 2, 1])), [[1, 2, 3, 6]]); // [6] */
export function globalMaxPool(x: Tensor, { axis = -1, keepDims = false }: GlobalPoolingOptions = {}): Tensor {
  return max(x, positionsOf('globalMaxPool', x, axis), { keepDims });
}

function positionsOf(op: string, x: Tensor, axis: number): number[] {
  const { shape } = requireTensor(op, x);
  const channel = resolveAxis(op, axis, shape);
  if (channel === 0) refuse(op, `channels cannot be on the first axis, the examples', of ${showShape(shape)}`);
  return range(shape.length).filter((i) => i !== 0 && i !== channel);
}
