const EPSILON = 2.220446049250313e-16;

/**
 * |G - I|, Frobenius, of n vectors of `length` numbers, with what rounding may have hidden.
 * @param gram (n, n) their products, of which the upper triangle is read
 */
export function orthonormalDefect(gram: Float64Array, n: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++) {
      const off = gram[i * n + j] - (i === j ? 1 : 0);
      sum += (i === j ? 1 : 2) * off * off;
    }
  return Math.sqrt(sum) + n * Math.sqrt(length) * EPSILON;
}
