import { requireFloatArray } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { dtypeOf, requireMatrix, rowProducts } from './matrixArguments.js';
import type { LinearOperator } from './linearOperator.js';

/**
 * The operator of a dense symmetric matrix; it refers to `a`, it does not copy it.
 *
 * @param a (n, n) row-major, symmetric; its type gives the dtype
 * @param n order, n ≥ 0
 * @throws ArgumentError when a does not have n² entries
 * Cost: 2 n² flops per product, sums in float64.
 * @example
 * const A = fromDense(Float64Array.of(2, 1, 1, 2), 2);
 */
export function fromDense(a: FloatArray, n: number): LinearOperator {
  requireMatrix('fromDense', a, n, n);
  return {
    size: n,
    dtype: dtypeOf(a),
    apply: (x, out) => rowProducts(a, x, out),
  };
}

/**
 * The operator diag(d); it refers to `d`, whose type gives the dtype.
 * @example
 * const D = diagonal(Float64Array.of(3, 2, 1));
 */
export function diagonal(d: FloatArray): LinearOperator {
  requireFloatArray('diagonal', 'd', d);
  return {
    size: d.length,
    dtype: dtypeOf(d),
    apply(x, out) {
      for (let i = 0; i < d.length; i++) out[i] = d[i] * x[i];
    },
  };
}
