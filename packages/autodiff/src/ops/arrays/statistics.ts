import { refuse, requireNoOthers } from '@hyperribbon/contract';
import * as p from '../../primitives/emit.js';
import { range } from '../../specs.js';
import { apply } from '../../trace/apply.js';
import type { Tensor } from '../../trace/tensor.js';
import { type Axes, resolveAxes } from '../axes.js';
import { requireTensor } from '../broadcasting.js';
import type { ReductionOptions } from '../reductions.js';
import { moments } from '../layers/moments.js';

export interface VarianceOptions extends ReductionOptions {
  /** taken off the count that is divided by: 0 the variance of these numbers, 1 the unbiased one of a sample; default 0 */
  readonly correction?: number;
}

/**
 * Mean squared deviation from the mean over `axes` (default: all), in two passes.
 *
 * @throws ArgumentError if `correction` leaves no count to divide by
 * @example evaluateFunction(variance, [[1, 3]]); // [1]
 */
export function variance(x: Tensor, axes?: Axes, options: VarianceOptions = {}): Tensor {
  const { keepDims = false, correction = 0, ...others } = options;
  requireNoOthers('variance', others, 'VarianceOptions');
  const over = resolveAxes('variance', axes, requireTensor('variance', x).shape);
  const found = moments('variance', x, over);
  const divisor = found.count - correction;
  if (!(divisor > 0)) refuse('variance', `correction must be below the ${found.count} numbers, got ${correction}`);
  return kept(x, over, keepDims, p.scale(found.variance, found.count / divisor));
}

/**
 * Product over `axes` (default: all), as a tree of products of pairs, so that derivatives at zeros are right. An empty product is 1.
 * @example evaluateFunction(product, [[2, 3, 4]]); // [24]
 */
export function product(x: Tensor, axes?: Axes, { keepDims = false, ...others }: ReductionOptions = {}): Tensor {
  requireNoOthers('product', others, 'ReductionOptions');
  const over = resolveAxes('product', axes, requireTensor('product', x).shape);
  const rest = range(x.shape.length).filter((axis) => !over.includes(axis));
  const lengths = rest.map((axis) => x.shape[axis]);
  const count = over.reduce((size, axis) => size * x.shape[axis], 1);
  let factors = p.reshape(p.transpose(x, [...over, ...rest]), [count, ...lengths]);
  if (count === 0) factors = p.full(1, { shape: [1, ...lengths], dtype: x.dtype });
  while (factors.shape[0] > 1) {
    const half = Math.floor(factors.shape[0] / 2);
    const pairs = p.mul(section(factors, 0, half), section(factors, half, 2 * half));
    factors =
      factors.shape[0] % 2 === 0
        ? pairs
        : apply('concatenate', [pairs, section(factors, 2 * half, 2 * half + 1)], { axis: 0 });
  }
  return kept(x, over, keepDims, p.reshape(factors, lengths));
}

export interface NormOptions extends ReductionOptions {
  /** 1: sum of absolute values; 2: root of the sum of squares; default 2 */
  readonly order?: 1 | 2;
}

/** Norm over `axes` (default: all). The derivative of a norm that is 0 is taken as 0. @example evaluateFunction(norm, [[3, -4]]); // [5] */
export function norm(x: Tensor, axes?: Axes, { keepDims = false, order = 2, ...others }: NormOptions = {}): Tensor {
  requireNoOthers('norm', others, 'NormOptions');
  if (order !== 1 && order !== 2) refuse('norm', `order must be 1 or 2, got ${String(order)}`);
  const over = resolveAxes('norm', axes, requireTensor('norm', x).shape);
  if (order === 1) return kept(x, over, keepDims, p.reduceSum(p.unary('abs', x), over));
  const squares = p.reduceSum(p.unary('square', x), over);
  // the root of 1 stands in where the root of 0 has no derivative; NaN is not 0, so it stays
  const root = p.unary('sqrt', p.select(squares, squares, p.full(1, squares)));
  return kept(x, over, keepDims, p.select(squares, root, p.zerosLike(squares)));
}

function section(x: Tensor, start: number, limit: number): Tensor {
  const others = x.shape.slice(1);
  return apply('slice', [x], { start: [start, ...others.map(() => 0)], limit: [limit, ...others] });
}

function kept(x: Tensor, axes: readonly number[], keepDims: boolean, reduced: Tensor): Tensor {
  if (!keepDims) return reduced;
  return p.reshape(
    reduced,
    x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length)),
  );
}
