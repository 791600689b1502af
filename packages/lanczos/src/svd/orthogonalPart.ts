import { rowNorm } from './jacobi.js';

/**
 * Row i of w (k, width) ← its part orthogonal to the orthonormal rows before it, in two passes: one alone may leave much of them where little is left.
 * @returns (i + 1,) its products with the rows before it, and the length of the part
 */
export function orthogonalPart(w: Float64Array, i: number, width: number): Float64Array {
  const row = w.subarray(i * width, (i + 1) * width);
  const products = new Float64Array(i + 1);
  for (let pass = 0; pass < 2; pass++) {
    for (let q = 0; q < i; q++) {
      let s = 0;
      for (let j = 0; j < width; j++) s += row[j] * w[q * width + j];
      for (let j = 0; j < width; j++) row[j] -= s * w[q * width + j];
      products[q] += s;
    }
  }
  products[i] = rowNorm(w, i * width, width);
  return products;
}
