import { requireFloatArray, requireInteger, typedArrayName } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';

/** The dtype of an array, of any realm. */
export function dtypeOf(x: FloatArray): Dtype {
  return typedArrayName(x) === 'Float32Array' ? 'float32' : 'float64';
}

/** Checks a dense matrix `a` (m, n). @throws ArgumentError, ArgumentTypeError */
export function requireMatrix(caller: string, a: FloatArray, m: number, n: number): void {
  for (const size of [m, n]) requireInteger(caller, 'order', size, 0);
  requireFloatArray(caller, 'a', a, m * n);
}

/** out (m,) ← A x for rows of x.length numbers, sums in float64. */
export function rowProducts(a: ArrayLike<number>, x: FloatArray, out: FloatArray): void {
  for (let i = 0, p = 0; i < out.length; i++) {
    let s = 0;
    for (let j = 0; j < x.length; j++, p++) s += a[p] * x[j];
    out[i] = s;
  }
}
