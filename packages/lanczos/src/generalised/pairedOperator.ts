import type { FloatArray } from '@hyperribbon/kernels/linear';
import { stream } from '@hyperribbon/random';
import type { LinearOperator } from '@hyperribbon/linop';
import type { ScaledProduct } from '../solve/scaledProduct.js';
import type { ProductsMetric } from './productsMetric.js';

/** draws that a search makes between two products, and one more */
const AHEAD = 2;

/**
 * B⁻¹ A on pairs (x, B x), vectors of 2n numbers: selfadjoint in the inner product of the one's x with the other's B x. A product is p = A x and (B⁻¹ p, p), so the second half comes for
 * free, and sums of pairs are pairs.
 */
export class PairedOperator implements LinearOperator {
  readonly size: number;
  readonly dtype = 'float64';
  readonly #A: ScaledProduct;
  readonly #B: ProductsMetric;
  readonly #seed: number;
  readonly #ready = new Map<number, Float64Array>();
  #next = 0;

  constructor(A: ScaledProduct, B: ProductsMetric, seed: number) {
    this.size = 2 * B.size;
    this.#A = A;
    this.#B = B;
    this.#seed = seed;
  }

  async apply(pair: Float64Array, out: Float64Array): Promise<void> {
    const n = this.#B.size;
    const image = out.subarray(n);
    await this.#A.multiply(pair.slice(0, n), image);
    await this.#B.solve(image.slice(), out.subarray(0, n));
    await this.prepare();
  }

  /** Random pairs for the next draws, since B x may come later: the first of them. */
  async prepare(): Promise<Float64Array> {
    const n = this.#B.size;
    for (; this.#ready.size < AHEAD; this.#next++) {
      const pair = new Float64Array(2 * n);
      stream({ seed: this.#seed, purpose: 'eigshGeneralised', index: this.#next }).normal(pair.subarray(0, n));
      await this.#B.multiply(pair.slice(0, n), pair.subarray(n));
      this.#ready.set(this.#next, pair);
    }
    return this.#ready.get(this.#next - AHEAD)!;
  }

  /** B x anew for a pair that lost digits. */
  async renew(pair: FloatArray): Promise<void> {
    const n = this.#B.size;
    const x = Float64Array.from(pair.subarray(0, n));
    pair.set(await this.#B.multiply(x, new Float64Array(n)), n);
  }

  /** The pair of that index. */
  draw(index: number): Float64Array {
    const pair = this.#ready.get(index);
    if (pair === undefined) throw new Error(`eigshGeneralised: random pair ${index} is not ready`);
    this.#ready.delete(index);
    return pair;
  }
}
