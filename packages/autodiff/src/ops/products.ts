import { refuse } from '@hyperribbon/contract';
import * as p from '../primitives/emit.js';
import { range, showShape, sizeOf } from '../specs.js';
import type { Tensor } from '../trace/tensor.js';
import { type ActivationName, activation as activationOf } from './activations.js';
import { commonShape, expand, requireTensor } from './broadcasting.js';

/**
 * Matrix product by NumPy's rules: (..., m, k) x (..., k, n) → (..., m, n), leading axes broadcast; a vector on the left
 * is a row, on the right a column, and its axis does not appear in the result.
 *
 * @throws ArgumentError "matmul: inner dimensions differ: (32, 784) x (256, 10)"; ArgumentTypeError for mixed dtypes
 * @example evaluateFunction(matmul, [{ data: Float64Array.of(1, 2, 3, 4), shape: [2, 2] }, [1, 1]]); // [3, 7]
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  const [left, right] = [requireTensor('matmul', a).shape, requireTensor('matmul', b).shape];
  const reject = (reason: string): never => {
    refuse('matmul', `${reason}: ${showShape(left)} x ${showShape(right)}`);
  };
  if (left.length === 0 || right.length === 0) reject('operands need at least one axis, use mul for scalars');
  if (left[left.length - 1] !== right[Math.max(0, right.length - 2)]) reject('inner dimensions differ');
  if (left.length === 1) {
    const product = matmul(p.reshape(a, [1, ...left]), b);
    return p.reshape(product, right.length === 1 ? [] : product.shape.toSpliced(-2, 1));
  }
  if (right.length === 1) {
    const product = matmul(a, p.reshape(b, [...right, 1]));
    return p.reshape(product, product.shape.slice(0, -1));
  }
  if (right.length === 2) {
    const rows = sizeOf(left.slice(0, -1));
    const product = p.matmul(p.reshape(a, [rows, left[left.length - 1]]), b);
    return p.reshape(product, [...left.slice(0, -1), right[1]]);
  }
  const leading = commonShape('matmul', leadingAxes(a), leadingAxes(b));
  return p.matmul(
    expand('matmul', a, [...leading, ...left.slice(-2)]),
    expand('matmul', b, [...leading, ...right.slice(-2)]),
  );
}

function leadingAxes({ shape, dtype }: Tensor): { shape: readonly number[]; dtype: Tensor['dtype'] } {
  return { shape: shape.slice(0, -2), dtype };
}

/**
 * One fully connected layer, activation(x W + b).
 *
 * @param x (..., inputs)
 * @param W (inputs, outputs)
 * @param b (outputs,) or undefined
 * @param activation default 'linear'
 * @example evaluateFunction(dense, [[1, 2], { data: Float64Array.of(1, 2, 3, 4), shape: [2, 2] }, [1, 1]]); // [8, 11]
 */
export function dense(x: Tensor, W: Tensor, b?: Tensor, activation: ActivationName = 'linear'): Tensor {
  const product = matmul(x, W);
  const sum = b === undefined ? product : p.add(product, expand('dense', requireTensor('dense', b), product.shape));
  return activationOf(activation)(sum);
}

/** Inner product of all elements: Σ x y. @example evaluateFunction(dot, [[1, 2], [3, 4]]); // [11] */
export function dot(x: Tensor, y: Tensor): Tensor {
  const product = p.mul(requireTensor('dot', x), requireTensor('dot', y));
  return p.reduceSum(product, range(product.shape.length));
}
