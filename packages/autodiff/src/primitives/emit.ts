import type { UnaryName } from '@hyperribbon/kernels';
import type { ElementType, Spec } from '../program.js';
import { range } from '../specs.js';
import { roundTo, storable } from '../simplify/fold.js';
import { apply } from '../trace/apply.js';
import { type Tensor, constant } from '../trace/tensor.js';

// The primitives as functions, without broadcasting: what the rules of differentiation are written in.

export const unary = (op: UnaryName, x: Tensor): Tensor => apply(op, [x]);
export const neg = (x: Tensor): Tensor => apply('neg', [x]);
export const add = (x: Tensor, y: Tensor): Tensor => apply('add', [x, y]);
export const sub = (x: Tensor, y: Tensor): Tensor => apply('sub', [x, y]);
export const mul = (x: Tensor, y: Tensor): Tensor => apply('mul', [x, y]);
export const div = (x: Tensor, y: Tensor): Tensor => apply('div', [x, y]);
export const greater = (x: Tensor, y: Tensor): Tensor => apply('greater', [x, y]);
export const select = (condition: Tensor, x: Tensor, y: Tensor): Tensor => apply('select', [condition, x, y]);
export const reshape = (x: Tensor, shape: readonly number[]): Tensor => apply('reshape', [x], { shape });
export const convert = (x: Tensor, dtype: ElementType): Tensor => apply('convert', [x], { dtype });
export const transpose = (x: Tensor, permutation: readonly number[]): Tensor =>
  apply('transpose', [x], { permutation });
export const reduceSum = (x: Tensor, axes: readonly number[]): Tensor => apply('reduceSum', [x], { axes });
export const broadcast = (x: Tensor, axes: readonly number[], shape: readonly number[]): Tensor =>
  apply('broadcast', [x], { axes, shape });
export const matmul = (a: Tensor, b: Tensor, transA: 0 | 1 = 0, transB: 0 | 1 = 0): Tensor =>
  apply('matmul', [a, b], { transA, transB });

export const stop = (x: Tensor): Tensor => apply('stopGradient', [x]);

/** The array of this shape and dtype with `value` everywhere. */
export function full(value: number, like: Spec): Tensor {
  const { shape, dtype } = like;
  const rounded = roundTo(dtype, value);
  if (storable(rounded)) return apply('full', [], { value: rounded, shape, dtype });
  const ArrayType = dtype === 'float64' ? Float64Array : dtype === 'float32' ? Float32Array : Int32Array;
  return broadcast(constant(ArrayType.of(value), []), [], shape);
}

export const zerosLike = (like: Spec): Tensor => full(0, like);
export const scale = (x: Tensor, factor: number): Tensor => mul(x, full(factor, x));
export const shift = (x: Tensor, amount: number): Tensor => add(x, full(amount, x));

/** Undoes the shape of a reduction: x is spread over `axes` of `shape`. */
export function spread(x: Tensor, axes: readonly number[], shape: readonly number[]): Tensor {
  const kept = range(shape.length).filter((axis) => !axes.includes(axis));
  return broadcast(x, kept, shape);
}

/** Sum of terms that may be absent (a symbolic zero); undefined when all are. */
export function sumPresent(...terms: readonly (Tensor | undefined)[]): Tensor | undefined {
  let total: Tensor | undefined;
  for (const term of terms) if (term !== undefined) total = total === undefined ? term : add(total, term);
  return total;
}

/** x repeated along a new first axis of length `count`. */
export function repeat(x: Tensor, count: number): Tensor {
  return broadcast(x, range(x.shape.length, 1), [count, ...x.shape]);
}
