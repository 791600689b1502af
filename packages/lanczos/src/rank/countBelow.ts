import type { EigenReport } from '../eigsh/eigenReport.js';
import { eigsh } from '../eigsh/eigsh.js';
import { identityRows } from '../dense/eigen.js';
import { gramMargin } from '../svd/gramMargin.js';
import { lowerBounds } from '../svd/lowerBounds.js';
import type { ShortSide } from '../svd/shortSide.js';
import { svd } from '../svd/svd.js';
import { tripletsFrom } from '../svd/tripletsFrom.js';
import type { RankOptions, ResolvedRank } from './rankOptions.js';
import type { RankReason } from './rankReport.js';

/** Singular values up to a threshold, in numbers of the scale of the products. */
export interface Below {
  /** descending: all, or the smallest ones */
  readonly values: Float64Array;
  /** (values, short): row i is what A shrinks to values[i] */
  readonly rows: Float64Array;
  /** at least so many values are at most tol · norm, and at most so many */
  readonly sure: number;
  readonly possible: number;
  readonly norm: number;
  readonly completeness: EigenReport['completeness'];
  readonly reason: RankReason;
}

export const UNSEEN = { verified: false, method: 'random-search', searches: 0, matvecs: 0 } as const;

/** All singular values, by products that form A: each with an error of eps ‖A‖. @param vectors whether `rows` are wanted, else there are none */
export async function countInMatrix(A: ShortSide, { tol, eps }: ResolvedRank, vectors: boolean): Promise<Below> {
  const { short, long } = A;
  const matrix = await A.images(identityRows(short), short);
  const { values, u = new Float64Array(0) } = vectors
    ? svd(matrix, short, long, { vectors })
    : svd(matrix, short, long);
  const norm = values[0] ?? 0;
  const [sure, possible] = countsOf(values, values, tol * norm, eps * norm);
  const completeness = { verified: true, method: 'dense', failureProbability: 0, searches: 0, matvecs: 0 } as const;
  return { values, rows: u, sure, possible, norm, completeness, reason: sure === possible ? 'counted' : 'undecided' };
}

/** The smallest singular values by eigenvectors of AᵀA, more and more until one is above the threshold, or `most` are not. */
export async function countBelow(A: ShortSide, options: RankOptions, resolved: ResolvedRank): Promise<Below> {
  const { short } = A;
  const { most, maxMatvecs, seed, failureProbability } = resolved;
  const { tol: _tol, most: _most, denseBelow: _below, ...others } = options;
  let found: Below = {
    values: new Float64Array(0),
    rows: new Float64Array(0),
    sure: 0,
    possible: short,
    norm: 0,
    completeness: { ...UNSEEN, failureProbability },
    reason: 'max-matvecs',
  };
  for (let k = Math.min(short, 4); ; k = Math.min(short, most + 1, 4 * k)) {
    const left = maxMatvecs - A.matvecs - 2 * k;
    if (left < 1) return found;
    const report = await eigsh(A.gram(), {
      ...others,
      seed,
      failureProbability,
      k,
      which: 'SA',
      tol: TOLERANCE,
      maxMatvecs: left,
      denseBelow: 0,
      ...(resolved.eps > 2 ** -52 && { noise: 'estimate' }),
    });
    if (report.reason === 'aborted') return { ...found, reason: 'aborted' };
    found = await judged(A, report, resolved);
    if (found.reason !== 'too-many' || k >= Math.min(short, most + 1)) return found;
  }
}

/** what eigsh is asked for in AᵀA: about its own floor of 50 eps */
const TOLERANCE = 1e-14;

async function judged(A: ShortSide, report: EigenReport, { tol, eps }: ResolvedRank): Promise<Below> {
  const found = report.values.length;
  const triplets = await tripletsFrom(A, Float64Array.from(report.vectors), found, found, eps);
  const { values, near: rows } = triplets;
  const { completeness } = report;
  const norm = Math.max(triplets.norm, Math.sqrt(report.norm));
  const margin = gramMargin(report, TOLERANCE, eps);
  const counted = report.values.map((value) => Math.sqrt(Math.max(0, value - margin)));
  const least = completeness.verified ? lowerBounds(triplets, counted) : counted.fill(0);
  const [sure, listed] = countsOf(values, least, tol * norm, eps * norm);
  // those not listed are no smaller than the largest listed one
  const possible = listed < found || found === A.short ? listed : A.short;
  const part = { values, rows, sure, possible, norm, completeness };
  if (sure === possible) return { ...part, reason: 'counted' };
  if (!completeness.verified)
    return { ...part, reason: report.reason === 'max-matvecs' ? 'max-matvecs' : 'unverified' };
  return { ...part, reason: sure === found ? 'too-many' : 'undecided' };
}

/** How many values are at most the threshold for certain, being at most `values`, and how many may be, being at least `least`. */
function countsOf(values: Float64Array, least: Float64Array, threshold: number, error: number): [number, number] {
  let [sure, possible] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    if (values[i] + error <= threshold || values[i] === 0) sure++;
    if (least[i] - error <= threshold) possible++;
  }
  return [sure, possible];
}
