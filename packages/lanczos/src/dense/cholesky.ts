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
  return choleskyOf('cholesky', 'a', a, n);
}

/** The same in another function's name, of its argument `name`. */
export function choleskyOf(caller: string, name: string, a: FloatArray, n: number): Float64Array {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const size = a[i * n + i];
    for (let j = 0; j <= i; j++) {
      const s = a[i * n + j] - rowProduct(l, i * n, j * n, j);
      if (!Number.isFinite(s))
        refuse(caller, `${name} must be finite and of moderate size, row ${i} of ${n} gives ${s}`);
      if (j < i) l[i * n + j] = s / l[j * n + j];
      else if (s > (i + 1) * 2 ** -52 * size) l[i * n + i] = Math.sqrt(s);
      else
        refuse(
          caller,
          `${name} must be positive definite: pivot ${i} of ${n} is ${s}, of entry ${size}; add a multiple of the identity if it is so but for rounding`,
        );
    }
  }
  return l;
}

/** Σ l[p + t] l[q + t], t < count, in four sums: one alone waits for every addition. */
function rowProduct(l: Float64Array, p: number, q: number, count: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  let t = 0;
  for (; t + 4 <= count; t += 4) {
    a += l[p + t] * l[q + t];
    b += l[p + t + 1] * l[q + t + 1];
    c += l[p + t + 2] * l[q + t + 2];
    d += l[p + t + 3] * l[q + t + 3];
  }
  for (; t < count; t++) a += l[p + t] * l[q + t];
  return a + b + (c + d);
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
