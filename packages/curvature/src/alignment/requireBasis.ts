import { refuse, requireInteger } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';

/** @returns the number of rows of a row-major basis whose rows have unit length to float32's precision */
export function requireBasis(caller: string, name: string, basis: FloatArray, size: number): number {
  requireInteger(caller, 'size', size, 1);
  if (basis.length === 0 || basis.length % size !== 0) {
    refuse(caller, `${name} must hold rows of ${size} numbers, got ${basis.length} numbers`);
  }
  const rows = basis.length / size;
  for (let row = 0; row < rows; row++) {
    const sum = dotRows(basis, row, basis, row, size);
    if (!(Math.abs(sum - 1) < 1e-3)) {
      refuse(
        caller,
        `${name} must have orthonormal rows, but row ${row} has squared length ${sum}. Pass eigenvectors as eigsh returns them.`,
      );
    }
  }
  return rows;
}

/** Row i of one basis times row j of another. */
export function dotRows(a: FloatArray, i: number, b: FloatArray, j: number, size: number): number {
  let sum = 0;
  for (let t = 0, p = i * size, q = j * size; t < size; t++, p++, q++) sum += a[p] * b[q];
  return sum;
}
