import { dot, norm } from '../solve/vectors.js';
import { stream } from '@hyperribbon/random';
import type { NearProblem } from './nearProblem.js';
import type { Interval, WindowFilter } from './windowFilter.js';

/**
 * Estimates tr p(A), about how many eigenvalues a filter lets pass, from the moments zᵀ Tⱼ(A) z of one random vector z; one product gives two moments.
 *
 * An estimate only: the standard deviation is √(2 tr p(A)²). Cost: a product for two degrees of the largest filter, 3 n numbers. Source: [lin2016].
 */
export class WindowCount {
  readonly #problem: NearProblem;
  readonly #ends: Interval;
  readonly #moments: number[] = [];
  #before: Float64Array;
  #now: Float64Array;
  #next: Float64Array;

  constructor(problem: NearProblem, ends: Interval) {
    const { size: n } = problem.op;
    this.#problem = problem;
    this.#ends = ends;
    [this.#before, this.#now, this.#next] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
    stream({ seed: problem.options.seed ?? 0, purpose: 'eigshNear/window' }).normal(this.#before);
    const size = norm(this.#before);
    for (let i = 0; i < n; i++) this.#before[i] *= Math.sqrt(n) / size;
  }

  /** The largest degree that is known. */
  get degree(): number {
    return this.#moments.length - 1;
  }

  /** Makes products until the degree is known. */
  async reach(degree: number, breathe: () => Promise<void>): Promise<void> {
    const moments = this.#moments;
    while (this.degree < degree) {
      const j = moments.length / 2;
      await this.#advance(j);
      await breathe();
      const [a, b] = [this.#before, this.#now];
      // before and now are Tⱼ z and Tⱼ₊₁ z
      moments.push(2 * dot(a, a) - (moments[0] ?? dot(a, a)), 2 * dot(a, b) - (moments[1] ?? dot(a, b)));
    }
  }

  count({ coefficients }: WindowFilter): number {
    return coefficients.reduce((sum, c, j) => sum + c * this.#moments[j], 0);
  }

  async #advance(j: number): Promise<void> {
    const { low, high } = this.#ends;
    const [center, half] = [(low + high) / 2, (high - low) / 2];
    const [before, now, next] = [this.#before, this.#now, this.#next];
    if (j === 0) {
      await this.#problem.A.multiply(before, now);
      for (let i = 0; i < now.length; i++) now[i] = (now[i] - center * before[i]) / half;
      return;
    }
    await this.#problem.A.multiply(now, next);
    for (let i = 0; i < now.length; i++) next[i] = (2 * (next[i] - center * now[i])) / half - before[i];
    [this.#before, this.#now, this.#next] = [now, next, before];
  }
}
