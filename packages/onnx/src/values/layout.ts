import { type Tensor, reshape } from '@hyperribbon/autodiff';
import { type Traced, channelsLast, lastTensor, plain, plainTensor } from './value.js';

/** Tensors that go together element by element, and what makes a value of their result. */
export interface Aligned {
  readonly tensors: readonly Tensor[];
  readonly result: (tensor: Tensor) => Traced;
}

/** A function of one tensor, element by element: the layout stays. */
export function mapped(x: Traced, f: (tensor: Tensor) => Tensor, type: Traced['type'] = x.type): Traced {
  return { ...x, type, tensor: f(x.tensor) };
}

/**
 * Operands of an operation that broadcasts. If one of them has its channels last, the others are turned too: they are as large at most,
 * and biases and scales are small.
 */
export function aligned(values: readonly Traced[], type: Traced['type'] = values[0].type): Aligned {
  const rank = Math.max(...values.map(({ shape }) => shape.length));
  const turned = values.some((value) => value.channelsLast && value.shape.length === rank);
  if (!turned) return { tensors: values.map(plainTensor), result: (tensor) => plain(type, tensor) };
  const tensors = values.map((value) => {
    if (value.shape.length === rank) return lastTensor(value);
    if (value.shape.length === 0) return value.tensor;
    const shape = [...Array.from({ length: rank - value.shape.length }, () => 1), ...value.shape];
    return lastTensor(plain(value.type, reshape(plainTensor(value), shape)));
  });
  return { tensors, result: (tensor) => channelsLast(type, tensor) };
}
