import type { FloatArray } from '@hyperribbon/kernels';
import { dotRows, requireBasis } from './requireBasis.js';

/**
 * overlap(i) = ‖A_iᵀ B_i‖²_F / i for i = 1..min(kA, kB), A_i and B_i the first i vectors of two orthonormal bases: 1 if both
 * span the same subspace, i/size on average for random ones. Not monotone in i.
 *
 * @param a (kA, size) row-major, orthonormal rows, stiffest first (`eigsh` returns them so); b likewise
 * @param size length of a vector
 * @returns (min(kA, kB),), entry i − 1 belongs to the first i vectors
 * @throws RangeError for lengths that do not fit and rows that are not of unit length
 * Cost: 2 kA kB size flops. Source: [yang2022]'s published code.
 * @example
 * subspaceOverlap(Float64Array.of(1, 0, 0, 1), Float64Array.of(0, 1, 1, 0), 2); // [0, 1]
 */
export function subspaceOverlap(a: FloatArray, b: FloatArray, size: number): Float64Array {
  const rowsA = requireBasis('subspaceOverlap', 'a', a, size);
  const rowsB = requireBasis('subspaceOverlap', 'b', b, size);
  const count = Math.min(rowsA, rowsB);
  const overlap = new Float64Array(count);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    // the products that the next vectors of both bases add
    for (let j = 0; j < i; j++) sum += square(dotRows(a, i, b, j, size)) + square(dotRows(a, j, b, i, size));
    sum += square(dotRows(a, i, b, i, size));
    overlap[i] = sum / (i + 1);
  }
  return overlap;
}

function square(x: number): number {
  return x * x;
}
