import type { FloatArray } from '@hyperribbon/kernels';
import type { LinearOperator } from './linearOperator.js';

/**
 * The operator of a dense symmetric matrix; it refers to `a`, it does not copy it.
 *
 * @param a (n, n) row-major, symmetric; its type gives the dtype
 * @param n order, n ≥ 0
 * @throws RangeError when a does not have n² entries
 * Cost: 2 n² flops per product, sums in float64.
 */
export function fromDense(a: FloatArray, n: number): LinearOperator {
  if (!Number.isInteger(n) || n < 0 || a.length !== n * n) {
    throw new RangeError(`fromDense: a must hold n² numbers, got ${a.length} for n=${n}`);
  }
  return {
    size: n,
    dtype: a instanceof Float32Array ? 'float32' : 'float64',
    apply(x, out) {
      for (let i = 0, p = 0; i < n; i++) {
        let s = 0;
        for (let j = 0; j < n; j++, p++) s += a[p] * x[j];
        out[i] = s;
      }
    },
  };
}

/** The operator diag(d); it refers to `d`. */
export function diagonal(d: FloatArray): LinearOperator {
  return {
    size: d.length,
    dtype: d instanceof Float32Array ? 'float32' : 'float64',
    apply(x, out) {
      for (let i = 0; i < d.length; i++) out[i] = d[i] * x[i];
    },
  };
}
