import { floatArray, requireOneOf } from '@hyperribbon/contract';
import type { Dtype } from '@hyperribbon/kernels';
import { chain } from './chain.js';
import { derived } from './combinators.js';
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
  const through = derived([op], ([multiply]) => (x, out) => {
    const output = floatArray(op.dtype, x.length);
    return chain(multiply(floatArray(op.dtype, x), output), () => out.set(output));
  });
  return { ...through, dtype };
}
