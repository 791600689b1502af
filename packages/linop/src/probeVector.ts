import { floatArray } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';

/** Entries in [−1, 1), multiples of 2^-23, from an integer hash of (seed, index, i): enough to probe with, nothing to estimate with. */
export function probeVector(dtype: Dtype, n: number, seed: number, index: number): FloatArray {
  const x = floatArray(dtype, n);
  const key = (Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) | 0;
  for (let i = 0; i < n; i++) {
    let h = (key + Math.imul(i + 1, 0x9e3779b9)) | 0;
    h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
    h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
    h ^= h >>> 15;
    x[i] = ((h >>> 8) - 8388608) / 8388608;
  }
  return x;
}
