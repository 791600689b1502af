import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { chain } from './chain.js';
import { floatArray } from './floatArray.js';
import { assertOperator, type LinearOperator } from './linearOperator.js';

/**
 * The same operator for vectors of another dtype: x is converted, A x is converted back. Rounding is that of the narrower of the two.
 * The operator itself when it has that dtype. Cost: one product, 2 n numbers of memory per column.
 */
export function asDtype(op: LinearOperator, dtype: Dtype): LinearOperator {
  assertOperator(op, 'asDtype');
  if (dtype !== 'float32' && dtype !== 'float64')
    throw new TypeError(`asDtype: dtype must be 'float32' or 'float64', got ${String(dtype)}`);
  if (op.dtype === dtype) return op;
  const through = (
    x: FloatArray,
    out: FloatArray,
    multiply: (x: FloatArray, out: FloatArray) => void | Promise<void>,
  ): void | Promise<void> => {
    const input = floatArray(op.dtype, x.length);
    const output = floatArray(op.dtype, x.length);
    input.set(x);
    return chain(multiply(input, output), () => out.set(output));
  };
  const apply = (x: FloatArray, out: FloatArray): void | Promise<void> => through(x, out, (a, b) => op.apply(a, b));
  if (op.applyBlock === undefined) return { size: op.size, dtype, apply };
  return {
    size: op.size,
    dtype,
    apply,
    applyBlock: (x, out, columns) => through(x, out, (a, b) => op.applyBlock!(a, b, columns)),
  };
}
