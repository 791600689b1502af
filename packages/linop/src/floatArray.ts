import type { Dtype, FloatArray } from '@hyperribbon/kernels';

/** A new array of zeros of the given dtype. */
export function floatArray(dtype: Dtype, length: number): FloatArray {
  return dtype === 'float32' ? new Float32Array(length) : new Float64Array(length);
}

/** Whether x is the typed array that dtype names. */
export function isFloatArray(x: unknown, dtype: Dtype): x is FloatArray {
  return dtype === 'float32' ? x instanceof Float32Array : x instanceof Float64Array;
}
