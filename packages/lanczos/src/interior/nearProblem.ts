import { pacer, throwIfAborted } from '@hyperribbon/contract';
import type { LinearOperator } from '@hyperribbon/linop';
import { timesPower } from '../dense/powerOfTwo.js';
import type { EigenReport } from '../eigsh/eigenReport.js';
import type { EigshDetail, EigshSettings } from '../eigsh/eigshOptions.js';
import type { SolverReason } from '@hyperribbon/contract/reasons';
import { ScaledProduct } from '../solve/scaledProduct.js';
import type { EigshNearOptions, ResolvedNear } from './interiorOptions.js';
import type { InteriorReport } from './interiorReport.js';
import { rayleighRitz, type RitzPairs } from './rayleighRitz.js';

export const caller = 'eigshNear';

/** What a search gave, in numbers of the scale of A's product. */
export interface Found extends Pick<InteriorReport, 'method' | 'completeness' | 'degree'> {
  readonly reason: SolverReason;
  readonly pairs: RitzPairs;
  /** no unlisted eigenvalue is nearer to sigma */
  readonly clear: number;
  /** products with solves showed that they are not those of a symmetric operator, while A is one */
  readonly inexact?: true;
  /** products that it would take in all, where that is more than there are */
  readonly forecast?: number;
}

/** Pairs where there are none. */
export const NO_PAIRS: RitzPairs = {
  values: new Float64Array(0),
  vectors: new Float64Array(0),
  residuals: new Float64Array(0),
  norm: 0,
};

/** An operator and a number, the products that are made for them, and what is known of both by then. */
export class NearProblem {
  readonly op: LinearOperator;
  readonly options: EigshNearOptions;
  readonly near: ResolvedNear;
  /** products with A */
  readonly A: ScaledProduct;
  readonly eps: number;
  /** what eigsh is given besides */
  readonly others: Partial<EigshSettings>;
  solves = 0;
  /** products with A that `A` did not count */
  further = 0;
  /** largest ‖A x‖/‖x‖, in numbers of the scale of the product */
  norm = 0;
  #searches = 0;

  constructor(op: LinearOperator, options: EigshNearOptions, near: ResolvedNear) {
    this.op = op;
    this.options = options;
    this.near = near;
    this.A = new ScaledProduct(op, caller, options.signal);
    this.eps = op.dtype === 'float32' ? 2 ** -23 : 2 ** -52;
    const { sigma: _sigma, inverse: _inverse, solver: _solver, tol: _tol, maxMatvecs: _most, k: _k, ...rest } = options;
    this.others = rest;
  }

  /** sigma in numbers of the scale of the product, which the first product decides */
  get sigma(): number {
    return timesPower(this.near.sigma, -(this.A.exponent ?? 0));
  }

  get products(): number {
    return this.A.matvecs + this.further;
  }

  /** products that may still be made */
  get left(): number {
    return this.near.maxMatvecs - this.products;
  }

  /** The share of the probability to be wrong that the next of several searches has: 0.3/v² of it add up to less than half, the rest is for what is known before. */
  share(): number {
    this.#searches += 1;
    return (0.3 * this.near.failureProbability) / this.#searches ** 2;
  }

  /** Largest residual of A that is accepted. */
  allowed({ norm }: Pick<RitzPairs, 'norm'>): number {
    return Math.max(this.near.tol, 50 * this.eps) * Math.max(this.norm, norm);
  }

  /** An operator on vectors of A's dtype from a function on float64 ones, which lets the event loop run and ends with the signal. */
  operator(multiply: (x: Float64Array, out: Float64Array) => Promise<unknown>): LinearOperator {
    const { size, dtype } = this.op;
    const result = new Float64Array(size);
    return {
      size,
      dtype,
      apply: async (x, out) => {
        await multiply(Float64Array.from(x), result);
        out.set(result);
      },
    };
  }

  /** To be awaited after each of many products within one step of a search. */
  breather(): () => Promise<void> {
    const pause = pacer();
    return async () => {
      const waited = pause();
      if (waited !== false) await waited;
      throwIfAborted(caller, this.options.signal);
    };
  }

  /** The options of a search whose steps take `each` products with A. */
  settings(each: number): Partial<EigshSettings> {
    const { onProgress } = this.options;
    if (onProgress === undefined) return this.others;
    return {
      ...this.others,
      onProgress: ({ detail, secondsLeft }) =>
        onProgress({
          done: Math.min(this.products, this.near.maxMatvecs),
          of: this.near.maxMatvecs,
          detail: { ...(detail as EigshDetail), matvecsLeft: times(detail?.matvecsLeft, each) },
          secondsLeft,
        }),
    };
  }

  /** By how much, relative to its norm, unlisted values of a transformed problem may lie beyond the listed ones. */
  margin({ completeness, noise }: EigenReport, tol: number): number {
    return Math.max(completeness.method === 'dense' ? 0 : tol, 50 * this.eps, noise);
  }

  /** Rayleigh-Ritz with A in the span of the first `count` vectors; none after an abort, when no product is made. */
  ritz({ vectors, values, reason }: EigenReport, count: number = values.length): Promise<RitzPairs> {
    if (reason === 'aborted' || count === 0) return Promise.resolve(NO_PAIRS);
    return rayleighRitz(this.A, Float64Array.from(vectors.subarray(0, count * this.op.size)), count);
  }

  /** The k nearest to sigma of all pairs, and how near the others may be. */
  nearest(pairs: RitzPairs, clear: number): Pick<Found, 'pairs' | 'clear'> {
    const { sigma } = this;
    const n = this.op.size;
    const distance = (i: number): number => Math.abs(pairs.values[i] - sigma);
    const order = [...pairs.values.keys()].sort((i, j) => distance(i) - distance(j));
    const chosen = order.slice(0, this.near.k).sort((i, j) => i - j);
    const others = order.slice(this.near.k);
    const vectors = new Float64Array(chosen.length * n);
    chosen.forEach((i, q) => vectors.set(pairs.vectors.subarray(i * n, (i + 1) * n), q * n));
    return {
      pairs: {
        values: Float64Array.from(chosen, (i) => pairs.values[i]),
        vectors,
        residuals: Float64Array.from(chosen, (i) => pairs.residuals[i]),
        norm: pairs.norm,
      },
      clear: others.reduce((least, i) => Math.min(least, Math.max(0, distance(i) - pairs.residuals[i])), clear),
    };
  }

  /** Distance that must be free of unlisted values for the listed ones to be the nearest: rounding of A − sigma comes on top of the tolerance. */
  needed(pairs: RitzPairs): number {
    const { sigma } = this;
    const farthest = pairs.values.reduce((most, value) => Math.max(most, Math.abs(value - sigma)), 0);
    return farthest - 2 * this.allowed(pairs) - 1e3 * this.eps * Math.abs(sigma);
  }
}

function times(matvecs: number | null | undefined, each: number): number | null {
  return matvecs === null || matvecs === undefined ? null : matvecs * each;
}
