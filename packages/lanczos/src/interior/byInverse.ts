import { fromMatvec, type LinearOperator, NonFiniteError, OperatorError } from '@hyperribbon/linop';
import { timesPower } from '../dense/powerOfTwo.js';
import type { EigenReport } from '../eigsh/eigenReport.js';
import { eigsh } from '../eigsh/eigsh.js';
import { minres } from '../solve/minres.js';
import { ScaledProduct } from '../solve/scaledProduct.js';
import type { Inverse } from './interiorOptions.js';
import { caller, type Found, type NearProblem } from './nearProblem.js';
import type { RitzPairs } from './rayleighRitz.js';
import { NO_REMAINDER, solveError, type SolveError, solveRemainder, worse } from './solveError.js';

/** How exact the solves are. */
export interface SolveAccuracy {
  /** bound of ‖(A − sigma) B − 1‖ */
  readonly bound: number;
  /** largest ‖(A − sigma) x − b‖/‖b‖ */
  readonly seen: number;
  /** whether that is what rounding leaves in any case */
  readonly isRounding: boolean;
}

/** The largest magnitudes of B = (A − sigma)⁻¹ [ericsson1980], each solve held against A. */
export class InverseSearch {
  readonly #problem: NearProblem;
  readonly #solve: Inverse;
  readonly #method: 'inverse' | 'minres';
  #tried: SolveError = { bound: 0, seen: NO_REMAINDER, skew: 0, norm: 0 };
  /** of the solves of all runs, and of those before them */
  #remainder = NO_REMAINDER;
  /** error of B that its search is told of, relative to its norm */
  #noise: number | undefined;

  constructor(problem: NearProblem, inverse: Inverse | undefined) {
    this.#problem = problem;
    this.#method = inverse === undefined ? 'minres' : 'inverse';
    this.#solve = inverse ?? byMinres(problem);
  }

  get accuracy(): SolveAccuracy {
    const { relative, backward } = this.#remainder;
    const { eps, op } = this.#problem;
    return {
      bound: Math.max(this.#tried.bound, relative),
      seen: relative,
      isRounding: backward <= 100 * Math.sqrt(op.size) * eps,
    };
  }

  /** Tries the solve out on random vectors. */
  async tryOut(): Promise<void> {
    const problem = this.#problem;
    const { sigma, failureProbability } = problem.near;
    const B = new ScaledProduct(this.#inverse(), `${caller}: inverse`, problem.options.signal);
    const of = {
      n: problem.op.size,
      sigma,
      seed: problem.options.seed ?? 0,
      probability: failureProbability / 2,
    };
    this.#tried = await this.#finite(() => solveError(problem.A, B, of));
    problem.norm = this.#tried.norm;
    this.#remainder = this.#tried.seen;
  }

  async search(tol: number): Promise<Found> {
    const problem = this.#problem;
    const { k } = problem.near;
    let report = await this.#run(tol);
    // A itself was symmetric where it was looked at: errors of the solve are noise of B, and more than rounding
    const isNoisy = report.reason === 'not-symmetric' && this.#tried.skew <= 1e3 * problem.eps;
    if (isNoisy && this.#noise === undefined && problem.solves < problem.near.maxMatvecs) {
      this.#noise = Math.min(0.01, 3 * this.#remainder.relative);
      report = await this.#run(tol);
    }
    const pairs = report.reason === 'aborted' ? this.#takenBack(report) : await problem.ritz(report);
    const smallest = report.values.reduce((least, value) => Math.min(least, Math.abs(value)), Infinity);
    // nothing unlisted has a value of B beyond this
    const most = smallest + problem.margin(report, tol) * report.norm;
    const { bound } = this.accuracy;
    const clear = k === problem.op.size ? Infinity : bound < 1 ? (1 - bound) / most : 0;
    const { completeness, reason } = report;
    return {
      reason,
      ...(isNoisy && reason === 'not-symmetric' && ({ inexact: true } as const)),
      completeness,
      method: this.#method,
      degree: 0,
      pairs,
      clear: completeness.verified ? timesPower(clear, -(problem.A.exponent ?? 0)) : 0,
    };
  }

  #run(tol: number): Promise<EigenReport> {
    const problem = this.#problem;
    const { k, maxMatvecs } = problem.near;
    return this.#finite(() =>
      eigsh(this.#watched(), {
        ...(this.#method === 'minres' ? problem.settings(1) : problem.others),
        k,
        which: 'LM',
        tol,
        ...(this.#noise !== undefined && { noise: this.#noise }),
        maxMatvecs: Math.max(1, maxMatvecs - problem.solves),
        failureProbability: problem.share(),
      }),
    );
  }

  /** Pairs of B as pairs of A, without a product: (A − sigma − 1/θ) v is −(A − sigma)(B v − θ v)/θ. */
  #takenBack({ values, vectors, residualNorms }: EigenReport): RitzPairs {
    const { op, A, near, norm } = this.#problem;
    const n = op.size;
    const back = (value: number): number => timesPower(near.sigma + 1 / value, -(A.exponent ?? 0));
    const order = [...values.keys()].filter((i) => values[i] !== 0).sort((i, j) => back(values[j]) - back(values[i]));
    const rows = new Float64Array(order.length * n);
    order.forEach((i, q) => rows.set(vectors.subarray(i * n, (i + 1) * n), q * n));
    return {
      values: Float64Array.from(order, (i) => back(values[i])),
      vectors: rows,
      residuals: Float64Array.from(
        order,
        (i) => (2 * (norm + Math.abs(this.#problem.sigma)) * residualNorms[i]) / Math.abs(values[i]),
      ),
      norm,
    };
  }

  #inverse(): LinearOperator {
    const problem = this.#problem;
    const { size, dtype } = problem.op;
    const counted = fromMatvec(size, this.#solve as never, { dtype });
    return {
      ...counted,
      apply: (x, out) => {
        problem.solves += 1;
        return counted.apply(x, out);
      },
    };
  }

  /** Holds each solve against A. */
  #watched(): LinearOperator {
    const B = this.#inverse();
    const { A, near, norm } = this.#problem;
    return {
      ...B,
      apply: async (b, x) => {
        await B.apply(b, x);
        this.#remainder = worse(this.#remainder, await solveRemainder(A, { sigma: near.sigma, norm }, x, b));
      },
    };
  }

  /** A solve that is not finite is told with what to do about it. */
  async #finite<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof OperatorError && !isProduct(error.cause)) {
        const { cause, call } = error;
        const said = cause instanceof Error ? cause.message : String(cause);
        throw new OperatorError(`${caller}: inverse threw at solve ${call}: ${said}`, call, cause);
      }
      // products with A say themselves what they are
      if (!(error instanceof NonFiniteError) || error.message.startsWith(`${caller}: product`)) throw error;
      const said = error.message.replace(/^\w+: (?:inverse: )?/u, '');
      throw new NonFiniteError(
        `${caller}: inverse: ${said.replace(/;.*/u, '')}; it must give a finite x for every finite b. If sigma=${this.#problem.near.sigma} is an eigenvalue up to rounding there is no such x: ` +
          'move sigma by a little more than rounding of ‖A‖. If it is none the factorisation failed, or its input was not finite.',
        error.call,
        error.position,
      );
    }
  }
}

/** Whether an error is that of a product that the solve made. */
function isProduct(cause: unknown): boolean {
  return cause instanceof OperatorError || cause instanceof NonFiniteError;
}

/** Each solve by minres: as exact as the dtype allows, or as it gets. */
function byMinres(problem: NearProblem): Inverse {
  const { op, near, options } = problem;
  const { sigma: shift } = near;
  const tol = op.dtype === 'float32' ? 1e-6 : 1e-12;
  const counted: LinearOperator = {
    size: op.size,
    dtype: op.dtype,
    apply: (x, out) => {
      problem.further += 1;
      return op.apply(x, out);
    },
  };
  return async (b: Float64Array, x: Float64Array) => {
    const maxMatvecs = Math.max(1, problem.left);
    x.set((await minres(counted, b, { shift, tol, maxMatvecs, signal: options.signal })).x);
  };
}
