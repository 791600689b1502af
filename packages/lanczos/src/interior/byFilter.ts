import type { EigenReport } from '../eigsh/eigenReport.js';
import { eigsh } from '../eigsh/eigsh.js';
import { type Found, type NearProblem, NO_PAIRS } from './nearProblem.js';
import { countWithin, type SpectrumOutline } from './spectrumOutline.js';
import { WindowCount } from './windowCount.js';
import { angleOf, clearAbove, degreeOf, filteredProduct, type WindowFilter, windowFilter } from './windowFilter.js';

/** the widest window that is guessed */
const WIDEST = 0.5;
/** Σ p(λ) over the spectrum for each eigenvalue that is asked of a window. Less takes higher degrees, more takes more steps: products were 1.5 times as many at 1.25 */
const FILL = 3;
/** Σ p(λ) over that at half the degree, on the first plateau, the second and the third */
const FLAT = [0.85, 0.92, 0.97];

/** Searches with polynomials p of A that are largest near sigma. */
export class FilterSearch {
  readonly #problem: NearProblem;
  readonly #outline: SpectrumOutline;
  readonly #counts: WindowCount;

  constructor(problem: NearProblem, outline: SpectrumOutline) {
    this.#problem = problem;
    this.#outline = outline;
    this.#counts = new WindowCount(problem, outline);
  }

  /**
   * Products to spend on (A − sigma)² beforehand: none where windows of a quarter and of four times the width hold about as many fewer and more eigenvalues. Where sigma lies in a gap, or at
   * the foot of a dense part, half of what this search may take.
   */
  async gapBudget(): Promise<number> {
    const problem = this.#problem;
    const wanted = this.#first;
    const { filter } = await this.#choose(wanted);
    const degree = filter.coefficients.length - 1;
    const budget = Math.min(problem.left / 2, Math.max(1500, 2.5 * wanted * degree));
    if (degree <= 8 || 4 * degree > problem.left / 5) return budget;
    await this.#counts.reach(4 * degree, problem.breather());
    const at = (of: number): number => this.#counts.count(this.#window(of));
    const [narrow, inside, wide] = [at(4 * degree), at(degree), at(Math.round(degree / 4))];
    return wide <= 8 * inside && inside <= 8 * narrow ? 0 : budget;
  }

  get #first(): number {
    const { near, op } = this.#problem;
    return Math.min(op.size, Math.ceil(1.2 * near.k) + 14);
  }

  /**
   * The largest of p(A), p a window around sigma that some more than k eigenvalues lie in. All eigenvalues of A where p is proven above a level are among the eigenvalues of p(A) beyond
   * that level, whatever p is elsewhere. Cost: the degree of p times 2 to 5 products for each that is asked of p(A).
   */
  async search(tol: number): Promise<Found> {
    const problem = this.#problem;
    const n = problem.op.size;
    for (let wanted = this.#first, tries = 0; ; tries++) {
      const { filter, plateaus } = await this.#choose(wanted);
      const degree = filter.coefficients.length - 1;
      const steps = wanted + 5;
      const isDear = 3 * degree * steps > problem.left;
      const early = isDear ? await this.#onPlateaus(plateaus, wanted, tol) : undefined;
      if (early !== undefined && (early.reason === 'aborted' || this.#isEnough(early))) return early;
      if (degree * steps > problem.left)
        // a smaller tolerance may do on a plateau
        return early ?? this.#tooDear(degree, problem.products + 2 * degree * steps);
      const found = await this.#largest(filter, wanted, tol, Infinity);
      if (!found.completeness.verified || this.#isEnough(found) || wanted === n || tries === 2) return found;
      wanted = Math.min(n, 2 * wanted);
    }
  }

  /** Where many seem to be one value, more than a window can leave outside, a wider one may do. Gives what was verified, if it was. */
  async #onPlateaus(plateaus: readonly WindowFilter[], wanted: number, tol: number): Promise<Found | undefined> {
    let best: Found | undefined;
    for (const filter of plateaus) {
      const steps = Math.min(60 * wanted, this.#problem.left / 4 / filter.coefficients.length);
      const found = await this.#largest(filter, wanted, tol, steps);
      if (found.reason === 'aborted') return found;
      if (found.completeness.verified) best = found;
      if (this.#isEnough(found)) break;
    }
    return best;
  }

  #isEnough(found: Found): boolean {
    return found.completeness.verified && found.clear >= this.#problem.needed(found.pairs);
  }

  /**
   * The shortest window whose values p(λ) sum up to what is wanted; where that falls from much more to much less, as at a gap whose shores hold many, the one before: the values nearest to
   * sigma are in its lobe. Plateaus are windows that let hardly fewer pass than those of half their degree.
   */
  async #choose(
    wanted: number,
  ): Promise<{ readonly filter: WindowFilter; readonly plateaus: readonly WindowFilter[] }> {
    const problem = this.#problem;
    const counts = this.#counts;
    const breathe = problem.breather();
    // no more moments than such a window could be used with
    const most = Math.max(32, problem.left / (wanted + 5));
    await counts.reach(Math.min(most, degreeOf(this.#guess(wanted))), breathe);
    const tried: { readonly filter: WindowFilter; readonly degree: number; readonly count: number }[] = [];
    const plateaus: WindowFilter[] = [];
    for (let degree = 2; ; degree = degree < 32 ? degree + 2 : Math.ceil(1.1 * degree)) {
      const filter = this.#window(degree);
      if (degree > most) return { filter, plateaus };
      if (degree > counts.degree) await counts.reach(Math.min(most, 1.5 * degree), breathe);
      const count = counts.count(filter);
      const before = tried.at(-1);
      if (count <= FILL * wanted)
        return { filter: before !== undefined && count < wanted / 2 ? before.filter : filter, plateaus };
      const half = tried.findLast((other) => 2 * other.degree <= degree);
      if (half !== undefined && degree >= 8 && count > FLAT[plateaus.length] * half.count) plateaus.push(filter);
      tried.push({ filter, degree, count });
    }
  }

  /** Of two values at one distance from sigma one is preferred, by less than the tolerance: their vectors would mix otherwise. */
  #window(degree: number): WindowFilter {
    const { sigma, norm } = this.#problem;
    return windowFilter(this.#outline, sigma + 0.4 * this.#problem.allowed({ norm }), degree);
  }

  /** The width that the outline suggests. */
  #guess(wanted: number): number {
    const peak = angleOf(this.#outline, this.#problem.sigma);
    let [narrow, wide] = [0, WIDEST];
    for (let i = 0; i < 40; i++) {
      const width = (narrow + wide) / 2;
      if (countWithin(this.#outline, peak, width) < wanted) narrow = width;
      else wide = width;
    }
    return wide;
  }

  async #largest(filter: WindowFilter, wanted: number, tol: number, steps: number): Promise<Found> {
    const problem = this.#problem;
    const { size: n } = problem.op;
    const degree = filter.coefficients.length - 1;
    const breathe = problem.breather();
    const product = filteredProduct(filter, n, async (x, out) => {
      await problem.A.multiply(x, out);
      await breathe();
    });
    const report = await eigsh(problem.operator(product), {
      basisSize: 3 * wanted + 20,
      ...problem.settings(degree),
      filter: 'off',
      k: wanted,
      which: 'LA',
      tol,
      maxMatvecs: Math.max(1, Math.floor(Math.min(steps, problem.left / degree))),
      failureProbability: problem.share(),
    });
    const { reason, completeness } = report;
    const { verified } = completeness;
    const { count, level } = levelOf(report, problem, problem.margin(report, tol) * report.norm);
    const rounding = 10 * degree * problem.eps * filter.bound;
    const clear = !verified ? 0 : count === n ? Infinity : clearAbove(filter, problem.sigma, level + rounding);
    const pairs = await problem.ritz(report, count);
    const best = pairs === NO_PAIRS ? { pairs, clear } : problem.nearest(pairs, clear);
    return { reason, completeness, method: 'filter', degree, ...best };
  }

  #tooDear(degree: number, forecast: number): Found {
    const { failureProbability } = this.#problem.near;
    return {
      reason: 'max-matvecs',
      completeness: { verified: false, method: 'random-search', failureProbability, searches: 0, matvecs: 0 },
      method: 'filter',
      degree,
      pairs: NO_PAIRS,
      clear: 0,
      forecast,
    };
  }
}

/**
 * How many of the listed values of p(A) to use, at least k, and a level beyond which there are no others: between the two that are farthest apart, so that the vectors used hold the
 * eigenvectors of all that lie beyond it.
 */
function levelOf(
  { values }: EigenReport,
  { op: { size: n }, near: { k } }: NearProblem,
  margin: number,
): { readonly count: number; readonly level: number } {
  if (values.length >= n || values.length <= k) return { count: values.length, level: values.at(-1)! + margin };
  let count = k;
  for (let m = k; m < values.length; m++) if (values[m - 1] - values[m] > values[count - 1] - values[count]) count = m;
  const [inside, outside] = [values[count - 1], values[count]];
  return { count, level: Math.max((inside + outside) / 2, outside + margin) };
}
