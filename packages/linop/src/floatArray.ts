import type { Dtype, FloatArray } from '@hyperribbon/kernels';

/** A new array of zeros of the given dtype. */
export function floatArray(dtype: Dtype, length: number): FloatArray {
  return dtype === 'float32' ? new Float32Array(length) : new Float64Array(length);
}
