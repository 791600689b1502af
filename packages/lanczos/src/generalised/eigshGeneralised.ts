import { AbortError, floatArray, MemoryLimitError, refuse } from '@hyperribbon/contract';
import { assertOperator, fromMatvec, type LinearOperator, materialize } from '@hyperribbon/linop';
import { stream } from '@hyperribbon/random';
import { timesPower } from '../dense/powerOfTwo.js';
import type { EigenReport } from '../eigsh/eigenReport.js';
import { eigsh, runSearch } from '../eigsh/eigsh.js';
import { isDense, sizeOf } from '../eigsh/eigshCost.js';
import type { EigshOptions } from '../eigsh/eigshOptions.js';
import { enclosuresOf } from '../eigsh/enclosures.js';
import { valuesPart } from '../eigsh/reportParts.js';
import { resolveEigshOptions, type ResolvedEigshOptions } from '../eigsh/resolveEigshOptions.js';
import { startSearch } from '../eigsh/startSearch.js';
import { endIndices, endsBeyond, wantedEnds } from '../eigsh/which.js';
import type { FactorizationOptions } from '../factorization/factorizationOptions.js';
import type { KrylovFactorization } from '../factorization/krylovFactorization.js';
import { ScaledProduct } from '../solve/scaledProduct.js';
import { diagonalMetric } from './diagonalMetric.js';
import { type EigshGeneralisedOptions, requireMetric, resolveGeneralised } from './generalisedOptions.js';
import { generalisedMessage, type GeneralisedReason, type GeneralisedReport } from './generalisedReport.js';
import { matrixMetric } from './matrixMetric.js';
import type { FactoredMetric, Metric, MetricProducts, ResolvedMetric } from './metric.js';
import { PairedFactorization } from './pairedFactorization.js';
import { PairedOperator } from './pairedOperator.js';
import { type PencilPairs, pencilRitz } from './pencilRitz.js';
import { ProductsMetric } from './productsMetric.js';

const caller = 'eigshGeneralised';
const EPS = 2 ** -52;

/**
 * The wanted eigenvalues of A x = λ B x, A symmetric and B symmetric positive definite, with multiplicity and vectors, or the statement that they were not obtained.
 *
 * Of a diagonal or a matrix B = L Lᵀ they are those of L⁻¹ A L⁻ᵀ. Of products and a solve they are those of B⁻¹ A in the inner product of B: the search of {@link eigsh} runs on pairs
 * (x, B x), of which a product gives both halves. Values, residuals, tolerance and the statement that none is missing are those of the pencil.
 *
 * @param A symmetric (n, n)
 * @param B its diagonal, the matrix, or a product and a solve, see {@link Metric}
 * @param options those of {@link eigsh}: k, or `above` or `below`; `tol` is relative to ‖B^−½ A B^−½‖
 * @returns always a report; where `signal` was aborted with reason 'aborted' and no values
 * @throws ArgumentError, ArgumentTypeError for bad arguments and for a B that is not positive definite; NonFiniteError, OperatorError when a product or solve fails; MemoryLimitError
 * Cost: products as reported, those of eigsh and k more. A matrix: n³/3 flops once and 2 n² a product. Products and a solve: a solve and a product with B a step, which checks it, and 15 to 100 or so of
 * both for κ(B), which rounding of the answer grows with.
 * @example
 * // a string of 100 masses: K x = ω² M x
 * const K = fromMatvec(100, (x, out) => { for (let i = 0; i < 100; i++) out[i] = 2 * x[i] - (x[i - 1] ?? 0) - (x[i + 1] ?? 0); });
 * const masses = Float64Array.from({ length: 100 }, (_, i) => 1 + (i % 2));
 * const { values } = await eigshGeneralised(K, { diagonal: masses }, { k: 3 });
 * Source: [ericsson1980, parlett1998 15].
 */
export async function eigshGeneralised(
  A: LinearOperator,
  B: Metric,
  options: EigshGeneralisedOptions,
): Promise<GeneralisedReport> {
  assertOperator(A, caller);
  const resolved = resolveGeneralised(caller, A, options);
  requireMetric(caller, B, A.size, options);
  const search = new Search(A, options, resolved);
  try {
    if ('diagonal' in B) return await search.factored(diagonalMetric(B.diagonal));
    if ('matrix' in B) return await search.factored(await matrixMetric(caller, B.matrix, A.size, options.signal));
    return await search.paired(B);
  } catch (error) {
    // a wait for a product that the signal ended
    if (options.signal?.aborted === true && error instanceof AbortError) return search.aborted();
    throw error;
  }
}

class Search {
  readonly #op: LinearOperator;
  readonly #A: ScaledProduct;
  readonly #options: EigshGeneralisedOptions;
  readonly #resolved: ResolvedEigshOptions;
  readonly #eps: number;
  /** products with A that a search may come to */
  #most: number;

  constructor(op: LinearOperator, options: EigshGeneralisedOptions, resolved: ResolvedEigshOptions) {
    this.#op = op;
    this.#A = new ScaledProduct(op, caller, options.signal);
    this.#options = options;
    this.#resolved = resolved;
    this.#most = resolved.maxMatvecs;
    this.#eps = op.dtype === 'float32' ? 2 ** -23 : EPS;
  }

  /** L⁻¹ A L⁻ᵀ */
  async factored(B: FactoredMetric, more: Partial<EigshOptions> = {}): Promise<GeneralisedReport> {
    const C = fromMatvec(B.size, async (y: Float64Array, out: Float64Array) => {
      const x = y.slice();
      B.backward(x);
      await this.#A.multiply(x, out);
      B.forward(out);
    });
    await this.#findScale(B);
    return this.#untilGood(
      B,
      (asked) => eigsh(C, { ...this.#asked(asked, B), ...more } as EigshOptions),
      (row) => {
        B.backward(row);
        return row;
      },
    );
  }

  /** B⁻¹ A on pairs; of small order the matrix of B */
  async paired(given: MetricProducts): Promise<GeneralisedReport> {
    const { signal } = this.#options;
    const { seed } = this.#resolved;
    const n = this.#op.size;
    if (isDense(this.#op, this.#resolved)) return this.#byMatrix(given);
    const B = new ProductsMetric(given, caller, signal);
    await B.look(seed, signal);
    if (B.indefinite)
      refuse(caller, 'B must be positive definite: products or solves show an eigenvalue that is not above zero');
    const C = new PairedOperator(this.#A, B, seed);
    // what solves leave, before noise is told
    await B.solve((await C.prepare()).slice(n), new Float64Array(n));
    await this.#findScale(B);
    const run = async (asked: number): Promise<EigenReport> => {
      const options = { ...this.#asked(asked, B), denseBelow: 0, filter: 'off' } as EigshOptions;
      const resolved = resolveEigshOptions(C, options, caller);
      const { capacity, bytes } = sizeOf(C, resolved);
      if (bytes > resolved.memoryLimit)
        throw new MemoryLimitError(
          `${caller}: ${bytes} bytes needed (${capacity} pairs of vectors of n=${n}), limit ${resolved.memoryLimit}; lower basisSize or k`,
          bytes,
          resolved.memoryLimit,
        );
      // random pairs are not isotropic in the metric: a share of one eigenvector is smaller by up to √κ
      const failureProbability = resolved.failureProbability / Math.sqrt(B.condition);
      const careful = { ...resolved, failureProbability };
      const make = (_: LinearOperator, by: FactorizationOptions): KrylovFactorization =>
        new PairedFactorization(C, { ...by, caller });
      const report = await runSearch(C, options, careful, startSearch(C, options, careful, capacity, make));
      const { completeness } = report;
      return {
        ...report,
        completeness: { ...completeness, failureProbability: resolved.failureProbability },
      };
    };
    const { denseBelow, maxMatvecs } = this.#resolved;
    // as eigsh does: n products without an answer give way to n that settle it
    const gives = n <= denseBelow && 2 * n <= maxMatvecs;
    if (gives) this.#most = n;
    const report = await this.#untilGood(B, run, (row) => row.slice(0, n));
    this.#most = maxMatvecs;
    if (!gives || (report.reason !== 'max-matvecs' && report.reason !== 'unverified')) return report;
    const formed = await this.#byMatrix(given);
    return { ...formed, products: formed.products + B.products, solves: B.solves };
  }

  /** With the matrix of B, by n products: of a small order all of the pencil's eigenvalues follow. */
  async #byMatrix({ product }: MetricProducts): Promise<GeneralisedReport> {
    const { signal } = this.#options;
    const matrix = await materialize(product, { signal, caller });
    const metric = await matrixMetric(caller, matrix, product.size, signal, product.dtype);
    // a basis of the whole space: n products at once and no search before them
    const report = await this.factored(metric, { basisSize: product.size });
    return { ...report, products: report.products + product.size };
  }

  /** What a run has that the signal ended in a product. */
  async aborted(): Promise<GeneralisedReport> {
    const nothing = await eigsh(this.#op, { ...this.#options, signal: AbortSignal.abort() } as EigshOptions);
    return this.#report(diagonalMetric(new Float64Array(this.#op.size).fill(1)), nothing, null);
  }

  /** The first product sets the power of two that thresholds are told in. */
  async #findScale(B: ResolvedMetric): Promise<void> {
    if (this.#options.signal?.aborted === true || this.#resolved.threshold === null) return;
    const x = new Float64Array(B.size);
    stream({ seed: this.#resolved.seed, purpose: `${caller}/scale` }).normal(x);
    await this.#A.multiply(x, new Float64Array(B.size));
  }

  /** The options of a search, in its scale: to a tolerance, with what rounding by B adds to noise. */
  #asked(tol: number, B: ResolvedMetric): EigshOptions {
    const { threshold, which, k } = this.#resolved;
    const { above: _above, below: _below, noise, onProgress, ...others } = this.#options as EigshOptions;
    const edge = threshold === null ? undefined : timesPower(threshold, B.exponent - (this.#A.exponent ?? 0));
    const given = this.#op.dtype === 'float32' ? (noise ?? 'estimate') : noise;
    const least = this.#roundingOf(B);
    return {
      ...others,
      onProgress,
      ...(edge === undefined ? { k, which } : { k, which: undefined, [which === 'SA' ? 'below' : 'above']: edge }),
      tol,
      maxMatvecs: Math.max(1, this.#most - this.#A.matvecs),
      noise:
        given === 'estimate'
          ? given
          : least > 16 * EPS || given !== undefined
            ? Math.min(0.5, Math.max(given ?? 0, least))
            : undefined,
    } as EigshOptions;
  }

  /** relative to the pencil */
  #roundingOf(B: ResolvedMetric): number {
    const solves = B instanceof ProductsMetric ? B.solveError * Math.sqrt(B.condition) : 0;
    return Math.max(8 * this.#eps * B.condition, 3 * solves);
  }

  /** Searches to a smaller tolerance until residuals of the pencil are what was asked for. */
  async #untilGood(
    B: ResolvedMetric,
    run: (tol: number) => Promise<EigenReport>,
    lift: (row: Float64Array) => Float64Array,
  ): Promise<GeneralisedReport> {
    const { tol } = this.#resolved;
    for (let asked = Math.max(tol / 2, 100 * EPS); ; ) {
      const report = await run(asked);
      if (report.reason === 'aborted') return this.#report(B, report, null);
      const m = report.values.length;
      const length = m === 0 ? 0 : report.vectors.length / m;
      const rows = Array.from({ length: m }, (_, i) =>
        lift(Float64Array.from(report.vectors.subarray(i * length, (i + 1) * length))),
      );
      const result = this.#report(B, report, await pencilRitz(this.#A, B, rows));
      const spent = this.#A.matvecs >= this.#most || asked <= 100 * EPS;
      if (!report.converged || result.reason !== 'unverified' || spent) return result;
      asked = Math.max(asked / 10, 100 * EPS);
    }
  }

  #report(B: ResolvedMetric, report: EigenReport, found: PencilPairs | null): GeneralisedReport {
    const { k, which, tol, threshold } = this.#resolved;
    const e = (this.#A.exponent ?? 0) - B.exponent;
    const back = (value: number): number => (Number.isFinite(value) ? timesPower(value, e) : value);
    const edge = threshold === null ? null : timesPower(threshold, -e);
    const all = found?.values ?? new Float64Array(0);
    const ends = edge === null ? wantedEnds(all, k, which) : endsBeyond(all, edge, which === 'SA');
    const chosen = endIndices(all.length, Math.min(k, ends.top), Math.min(k, ends.bottom));
    const scale = chosen.reduce((most, i) => Math.max(most, Math.abs(all[i])), report.norm);
    const noise = Math.max(report.noise, this.#roundingOf(B));
    const accepted = Math.max(tol, 50 * this.#eps, noise) * scale;
    const residuals = Float64Array.from(chosen, (i) => Math.max(found!.residuals[i], 4 * EPS * scale));
    const reason = this.#reasonOf(B, report, {
      good: residuals.every((residual) => residual <= accepted) && (edge !== null || chosen.length === k),
      floored: noise > Math.max(tol, 50 * this.#eps),
    });
    const converged = reason === 'converged' || reason === 'noise-floor';
    const values = Float64Array.from(chosen, (i) => back(all[i]));
    const residualNorms = residuals.map(back);
    const norm = back(scale);
    const vectors = floatArray(this.#op.dtype, chosen.length * B.size);
    chosen.forEach((i, q) => vectors.set(unitsOf(B, found!.vectors[i]), q * B.size));
    const resolution = Math.max(10 * this.#eps, noise > 16 * EPS ? noise : 0) * norm;
    const { restarts, asymmetry, completeness, filter, seed, kernels } = report;
    const bottom = which === 'SA' ? chosen.length : ends.bottom;
    return {
      ...valuesPart(values, resolution, report.reason),
      reason,
      message: generalisedMessage(reason),
      vectors,
      residualNorms,
      converged,
      restarts,
      norm,
      orthogonality: found?.orthogonality ?? 0,
      condition: B.condition,
      solveError: B instanceof ProductsMetric ? B.solveError : 0,
      asymmetry,
      enclosures: enclosuresOf(values, residualNorms, converged, which, bottom, back(accepted), resolution),
      noise,
      completeness: { ...completeness, verified: converged },
      filter,
      matvecs: this.#A.matvecs,
      products: B.products,
      solves: B.solves,
      seed,
      kernels,
    };
  }

  #reasonOf(
    B: ResolvedMetric,
    report: EigenReport,
    { good, floored }: { good: boolean; floored: boolean },
  ): GeneralisedReason {
    const { tol } = this.#resolved;
    const lost = B instanceof ProductsMetric ? B.solveError * Math.sqrt(B.condition) : 0;
    if (report.reason === 'not-symmetric' && 10 * lost > report.asymmetry) return 'inexact-solve';
    if (!report.converged) return report.reason;
    // what solves leave is more than was asked for
    if (lost > Math.max(tol, 50 * EPS) / 2) return 'inexact-solve';
    if (!good) return 'unverified';
    return floored || report.reason === 'noise-floor' ? 'noise-floor' : 'converged';
  }
}

/** x of xᵀ B̃ x = 1 as one of xᵀ B x = 1. */
function unitsOf({ exponent }: ResolvedMetric, x: Float64Array): Float64Array {
  const half = Math.floor(exponent / 2);
  const root = 2 * half === exponent ? 1 : Math.SQRT1_2;
  return x.map((value) => timesPower(root * value, -half));
}
