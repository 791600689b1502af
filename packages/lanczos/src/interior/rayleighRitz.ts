import { eigh } from '../dense/eigh.js';
import type { ScaledProduct } from '../solve/scaledProduct.js';
import { addTo, dot, norm } from '../solve/vectors.js';

/** Best approximations from a subspace, in numbers of the scale of the product. */
export interface RitzPairs {
  /** (k,) descending */
  readonly values: Float64Array;
  /** (k, n) */
  readonly vectors: Float64Array;
  /** (k,) ‖A v − θ v‖ */
  readonly residuals: Float64Array;
  /** largest ‖A v‖ */
  readonly norm: number;
}

/** Eigenpairs of Q A Qᵀ for k orthonormal rows Q. Cost: k products, 6 k² n flops. */
export async function rayleighRitz(A: ScaledProduct, rows: Float64Array, k: number): Promise<RitzPairs> {
  const n = rows.length / k;
  const row = (of: Float64Array, i: number): Float64Array => of.subarray(i * n, (i + 1) * n);
  const products = new Float64Array(k * n);
  let largest = 0;
  for (let i = 0; i < k; i++) {
    await A.multiply(row(rows, i).slice(), row(products, i));
    largest = Math.max(largest, norm(row(products, i)));
  }
  const form = new Float64Array(k * k);
  for (let i = 0; i < k; i++)
    for (let j = 0; j <= i; j++)
      form[i * k + j] = (dot(row(rows, i), row(products, j)) + dot(row(rows, j), row(products, i))) / 2;
  const { values, vectors: turn } = eigh(form, k, { vectors: true });
  const vectors = new Float64Array(k * n);
  const residuals = Float64Array.from(values, (value, i) => {
    const residual = new Float64Array(n);
    for (let j = 0; j < k; j++) {
      addTo(row(vectors, i), turn[i * k + j], row(rows, j));
      addTo(residual, turn[i * k + j], row(products, j));
    }
    addTo(residual, -value, row(vectors, i));
    return norm(residual);
  });
  return { values, vectors, residuals, norm: largest };
}
