import type { FloatArray } from '@hyperribbon/kernels';

/** xᵀy, summed in float64. */
export function dot(x: FloatArray, y: FloatArray): number {
  let [a, b] = [0, 0];
  const even = x.length - (x.length % 2);
  // two sums: additions of one wait for each other
  for (let i = 0; i < even; i += 2) {
    a += x[i] * y[i];
    b += x[i + 1] * y[i + 1];
  }
  return even < x.length ? a + b + x[even] * y[even] : a + b;
}

/** y ← y + a x */
export function axpy(a: number, x: FloatArray, y: FloatArray): void {
  for (let i = 0; i < x.length; i++) y[i] += a * x[i]; // hot
}
