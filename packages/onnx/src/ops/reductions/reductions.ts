import { type Tensor, abs, log, logSumExp, max, mean, min, reshape, sqrt, square, sum } from '@hyperribbon/autodiff';
import { product } from '@hyperribbon/autodiff/array';
import { type Operator, axesOf } from '../../values/call.js';
import { range, sizeOf } from '../../values/shapes.js';
import { channelsLast, plain } from '../../values/value.js';

/** Over axes that are an attribute in old opsets and an input in new ones, over all where none are given. */
const over =
  (reduce: (x: Tensor, axes: readonly number[]) => Tensor): Operator =>
  (call) => {
    const x = call.input(0);
    const given = axesOf(call, 1, x.shape.length);
    if ((given?.length ?? 0) === 0 && call.int('noop_with_empty_axes', 0) === 1) return x;
    const axes = given === undefined || given.length === 0 ? range(x.shape.length) : given;
    const keep = call.int('keepdims', 1) === 1;
    // the places of an image, its channels stay last
    if (x.channelsLast && axes.every((axis) => axis >= 2)) {
      const own = axes.map((axis) => axis - 1);
      const reduced = reduce(x.tensor, own);
      if (axes.length === x.shape.length - 2 && !keep) return plain(x.type, reduced);
      if (keep) return channelsLast(x.type, reshape(reduced, kept(x.tensor.shape, own)));
    }
    const tensor = call.tensor(0);
    const reduced = reduce(tensor, axes);
    return plain(x.type, keep ? reshape(reduced, kept(tensor.shape, axes)) : reduced);
  };

function kept(shape: readonly number[], axes: readonly number[]): number[] {
  return shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
}

export const ReduceSum: Operator = over(sum);
export const ReduceMean: Operator = over(mean);
export const ReduceMax: Operator = over(max);
export const ReduceMin: Operator = over(min);
export const ReduceProd: Operator = over(product);
/** Σ|x| */
export const ReduceL1: Operator = over((x, axes) => sum(abs(x), axes));
/** √Σx² */
export const ReduceL2: Operator = over((x, axes) => sqrt(sum(square(x), axes)));
/** Σx² */
export const ReduceSumSquare: Operator = over((x, axes) => sum(square(x), axes));
/** ln Σx */
export const ReduceLogSum: Operator = over((x, axes) => log(sum(x, axes)));
/** ln Σeˣ, without overflow */
export const ReduceLogSumExp: Operator = over((x, axes) =>
  axes.length === x.shape.length ? logSumExp(reshape(x, [sizeOf(x.shape)])) : axes.toReversed().reduce(logSumExp, x),
);
