/**
 * The solution of A s = g for a symmetric positive definite A by A = L Lᵀ, or undefined where a pivot is not above rounding of its diagonal.
 *
 * @param a (n, n) row-major, of which the lower triangle is read; it is overwritten by L
 * @param g (n,)
 * Cost: n³/3 flops, no memory beside n numbers
 * @example choleskySolve(Float64Array.of(4, 0, 0, 9), Float64Array.of(8, 9), 2); // [2, 1]
 */
export function choleskySolve(a: Float64Array, g: Float64Array, n: number): Float64Array | undefined {
  for (let i = 0; i < n; i++) {
    const diagonal = a[i * n + i];
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j];
      // hot: rows i and j of L
      for (let p = i * n, q = j * n, end = p + j; p < end; p++, q++) sum -= a[p] * a[q];
      if (j < i) a[i * n + j] = sum / a[j * n + j];
      else if (sum > n * Number.EPSILON * diagonal) a[i * n + i] = Math.sqrt(sum);
      else return undefined;
    }
  }
  const s = g.slice();
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) s[i] -= a[i * n + j] * s[j];
    s[i] /= a[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) s[i] -= a[j * n + i] * s[j];
    s[i] /= a[i * n + i];
  }
  return s;
}
