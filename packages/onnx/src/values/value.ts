import { type Tensor, constant, full, reshape, transpose } from '@hyperribbon/autodiff';
import type { Dtype } from '@hyperribbon/kernels';
import type { ElementType } from '../protobuf/elementTypes.js';
import { sizeOf } from './shapes.js';

/** Numbers that are known while a graph is read: shapes, axes, constants. They never enter a program unless an operator computes with them. */
export interface Known {
  readonly kind: 'known';
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array;
}

/**
 * A tensor of the program that is traced. Integers and truths are held as floats of the program's dtype.
 *
 * `shape` is what the file means, channels first; with `channelsLast` the tensor itself is (batch, …, channels), so that chains of
 * convolutions and poolings are not turned between each two.
 */
export interface Traced {
  readonly kind: 'traced';
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly tensor: Tensor;
  readonly channelsLast: boolean;
}

/** A list of values: what is left of Python lists in exported graphs. */
export interface Sequence {
  readonly kind: 'sequence';
  readonly items: readonly Value[];
}

export type Value = Known | Traced | Sequence;

/** Known numbers of a shape; copies. */
export function known(type: ElementType, shape: readonly number[], data: ArrayLike<number>): Known {
  return { kind: 'known', type, shape, data: Float64Array.from(data) };
}

/** A tensor whose axes are as the file means them. */
export function plain(type: ElementType, tensor: Tensor): Traced {
  return { kind: 'traced', type, shape: tensor.shape, tensor, channelsLast: false };
}

/** A tensor (batch, …, channels) that the file means as (batch, channels, …). */
export function channelsLast(type: ElementType, tensor: Tensor): Traced {
  const { shape } = tensor;
  const rank = shape.length;
  return {
    kind: 'traced',
    type,
    shape: [shape[0], shape[rank - 1], ...shape.slice(1, rank - 1)],
    tensor,
    channelsLast: true,
  };
}

/** The tensor with axes as the file means them. */
export function plainTensor({ tensor, channelsLast, shape }: Traced): Tensor {
  if (!channelsLast) return tensor;
  const rank = shape.length;
  return transpose(tensor, [0, rank - 1, ...shape.slice(2).map((_, i) => i + 1)]);
}

/** The tensor as (batch, …, channels). */
export function lastTensor({ tensor, channelsLast, shape }: Traced): Tensor {
  return channelsLast ? tensor : transpose(tensor, [0, ...shape.slice(2).map((_, i) => i + 2), 1]);
}

/** Arrays that known numbers became, so that one array is one constant however often a graph is traced. */
export type Arrays = WeakMap<Known, Partial<Record<Dtype, Float32Array | Float64Array>>>;

/** Known numbers as a tensor of the program: uniform ones cost nothing. */
export function tensorOf(value: Known, dtype: Dtype, arrays: Arrays): Tensor {
  const { data, shape } = value;
  if (data.length > 0 && data.every((x) => Object.is(x, data[0]))) return full(shape, data[0], dtype);
  const made = arrays.get(value) ?? {};
  const array = made[dtype] ?? (dtype === 'float64' ? Float64Array.from(data) : Float32Array.from(data));
  arrays.set(value, { ...made, [dtype]: array });
  return constant(array, shape);
}

/** The same value in another shape of as many elements. */
export function reshaped(value: Known | Traced, shape: readonly number[]): Known | Traced {
  if (value.kind === 'known') return { ...value, shape };
  return plain(value.type, reshape(plainTensor(value), shape));
}

/** Elements of a value. */
export function countOf({ shape }: Known | Traced): number {
  return sizeOf(shape);
}
