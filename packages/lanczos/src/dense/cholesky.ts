import { refuse, requireFloatArray, requireInteger } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels/linear';

/**
 * A = L Lᵀ of a symmetric positive definite matrix.
 *
 * @param a (n, n) row-major; its lower triangle is read
 * @returns L (n, n) row-major, zero above the diagonal
 * @throws ArgumentError where pivot i is at most (i + 1) 2^−52 of entry (i, i): A is not positive definite, or so near to singular that rounding decides; ArgumentTypeError
 * Cost: n³/3 flops. Source: [golub2013, 4.2].
 * @example
 * cholesky(Float64Array.of(4, 2, 2, 5), 2); // [2, 0, 1, 2]
 */
export function cholesky(a: FloatArray, n: number): Float64Array {
  requireInteger('cholesky', 'n', n, 0);
  requireFloatArray('cholesky', 'a', a, n * n);
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = l.subarray(i * n, i * n + i + 1);
    const size = a[i * n + i];
    for (let j = 0; j <= i; j++) {
      const other = l.subarray(j * n, j * n + j);
      let s = a[i * n + j];
      for (let t = 0; t < j; t++) s -= row[t] * other[t];
      if (!Number.isFinite(s)) refuse('cholesky', `a must be finite and of moderate size, row ${i} of ${n} gives ${s}`);
      if (j < i) row[j] = s / l[j * n + j];
      else if (s > (i + 1) * 2 ** -52 * size) row[i] = Math.sqrt(s);
      else
        refuse(
          'cholesky',
          `a must be positive definite: pivot ${i} of ${n} is ${s}, of entry ${size}; add a multiple of the identity if it is so but for rounding`,
        );
    }
  }
  return l;
}

/** b ← L⁻¹ b, in place: L (n, n) lower triangular, b (n,). Cost: n² flops. */
export function solveLower(l: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let s = b[i];
    for (let at = i * n, j = 0; j < i; j++) s -= l[at + j] * b[j];
    b[i] = s / l[i * n + i];
  }
}

/** b ← L⁻ᵀ b, in place: L (n, n) lower triangular, b (n,). Cost: n² flops. */
export function solveLowerTransposed(l: Float64Array, n: number, b: Float64Array): void {
  for (let i = n - 1; i >= 0; i--) {
    const x = (b[i] /= l[i * n + i]);
    for (let at = i * n, j = 0; j < i; j++) b[j] -= l[at + j] * x;
  }
}
