import { floatArray, requireOneOf } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { chain } from './chain.js';
import { assertOperator, DTYPES, type LinearOperator } from './linearOperator.js';

/**
 * The same operator for vectors of another dtype: x is converted, A x is converted back. Rounding is that of the narrower of the two.
 * The operator itself when it has that dtype.
 * @throws ArgumentError for another dtype
 * Cost: one product, 2 n numbers of memory per column.
 * @example
 * asDtype(diagonal(Float64Array.of(1, 2)), 'float32').dtype; // 'float32'
 */
export function asDtype(op: LinearOperator, dtype: Dtype): LinearOperator {
  assertOperator(op, 'asDtype');
  requireOneOf('asDtype', 'dtype', dtype, DTYPES);
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
