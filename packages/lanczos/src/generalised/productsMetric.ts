import { fromMatvec, type LinearOperator } from '@hyperribbon/linop';
import { eigsh } from '../eigsh/eigsh.js';
import { timesPower } from '../dense/powerOfTwo.js';
import { ScaledProduct } from '../solve/scaledProduct.js';
import { dot, norm } from '../solve/vectors.js';
import type { MetricProducts, ResolvedMetric } from './metric.js';

/** As near as B is looked at for its ends: an eigenvalue below zero of less than this share of ‖B‖, and ‖B⁻¹‖ at once, is not seen. */
const ENDS = 0.03;

/** B by products and a solve of the user's. */
export class ProductsMetric implements ResolvedMetric {
  readonly size: number;
  condition: number = Infinity;
  /** largest ‖B x − b‖/‖b‖ of the solves so far */
  solveError = 0;
  /** whether B was seen not to be positive definite */
  indefinite = false;
  readonly #B: ScaledProduct;
  readonly #S: ScaledProduct;
  readonly #check: Float64Array;
  readonly #operators: { readonly product: LinearOperator; readonly solve: LinearOperator };
  #others = { products: 0, solves: 0 };

  constructor({ product, solve }: MetricProducts, caller: string, signal: AbortSignal | undefined) {
    this.size = product.size;
    const inverse = fromMatvec(product.size, solve);
    this.#operators = { product, solve: inverse };
    this.#B = new ScaledProduct(product, `${caller}: B.product`, signal);
    this.#S = new ScaledProduct(inverse, `${caller}: B.solve`, signal);
    this.#check = new Float64Array(product.size);
  }

  get exponent(): number {
    return this.#B.exponent ?? 0;
  }

  get products(): number {
    return this.#B.matvecs + this.#others.products;
  }

  get solves(): number {
    return this.#S.matvecs + this.#others.solves;
  }

  multiply(x: Float64Array, out: Float64Array): Promise<Float64Array> {
    return this.#B.multiply(x, out);
  }

  /** x ← B̃⁻¹ b, and what it leaves is remembered. Cost: a solve and a product. */
  async solve(b: Float64Array, x: Float64Array): Promise<Float64Array> {
    await this.#S.multiply(b, x);
    const e = this.exponent + (this.#S.exponent ?? 0);
    if (e !== 0) for (let i = 0; i < x.length; i++) x[i] = timesPower(x[i], e);
    const size = norm(b);
    if (size > 0) {
      const left = await this.#B.multiply(x, this.#check);
      for (let i = 0; i < x.length; i++) left[i] -= b[i];
      this.solveError = Math.max(this.solveError, norm(left) / size);
    }
    return x;
  }

  async dualNorm(r: Float64Array): Promise<number> {
    const size = norm(r);
    if (size === 0) return 0;
    // sizes of residuals are those of rounding: their squares need not vanish
    const unit = r.map((value) => value / size);
    return size * Math.sqrt(Math.max(0, dot(unit, await this.solve(unit, new Float64Array(r.length)))));
  }

  /** Both ends of B and of its solve: κ(B), and whether B is positive definite as far as {@link ENDS} sees. */
  async look(seed: number, signal: AbortSignal | undefined): Promise<void> {
    const both = {
      seed,
      ...(signal && { signal }),
      k: Math.min(2, this.size),
      which: 'BE',
      tol: ENDS,
      noise: 'estimate',
    } as const;
    const { product, solve } = this.#operators;
    const [ends, inverse] = [await eigsh(product, both), await eigsh(solve, both)];
    this.#others = {
      products: this.#others.products + ends.matvecs,
      solves: this.#others.solves + inverse.matvecs,
    };
    this.condition = Math.max(1, (1 + 2 * ENDS) * ends.norm * inverse.norm);
    if (ends.reason === 'aborted' || inverse.reason === 'aborted') return;
    const below = (report: { values: Float64Array; norm: number }): boolean =>
      !(report.values[0] > 0) || report.values[report.values.length - 1] < -ENDS * report.norm;
    this.indefinite = below(ends) || below(inverse);
  }
}
