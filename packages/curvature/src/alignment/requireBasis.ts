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
    let sum = 0;
    for (let t = row * size; t < (row + 1) * size; t++) sum += basis[t] * basis[t];
    if (!(Math.abs(sum - 1) < 1e-3)) {
      refuse(
        caller,
        `${name} must have orthonormal rows, but row ${row} has squared length ${sum}. Pass eigenvectors as eigsh returns them.`,
      );
    }
  }
  return rows;
}
