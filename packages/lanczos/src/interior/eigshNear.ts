import { floatArray } from '@hyperribbon/contract';
import { assertOperator, fromMatvec, type LinearOperator, NonFiniteError } from '@hyperribbon/linop';
import { timesPower } from '../dense/powerOfTwo.js';
import type { EigenReport } from '../eigsh/eigenReport.js';
import { eigsh } from '../eigsh/eigsh.js';
import { minres } from '../solve/minres.js';
import { ScaledProduct } from '../solve/scaledProduct.js';
import { type EigshNearOptions, type Inverse, type ResolvedNear, resolveNear } from './interiorOptions.js';
import { interiorMessage, type InteriorReason, type InteriorReport } from './interiorReport.js';
import { rayleighRitz, type RitzPairs } from './rayleighRitz.js';
import { solveError, type SolveError, solveRemainder } from './solveError.js';

const caller = 'eigshNear';

/**
 * The k eigenvalues of a symmetric operator nearest to a number, with multiplicity and vectors, or the statement that they were not obtained.
 *
 * With `inverse` they are the largest in magnitude of B = (A − sigma)⁻¹ [ericsson1980], found and counted by {@link eigsh}. What is reported is of A: values are Rayleigh quotients,
 * residuals are measured with products of A, and the solve is held against A, on random vectors before and at every step, so that a wrong or inexact one is told. Without it they are the smallest of
 * (A − sigma)² [wang1994], found by eigsh's polynomials: right, or not converged.
 *
 * @param op symmetric (n, n)
 * @param options k, sigma, and `inverse` or none; the others are those of {@link eigsh}
 * @returns always a report; where `signal` was aborted with reason 'aborted' and what was found by then
 * @throws ArgumentError, ArgumentTypeError; NonFiniteError, OperatorError when a product or a solve fails; MemoryLimitError
 * Cost: with `inverse` a solve and a product a step, and k products, 3 solves and 6 products to check; without, two products a step, of which there may be thousands.
 * @example
 * const A = diagonal(Float64Array.from({ length: 300 }, (_, i) => i));
 * const { values, clear } = await eigshNear(A, {
 *   k: 3,
 *   sigma: 100.2,
 *   inverse: (b, x) => {
 *     for (let i = 0; i < 300; i++) x[i] = b[i] / (i - 100.2);
 *   },
 * });
 * values; // [101, 100, 99]
 */
export async function eigshNear(op: LinearOperator, options: EigshNearOptions): Promise<InteriorReport> {
  assertOperator(op, caller);
  const search = new Search(op, options, resolveNear(caller, op, options));
  return search.run();
}

/** What a transformed problem gave. */
interface Found {
  readonly report: EigenReport;
  readonly pairs: RitzPairs;
  /** in numbers of A's scale: no unlisted eigenvalue is nearer to sigma */
  readonly clear: number;
}

class Search {
  readonly #op: LinearOperator;
  readonly #options: EigshNearOptions;
  readonly #near: ResolvedNear;
  readonly #A: ScaledProduct;
  readonly #eps: number;
  /** what eigsh is given besides */
  readonly #others: object;
  #solves = 0;
  #products = 0;
  /** largest ‖A x‖/‖x‖, in numbers of A's scale */
  #norm = 0;
  /** largest ‖(A − sigma) x − b‖/‖b‖ of the solves of a run */
  #remainder = 0;

  constructor(op: LinearOperator, options: EigshNearOptions, near: ResolvedNear) {
    this.#op = op;
    this.#options = options;
    this.#near = near;
    this.#A = new ScaledProduct(op, caller, options.signal);
    this.#eps = op.dtype === 'float32' ? 2 ** -23 : 2 ** -52;
    const { sigma: _sigma, inverse: _inverse, solver: _solver, tol: _tol, maxMatvecs: _most, ...others } = options;
    this.#others = others;
  }

  async run(): Promise<InteriorReport> {
    const { inverse, solver } = this.#options;
    const solve = inverse === undefined && solver === 'minres' ? this.#byMinres() : inverse;
    const tried = solve === undefined ? { bound: 0, norm: 0 } : await this.#tryOut(solve);
    this.#norm = tried.norm;
    // squares of distances from sigma are held to squares of the tolerance; residuals in A are those in B times a ratio of distances
    const first = solve === undefined ? this.#near.tol ** 2 : this.#near.tol / 10;
    for (let asked = Math.max(first, 100 * this.#eps); ; asked = Math.max(asked / 100, 100 * this.#eps)) {
      const found = await (solve === undefined ? this.#bySquare(asked) : this.#byInverse(solve, asked, tried));
      const error = { ...tried, bound: Math.max(tried.bound, this.#remainder) };
      const verdict = this.#judge(found, error);
      const spent = this.#near.maxMatvecs <= this.#solves || this.#near.maxMatvecs <= this.#products;
      if (verdict !== 'unresolved' || asked <= 100 * this.#eps || spent) return this.#report(found, verdict, error);
    }
  }

  /** Residuals, and whether what is listed are the nearest ones. */
  #judge({ report, pairs, clear }: Found, { bound }: SolveError): InteriorReason {
    if (!report.completeness.verified) return report.reason;
    if (!(bound < 0.5)) return 'inexact-solve';
    const { tol } = this.#near;
    const sigma = timesPower(this.#near.sigma, -(this.#A.exponent ?? 0));
    const allowed = Math.max(tol, 50 * this.#eps) * Math.max(this.#norm, pairs.norm);
    const farthest = pairs.values.reduce((most, value) => Math.max(most, Math.abs(value - sigma)), 0);
    if (!pairs.residuals.every((residual) => residual <= allowed)) return 'unresolved';
    // rounding of A − sigma comes on top
    const needed = farthest - 2 * allowed - 1e3 * this.#eps * Math.abs(sigma);
    if (clear >= needed) return 'converged';
    // what the solve is off by is more than what is allowed
    return bound * farthest > allowed ? 'inexact-solve' : 'unresolved';
  }

  /** By how much, relative to its norm, unlisted values of a transformed problem may lie beyond the listed ones. */
  #margin({ completeness, noise }: EigenReport, tol: number): number {
    return Math.max(completeness.method === 'dense' ? 0 : tol, 50 * this.#eps, noise);
  }

  async #tryOut(solve: Inverse): Promise<SolveError> {
    const { sigma, failureProbability: probability } = this.#near;
    const n = this.#op.size;
    const B = new ScaledProduct(this.#inverseOf(solve), `${caller}: inverse`, this.#options.signal);
    const of = { n, sigma, seed: this.#options.seed ?? 0, probability: probability / 2 };
    return this.#finite(() => solveError(this.#A, B, of));
  }

  #inverseOf(solve: Inverse): LinearOperator {
    const { size, dtype } = this.#op;
    const counted = fromMatvec(size, solve as never, { dtype });
    return {
      ...counted,
      apply: (x, out) => {
        this.#solves += 1;
        return counted.apply(x, out);
      },
    };
  }

  /** Holds each solve against A. */
  #watched(solve: Inverse): LinearOperator {
    const B = this.#inverseOf(solve);
    const { sigma } = this.#near;
    return {
      ...B,
      apply: async (b, x) => {
        await B.apply(b, x);
        this.#remainder = Math.max(this.#remainder, await solveRemainder(this.#A, sigma, x, b));
      },
    };
  }

  /** A solve that fails is told with what to do about it. */
  async #finite<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof NonFiniteError)) throw error;
      const { sigma } = this.#near;
      throw new NonFiniteError(
        `${caller}: ${error.message.replace(/^\w+: /u, '')}. With sigma=${sigma} equal to an eigenvalue, A − sigma has no inverse: move sigma by a little more than rounding of ‖A‖.`,
        error.call,
        error.position,
      );
    }
  }

  async #byInverse(solve: Inverse, tol: number, { bound }: SolveError): Promise<Found> {
    const { k, maxMatvecs } = this.#near;
    const report = await this.#finite(() =>
      eigsh(this.#watched(solve), {
        ...this.#others,
        k,
        which: 'LM',
        tol,
        maxMatvecs: Math.max(1, maxMatvecs - this.#solves),
        failureProbability: this.#near.failureProbability / 2,
      }),
    );
    const pairs = await this.#ritz(report);
    const smallest = report.values.reduce((least, value) => Math.min(least, Math.abs(value)), Infinity);
    // nothing unlisted has a value of B beyond this
    const most = smallest + this.#margin(report, tol) * report.norm;
    const clear = k === this.#op.size ? Infinity : Math.max(0, 1 - Math.max(bound, this.#remainder)) / most;
    return { report, pairs, clear: report.completeness.verified ? timesPower(clear, -(this.#A.exponent ?? 0)) : 0 };
  }

  async #bySquare(tol: number): Promise<Found> {
    const { k, sigma, maxMatvecs } = this.#near;
    const n = this.#op.size;
    const shifted = new ScaledProduct(this.#op, caller, this.#options.signal, sigma);
    const [once, twice] = [new Float64Array(n), new Float64Array(n)];
    const square: LinearOperator = {
      size: n,
      dtype: this.#op.dtype,
      apply: async (x, out) => {
        await shifted.multiply(Float64Array.from(x), once);
        out.set(await shifted.multiply(once, twice));
      },
    };
    const report = await eigsh(square, {
      ...this.#others,
      k,
      which: 'SA',
      tol,
      maxMatvecs: Math.max(1, Math.floor((maxMatvecs - this.#products) / 2)),
    });
    this.#products += shifted.matvecs;
    const pairs = await this.#ritz(report);
    const least = report.values[0] - this.#margin(report, tol) * report.norm;
    const clear = k === n ? Infinity : Math.sqrt(Math.max(0, least));
    const between = (shifted.exponent ?? 0) - (this.#A.exponent ?? 0);
    return { report, pairs, clear: report.completeness.verified ? timesPower(clear, between) : 0 };
  }

  /** Each solve by minres: as exact as the dtype allows, or as it gets. */
  #byMinres(): Inverse {
    const { sigma, maxMatvecs } = this.#near;
    const tol = this.#op.dtype === 'float32' ? 1e-6 : 1e-12;
    return async (b: Float64Array, x: Float64Array) => {
      const left = Math.max(1, maxMatvecs - this.#products);
      const solution = await minres(this.#op, b, { shift: sigma, tol, maxMatvecs: left, signal: this.#options.signal });
      this.#products += solution.matvecs;
      x.set(solution.x);
    };
  }

  #ritz({ vectors, values }: EigenReport): Promise<RitzPairs> {
    return rayleighRitz(this.#A, Float64Array.from(vectors), values.length);
  }

  #report({ report, pairs, clear }: Found, reason: InteriorReason, error: SolveError): InteriorReport {
    const { sigma } = this.#near;
    const e = this.#A.exponent ?? 0;
    const back = (value: number): number => (Number.isFinite(value) ? timesPower(value, e) : value);
    const norm = back(Math.max(this.#norm, pairs.norm));
    const residualNorms = pairs.residuals.map(back);
    const { completeness, seed, kernels } = report;
    const verified = reason === 'converged';
    return {
      values: pairs.values.map(back),
      vectors: floatArray(this.#op.dtype, pairs.vectors),
      residualNorms,
      radius: residualNorms.map((residual) => residual + 10 * this.#eps * norm),
      converged: verified,
      reason,
      message: interiorMessage(reason),
      sigma,
      clear: reason === 'inexact-solve' ? 0 : back(clear),
      solveError: error.bound,
      norm,
      completeness: { ...completeness, verified },
      matvecs: this.#A.matvecs + this.#products,
      solves: this.#solves,
      seed,
      kernels,
    };
  }
}
