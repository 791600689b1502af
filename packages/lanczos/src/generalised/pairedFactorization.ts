import type { FactorizationOptions } from '../factorization/factorizationOptions.js';
import { KrylovFactorization } from '../factorization/krylovFactorization.js';
import type { PairedOperator } from './pairedOperator.js';

/** A remainder below this share of ‖A‖ is what cancellation left of both halves of a pair, each with its own rounding. */
const CANCELLED = 2 ** -6;
/** Of a pair renewed, what is left outside the basis: below it there was only rounding. */
const LOST = 2 ** -3;

/** The factorization of {@link PairedOperator}: random vectors are pairs, and pairs stay pairs. */
export class PairedFactorization extends KrylovFactorization {
  readonly #pairs: PairedOperator;

  constructor(pairs: PairedOperator, options: FactorizationOptions) {
    super(pairs, { ...options, paired: true });
    this.#pairs = pairs;
  }

  override appendRandom(): boolean {
    if (this.size + this.candidates >= this.n / 2) return false;
    return this.append(this.#pairs.draw(this.state.draws++)) > 0;
  }

  override async expand(): Promise<number> {
    await this.#renew(this.size);
    const left = await super.expand();
    if (left === 0 || left >= CANCELLED * this.norm) return left;
    const { state } = this;
    if (await this.#renew(state.size + state.candidates - 1)) return left;
    state.candidates--;
    return 0;
  }

  /** B x anew, and orthonormal with it; false where that takes most of the pair away. */
  async #renew(k: number): Promise<boolean> {
    const { rows } = this;
    await this.#pairs.renew(rows.row(k));
    const size = rows.norm(k);
    const outside = size > 0 ? rows.orthogonalize(k, null) : 0;
    if (!(outside > LOST * size)) return false;
    rows.scale(k, 1 / outside);
    return true;
  }
}
