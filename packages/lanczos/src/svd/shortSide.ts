import { watch } from '@hyperribbon/contract';
import type { LinearOperator, RectangularOperator } from '@hyperribbon/linop';
import type { EigshSettings } from '../eigsh/eigshOptions.js';
import { padded } from '../solve/rectangularSystem.js';
import { ScaledProduct } from '../solve/scaledProduct.js';

/** A, or Aᵀ where that has fewer columns, by products in float64 that are near the size of their arguments. */
export class ShortSide {
  readonly short: number;
  readonly long: number;
  readonly #down: ScaledProduct;
  readonly #up: ScaledProduct;
  readonly #caller: string;
  readonly #watched: Pick<EigshSettings, 'signal' | 'onProgress'>;
  readonly #wide: Float64Array;
  readonly #out: Float64Array;

  constructor(op: RectangularOperator, caller: string, watched: Pick<EigshSettings, 'signal' | 'onProgress'>) {
    const { signal } = watched;
    this.#caller = caller;
    this.#watched = watched;
    const wide = op.columns > op.rows;
    this.short = wide ? op.rows : op.columns;
    this.long = wide ? op.columns : op.rows;
    // a product of a product must be in the range of the dtype
    const plain = op.dtype === 'float32' ? 30 : undefined;
    this.#down = new ScaledProduct(padded(op, wide), caller, signal, 0, plain);
    this.#up = new ScaledProduct(padded(op, !wide), caller, signal, 0, plain);
    this.#wide = new Float64Array(this.long);
    this.#out = new Float64Array(this.long);
  }

  /** products are 2^−exponent A x */
  get exponent(): number {
    return this.#down.exponent ?? 0;
  }

  /** products with A or with Aᵀ, whichever are more */
  get matvecs(): number {
    return Math.max(this.#down.matvecs, this.#up.matvecs);
  }

  /** out (long,) ← A x, x (short,) */
  async forward(x: ArrayLike<number>, out: Float64Array): Promise<void> {
    this.#wide.set(x);
    this.#wide.fill(0, this.short);
    await this.#down.multiply(this.#wide, this.#out);
    out.set(this.#out);
  }

  /** A applied to rows (count, short): (count, long). @throws AbortError between two products */
  async images(rows: Float64Array, count: number): Promise<Float64Array> {
    const { short, long } = this;
    const { signal, onProgress } = this.#watched;
    const before = this.matvecs;
    const detail = { phase: 'search', convergedPairs: 0, restarts: 0 } as const;
    const told: Parameters<typeof watch>[2]['onProgress'] = ({ done, of, secondsLeft }) =>
      onProgress?.({ done, of, detail: { ...detail, matvecsLeft: of - done }, secondsLeft });
    const between = watch(this.#caller, before + count, { signal, onProgress: told }, () => this.matvecs);
    const out = new Float64Array(count * long);
    for (let i = 0; i < count; i++) {
      await between();
      await this.forward(rows.subarray(i * short, (i + 1) * short), out.subarray(i * long, (i + 1) * long));
    }
    return out;
  }

  /** out (short,) ← Aᵀ y, y (long,); after a first {@link forward} */
  async backward(y: Float64Array, out: Float64Array): Promise<void> {
    this.#up.exponent ??= this.#down.exponent;
    await this.#up.multiply(y, this.#out);
    out.set(this.#out.subarray(0, this.short));
  }

  /** AᵀA, of the smaller order, in float64. */
  gram(): LinearOperator {
    const [between, back] = [new Float64Array(this.long), new Float64Array(this.short)];
    return {
      size: this.short,
      dtype: 'float64',
      apply: async (x, out) => {
        await this.forward(x, between);
        await this.backward(between, back);
        out.set(back);
      },
    };
  }
}
