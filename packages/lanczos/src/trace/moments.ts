import { trustedError } from '../density/estimate.js';

/** Mean and spread of n numbers at once, sample by sample, and how much of them was random. */
export class Moments {
  readonly mean: Float64Array;
  readonly #squares: Float64Array;
  readonly #random: Float64Array;
  count = 0;

  constructor(n: number) {
    this.mean = new Float64Array(n);
    this.#squares = new Float64Array(n);
    this.#random = new Float64Array(n);
  }

  /** A sample, entry by entry, and the size of what is random in it. */
  note(term: (i: number) => number, random: (i: number) => number): void {
    const { mean } = this;
    const count = ++this.count;
    for (let i = 0; i < mean.length; i++) {
      const x = term(i);
      const change = x - mean[i];
      mean[i] += change / count;
      this.#squares[i] += change * (x - mean[i]);
      this.#random[i] += random(i) ** 2;
    }
  }

  /** What the samples did not show: numbers that are as large as their deviations may be. */
  suspect(deviations: ArrayLike<number>): void {
    for (let i = 0; i < this.mean.length; i++) this.#random[i] += this.count * deviations[i] ** 2;
  }

  /** Σ of the squares of what was random. */
  get random(): number {
    return this.#random.reduce((sum, x) => sum + x, 0);
  }

  /** Standard errors of the means. What so few samples may hide of an entry is as large as what was random in it, or in entries on average. */
  errors(): Float64Array {
    const { count } = this;
    const average = this.random / this.mean.length;
    return this.#squares.map((squares, i) => {
      const spread = Math.sqrt(squares / (count - 1) / count);
      return trustedError(spread, Math.sqrt(Math.max(this.#random[i], average) / count), count);
    });
  }
}
