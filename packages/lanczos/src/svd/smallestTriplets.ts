import { AbortError, floatArray } from '@hyperribbon/contract';
import { solverReasons } from '@hyperribbon/contract/reasons';
import { kernelInfo } from '@hyperribbon/kernels/linear';
import type { RectangularOperator } from '@hyperribbon/linop';
import { identityRows, kernelOptions } from '../dense/eigen.js';
import { timesPower } from '../dense/powerOfTwo.js';
import type { EigenReport } from '../eigsh/eigenReport.js';
import { eigsh } from '../eigsh/eigsh.js';
import type { ResolvedEigshOptions } from '../eigsh/resolveEigshOptions.js';
import { gramMargin } from './gramMargin.js';
import { lowerBounds } from './lowerBounds.js';
import { ShortSide } from './shortSide.js';
import type { SingularReason, SingularReport } from './singularReport.js';
import type { SvdsOptions } from './svdsOptions.js';
import { thrownInside } from './thrownInside.js';
import { type Triplets, tripletsFrom } from './tripletsFrom.js';

const unresolved =
  'Residuals, or the proof that no smaller value is missing, are not good to tol · ‖A‖: AᵀA tells small values of dense spectra apart only down to about 1e-7 ‖A‖ (3e-4 for float32). ' +
  'Raise denseBelow to min(rows, columns) so that the matrix is formed, ask for a larger tol or another k, or search with a solve: eigshNear.';

/** orders up to which the matrix is formed at once, and most numbers of one that is formed */
const [AT_ONCE, MOST_NUMBERS] = [128, 2 ** 25];
/** values looked at beside those wanted where these alone do not show that there are no others: the next one may lie far off */
const MORE = 3;

/** Triplets with what is proven of the values: the one of place i from below is at least `least[i]`, and of those not listed at least `clear`. */
interface Found {
  readonly triplets: Triplets;
  /** (k,) as the values: descending */
  readonly least: Float64Array;
  readonly clear: number;
  readonly completeness: EigenReport['completeness'];
  readonly reason: SingularReason;
  readonly restarts: number;
  readonly norm: number;
}

/**
 * The k smallest singular triplets: eigenvectors of AᵀA, of the smaller order, found and counted by eigsh; values and residuals then measured with A on their span. Up to
 * denseBelow a search that spent min(rows, columns) products gives way to as many that form A, and its svd.
 */
export async function smallestTriplets(
  op: RectangularOperator,
  options: SvdsOptions,
  resolved: ResolvedEigshOptions,
): Promise<SingularReport> {
  const search = new SmallestSearch(op, options, resolved);
  try {
    return search.report(await search.run());
  } catch (error) {
    if (error instanceof AbortError && options.signal?.aborted === true) return search.report(search.nothing());
    throw thrownInside(error);
  }
}

class SmallestSearch {
  readonly #op: RectangularOperator;
  readonly #options: SvdsOptions;
  readonly #resolved: ResolvedEigshOptions;
  readonly #A: ShortSide;
  readonly #eps: number;

  constructor(op: RectangularOperator, options: SvdsOptions, resolved: ResolvedEigshOptions) {
    this.#op = op;
    this.#options = options;
    this.#resolved = resolved;
    this.#A = new ShortSide(op, 'svds', options);
    this.#eps = op.dtype === 'float32' ? 2 ** -23 : 2 ** -52;
  }

  async run(): Promise<Found> {
    const { k, maxMatvecs, denseBelow, tol } = this.#resolved;
    const { short, long } = this.#A;
    if (this.#options.signal?.aborted === true) return this.nothing();
    const formed = short <= denseBelow && short * long <= MOST_NUMBERS && short <= maxMatvecs;
    if (formed && short <= AT_ONCE) return this.#byMatrix();
    const most = formed ? Math.min(short, maxMatvecs) : maxMatvecs;
    let found = this.nothing();
    let count = k;
    // errors of AᵀA below this are not asked for, and 50 eps are what eigsh counts with
    for (
      let asked = Math.max(Math.min(tol / 1e3, 1e-9), 1e-14);
      this.#A.matvecs + 2 * k < most;
      asked = Math.max(asked / 1e3, 1e-14)
    ) {
      found = await this.#bySearch(count, asked, most - this.#A.matvecs - 2 * k);
      if (found.reason !== 'unresolved') break;
      if (asked > 1e-14) continue;
      if (count > k || short <= k + MORE) break;
      count = k + MORE;
    }
    const ended = found.completeness.verified || found.reason === 'aborted';
    return formed && !(ended && found.reason !== 'unresolved') ? this.#byMatrix() : found;
  }

  /** What an aborted search, or one without products, has. */
  nothing(): Found {
    const { failureProbability } = this.#resolved;
    const none = new Float64Array(0);
    const reason = this.#options.signal?.aborted === true ? 'aborted' : 'max-matvecs';
    const completeness = { verified: false, method: 'random-search', failureProbability, searches: 0, matvecs: 0 };
    const triplets = { values: none, near: none, far: none, residuals: none, rank: 0, norm: 0 };
    return { triplets, least: none, clear: 0, completeness, reason, restarts: 0, norm: 0 } as const as Found;
  }

  async #bySearch(count: number, tol: number, maxMatvecs: number): Promise<Found> {
    const { k, which: _which, maxMatvecs: _most, denseBelow: _below, ...others } = this.#options;
    const { short } = this.#A;
    const report = await eigsh(this.#A.gram(), {
      ...others,
      k: count,
      which: 'SA',
      tol,
      maxMatvecs: Math.max(1, maxMatvecs),
      denseBelow: 0,
      ...(this.#op.dtype === 'float32' && { noise: 'estimate' }),
    });
    if (report.reason === 'aborted') return this.nothing();
    const rows = Float64Array.from(report.vectors);
    const found = report.values.length;
    const all = await tripletsFrom(this.#A, rows, found, found, this.#eps);
    const { completeness, reason, restarts } = report;
    const norm = Math.max(all.norm, Math.sqrt(report.norm));
    const verified = completeness.verified;
    const margin = gramMargin(report, tol, this.#eps);
    const counted = report.values.map((value) => (verified ? Math.sqrt(Math.max(0, value - margin)) : 0));
    const least = lowerBounds(all, counted);
    const triplets = lastOf(all, k, this.#A);
    const everything = found === short;
    const clear = !verified
      ? 0
      : everything && count === k
        ? Infinity
        : Math.max(counted[found - k - 1] ?? 0, least[found - k] ?? 0);
    const part = { triplets, least: least.slice(-k), clear, completeness, restarts, norm };
    return { ...part, reason: !verified ? reason : this.#isGood(part) ? 'converged' : 'unresolved' };
  }

  /** Residuals, and values, within the tolerance. */
  #isGood({ triplets, least, norm }: Pick<Found, 'triplets' | 'least' | 'norm'>): boolean {
    const allowed = Math.max(this.#resolved.tol, 50 * this.#eps) * norm;
    return triplets.values.every((value, i) => triplets.residuals[i] <= allowed && value - least[i] <= 2 * allowed);
  }

  async #byMatrix(): Promise<Found> {
    const { k } = this.#resolved;
    const { short } = this.#A;
    const rows = identityRows(short);
    const all = await tripletsFrom(this.#A, rows, short, Math.min(short, k + 1), this.#eps);
    const { norm } = all;
    const triplets = lastOf(all, k, this.#A);
    const rounding = 50 * this.#eps * norm;
    const least = triplets.values.map((value) => Math.max(0, value - rounding));
    const clear = k === short ? Infinity : Math.max(0, all.values[0] - rounding);
    const part = { triplets, least, clear, norm, restarts: 0 };
    const good = this.#isGood(part);
    const completeness = { verified: good, method: 'dense', failureProbability: 0, searches: 0, matvecs: 0 } as const;
    return { ...part, completeness, reason: good ? 'converged' : 'unresolved' };
  }

  report({ triplets, clear, completeness, reason, restarts, norm }: Found): SingularReport {
    const { exponent, matvecs } = this.#A;
    const { dtype, rows, columns } = this.#op;
    const back = (value: number): number => (Number.isFinite(value) ? timesPower(value, exponent) : value);
    const { near, far, rank } = triplets;
    const [u, v] = columns > rows ? [near, far] : [far, near];
    const converged = reason === 'converged';
    const { tol, seed } = this.#resolved;
    const floored = converged && tol < 50 * this.#eps;
    const said = floored ? 'noise-floor' : reason;
    return {
      values: triplets.values.map(back),
      u: floatArray(dtype, u),
      v: floatArray(dtype, v),
      rank,
      resolution: back(10 * this.#eps * norm),
      residualNorms: triplets.residuals.map(back),
      clear: converged ? back(clear) : 0,
      converged,
      reason: said,
      message: said === 'unresolved' ? unresolved : solverReasons[said],
      matvecs,
      restarts,
      norm: back(norm),
      completeness: { ...completeness, verified: converged },
      seed,
      kernels: kernelInfo(kernelOptions(this.#options)),
    };
  }
}

/** The last k triplets. */
function lastOf(
  { values, near, far, residuals, rank, norm }: Triplets,
  k: number,
  { short, long }: ShortSide,
): Triplets {
  const left = Math.max(0, values.length - k);
  return {
    values: values.slice(left),
    near: near.slice(left * short),
    far: far.slice(left * long),
    residuals: residuals.slice(left),
    rank: Math.max(0, rank - left),
    norm,
  };
}
