import { norm } from '../solve/vectors.js';
import type { ShortSide } from './shortSide.js';
import { svd } from './svd.js';

/** Best approximations of singular triplets from a space on the shorter side, in numbers of the scale of the products. */
export interface Triplets {
  /** (c,) descending */
  readonly values: Float64Array;
  /** (c, short), orthonormal */
  readonly near: Float64Array;
  /** (c, long), orthonormal; zero from `rank` on */
  readonly far: Float64Array;
  /** (c,) ‖Aᵀ far − σ near‖, A near − σ far being zero; ‖A near‖ from `rank` on */
  readonly residuals: Float64Array;
  readonly rank: number;
  /** largest ‖A x‖ */
  readonly norm: number;
}

/**
 * The `last` smallest singular triplets of A on the span of rows (c, short): A applied to them, and the SVD of the result, so that nothing is squared. The value of place j from below is
 * never below that of A [golub2013, §8.6.1]. A value is told from zero where it is above `resolution` of the norm and its residual.
 *
 * Cost: c products with A, `last` with Aᵀ, 2 c² long flops.
 */
export async function tripletsFrom(
  A: ShortSide,
  rows: Float64Array,
  count: number,
  last: number,
  eps: number,
): Promise<Triplets> {
  const { short, long } = A;
  const products = await A.images(rows, count);
  const dense = svd(products, count, long, { vectors: true });
  const top = dense.values[0] ?? 0;
  const [values, far] = [dense.values.slice(count - last), dense.v.slice((count - last) * long)];
  const near = new Float64Array(last * short);
  for (let r = 0; r < last; r++)
    for (let i = 0; i < count; i++) {
      const share = dense.u[(count - last + r) * count + i];
      if (share !== 0) for (let j = 0; j < short; j++) near[r * short + j] += share * rows[i * short + j];
    }
  const residuals = values.slice();
  let rank = 0;
  const back = new Float64Array(short);
  for (; rank < last && values[rank] > 10 * eps * top; rank++) {
    await A.backward(far.subarray(rank * long, (rank + 1) * long), back);
    for (let j = 0; j < short; j++) back[j] -= values[rank] * near[rank * short + j];
    const residual = Math.max(norm(back), 4 * eps * top);
    if (!(values[rank] > residual)) break;
    residuals[rank] = residual;
  }
  far.fill(0, rank * long);
  return { values, near, far, residuals, rank, norm: top };
}
