import { eigh } from '../dense/eigh.js';
import type { ScaledProduct } from '../solve/scaledProduct.js';
import { addTo, dot } from '../solve/vectors.js';
import type { ResolvedMetric } from './metric.js';

/** Best approximations of a pencil from a subspace, in numbers of the scales of A's product and of the metric. */
export interface PencilPairs {
  /** (r,) descending */
  readonly values: Float64Array;
  /** (n,) each, xᵀ B x = 1 */
  readonly vectors: readonly Float64Array[];
  /** (r,) ‖A x − λ B x‖ in the norm of B⁻¹ */
  readonly residuals: Float64Array;
  /** max |X B Xᵀ − 1|, measured with products of these vectors before the last rotation */
  readonly orthogonality: number;
}

/**
 * Eigenpairs of the pencil in the span of independent rows. Cost: r products with A and with B, r norms of residuals (a solve each), 10 r² n flops.
 */
export async function pencilRitz(
  A: ScaledProduct,
  B: ResolvedMetric,
  rows: readonly Float64Array[],
): Promise<PencilPairs> {
  const n = B.size;
  const r = rows.length;
  const [x, bx, ax]: Float64Array[][] = [[], [], []];
  for (const row of rows) {
    const [vector, image] = [row.slice(), await B.multiply(row, new Float64Array(n))];
    orthonormalise(vector, image, x, bx);
    x.push(vector);
    bx.push(image);
  }
  for (const vector of x) ax.push(await A.multiply(vector.slice(), new Float64Array(n)));
  const form = new Float64Array(r * r);
  let orthogonality = 0;
  for (let i = 0; i < r; i++)
    for (let j = 0; j <= i; j++) {
      form[i * r + j] = (dot(x[i], ax[j]) + dot(x[j], ax[i])) / 2;
      orthogonality = Math.max(orthogonality, Math.abs(dot(x[i], bx[j]) - (i === j ? 1 : 0)));
    }
  const { values, vectors: turn } = eigh(form, r, { vectors: true });
  const combined = (of: readonly Float64Array[], i: number): Float64Array => {
    const sum = new Float64Array(n);
    for (let j = 0; j < r; j++) addTo(sum, turn[i * r + j], of[j]);
    return sum;
  };
  const residuals = new Float64Array(r);
  const vectors: Float64Array[] = [];
  for (let i = 0; i < r; i++) {
    vectors.push(combined(x, i));
    const residual = combined(ax, i);
    addTo(residual, -values[i], combined(bx, i));
    residuals[i] = await B.dualNorm(residual);
  }
  return { values, vectors, residuals, orthogonality };
}

/** vector, and B times it, orthonormal in the metric to those before, in two passes. */
function orthonormalise(
  vector: Float64Array,
  image: Float64Array,
  x: readonly Float64Array[],
  bx: readonly Float64Array[],
): void {
  for (let pass = 0; pass < 2; pass++) {
    for (let j = 0; j < x.length; j++) {
      const share = dot(x[j], image);
      addTo(vector, -share, x[j]);
      addTo(image, -share, bx[j]);
    }
    const size = Math.sqrt(dot(vector, image));
    for (let i = 0; i < vector.length; i++) {
      vector[i] /= size;
      image[i] /= size;
    }
  }
}
