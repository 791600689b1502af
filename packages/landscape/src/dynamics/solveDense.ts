/**
 * The solution of A x = b by elimination with partial pivoting.
 *
 * @param A (n, n), unchanged
 * @returns undefined where a pivot is 0 or not finite
 * Cost: n³/3 multiplications
 * @example solveDense(Float64Array.of(2, 0, 0, 4), Float64Array.of(2, 2)); // [1, 0.5]
 */
export function solveDense(A: Float64Array, b: Float64Array): Float64Array | undefined {
  const n = b.length;
  const M = A.slice();
  const x = b.slice();
  for (let c = 0; c < n; c++) {
    let pivot = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(M[r * n + c]) > Math.abs(M[pivot * n + c])) pivot = r;
    const top = M[pivot * n + c];
    if (!(Math.abs(top) > 0 && Math.abs(top) < Infinity)) return undefined;
    if (pivot !== c) {
      for (let j = c; j < n; j++) [M[c * n + j], M[pivot * n + j]] = [M[pivot * n + j], M[c * n + j]];
      [x[c], x[pivot]] = [x[pivot], x[c]];
    }
    for (let r = c + 1; r < n; r++) {
      const factor = M[r * n + c] / top;
      if (factor === 0) continue;
      for (let j = c + 1; j < n; j++) M[r * n + j] -= factor * M[c * n + j];
      x[r] -= factor * x[c];
    }
  }
  for (let r = n - 1; r >= 0; r--) {
    for (let j = r + 1; j < n; j++) x[r] -= M[r * n + j] * x[j];
    x[r] /= M[r * n + r];
  }
  return x.every((value) => Number.isFinite(value)) ? x : undefined;
}
