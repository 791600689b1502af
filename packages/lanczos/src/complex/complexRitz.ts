import type { ScaledProduct } from '../solve/scaledProduct.js';
import { norm } from '../solve/vectors.js';
import { addMultiple, innerProduct } from './complexVectors.js';
import { hermitianJacobi } from './hermitianJacobi.js';

/** Best approximations from a complex subspace, in numbers of the scale of the product. */
export interface ComplexRitz {
  /** (r,) descending */
  readonly values: Float64Array;
  /** (2n,) interleaved each */
  readonly vectors: Float64Array[];
  /** (r,) ‖H v − θ v‖ */
  readonly residuals: Float64Array;
  /** largest ‖H q‖ */
  readonly norm: number;
}

/** Eigenpairs of Qᴴ H Q for r orthonormal vectors Q. Cost: r products, 16 r² n flops. */
export async function complexRitz(H: ScaledProduct, span: readonly Float64Array[]): Promise<ComplexRitz> {
  const r = span.length;
  const products: Float64Array[] = [];
  for (const q of span) products.push(await H.multiply(q.slice(), new Float64Array(q.length)));
  const largest = products.reduce((most, y) => Math.max(most, norm(y)), 0);
  const form = new Float64Array(2 * r * r);
  for (let i = 0; i < r; i++)
    for (let j = 0; j <= i; j++) {
      const [below, above] = [innerProduct(span[i], products[j]), innerProduct(span[j], products[i])];
      const [re, im] = [(below.re + above.re) / 2, (below.im - above.im) / 2];
      form.set([re, i === j ? 0 : im], 2 * (i * r + j));
      form.set([re, i === j ? 0 : -im], 2 * (j * r + i));
    }
  const { values, vectors: turns } = hermitianJacobi(form, r);
  const residuals = new Float64Array(r);
  const vectors = turns.map((turn, i) => {
    const vector = new Float64Array(span[0].length);
    const residual = new Float64Array(vector.length);
    for (let j = 0; j < r; j++) {
      const share = { re: turn[2 * j], im: turn[2 * j + 1] };
      addMultiple(vector, share, span[j]);
      addMultiple(residual, share, products[j]);
    }
    addMultiple(residual, { re: -values[i], im: 0 }, vector);
    residuals[i] = norm(residual);
    return vector;
  });
  return { values, vectors, residuals, norm: largest };
}

/** max |V Vᴴ − 1| of (2n,) interleaved vectors V. */
export function orthogonalityOf(vectors: readonly Float64Array[]): number {
  let most = 0;
  vectors.forEach((x, i) => {
    for (let j = 0; j <= i; j++) {
      const { re, im } = innerProduct(vectors[j], x);
      most = Math.max(most, Math.abs(i === j ? re - 1 : re), Math.abs(im));
    }
  });
  return most;
}
