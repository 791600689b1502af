import { kernelInfo } from '@hyperribbon/kernels/linear';
import {
  assertRectangular,
  cyclicOperator,
  isRectangular,
  type LinearOperator,
  type RectangularOperator,
} from '@hyperribbon/linop';
import { kernelOptions } from '../dense/eigen.js';
import { timesPower } from '../dense/powerOfTwo.js';
import { eigsh } from '../eigsh/eigsh.js';
import { ShortSide } from '../svd/shortSide.js';
import { countBelow, countInMatrix, UNSEEN } from './countBelow.js';
import { orAborted } from './nullSpace.js';
import { type RankOptions, resolveRank, type ResolvedRank } from './rankOptions.js';
import { rankMessage, type RankReport } from './rankReport.js';

const caller = 'rank';

/** A count, in numbers of the operator. */
type Count = Pick<RankReport, 'rank' | 'low' | 'high' | 'values' | 'norm' | 'method' | 'completeness' | 'reason'>;

/**
 * The numerical rank of an operator: how many singular values are above tol · ‖A‖, and between which numbers it lies where their errors do not let it be told.
 *
 * Up to `denseBelow` (the shorter side) A is formed and all of them are computed, each with an error of eps ‖A‖. Else those above the threshold are counted by {@link eigsh}, up to `most` of them; and where
 * there are more, those below it, as in {@link nullSpace}.
 *
 * @param op rectangular, or a symmetric LinearOperator
 * @param options tol, default max(rows, columns) · eps [golub2013, §5.4.1], the rule of numpy's matrix_rank; see {@link RankOptions}
 * @returns always a report; where `signal` was aborted with reason 'aborted' and low 0
 * @throws ArgumentError, ArgumentTypeError; NonFiniteError, OperatorError when a product fails; MemoryLimitError
 * Cost: products as reported; formed 14 short³ flops and 3 rows · columns numbers.
 * @example
 * const report = await rank(fromDenseRectangular(Float64Array.of(1, 2, 2, 4, 3, 6), 3, 2));
 * report.rank; // 1
 */
export async function rank(op: RectangularOperator | LinearOperator, options: RankOptions = {}): Promise<RankReport> {
  const A = rectangular(op);
  const resolved = resolveRank(caller, A, options);
  const short = Math.min(A.rows, A.columns);
  let matvecs = 0;
  const { failureProbability, tol, seed } = resolved;
  const completeness = { ...UNSEEN, failureProbability };
  const nothing: Count = {
    rank: 0,
    low: 0,
    high: short,
    values: new Float64Array(0),
    norm: 0,
    method: 'largest',
    completeness,
    reason: 'aborted',
  };
  const spend = (made: number): void => void (matvecs += made);
  const found = await orAborted(options, nothing, async () => {
    if (resolved.formed) return bySmall(A, options, resolved, spend);
    const above = await byLargest(A, options, resolved, spend);
    if (above.reason === 'counted' || above.reason === 'aborted') return above;
    const below = await bySmall(
      A,
      options,
      { ...resolved, maxMatvecs: Math.max(1, resolved.maxMatvecs - matvecs) },
      spend,
    );
    return above.high - above.low < below.high - below.low ? above : below;
  });
  const decided = found.low === found.high;
  return {
    ...found,
    decided,
    message: rankMessage(found.reason),
    threshold: tol * found.norm,
    matvecs,
    completeness: { ...found.completeness, verified: decided },
    seed,
    kernels: kernelInfo(kernelOptions(options)),
  };
}

function rectangular(op: RectangularOperator | LinearOperator): RectangularOperator {
  if (typeof op !== 'object' || op === null || isRectangular(op) || !('size' in op))
    return assertRectangular(op as RectangularOperator, caller);
  const { size, dtype } = op;
  const product: RectangularOperator['apply'] = (x, out) => op.apply(x, out);
  return { rows: size, columns: size, dtype, apply: product, applyTranspose: product };
}

/** All singular values of a matrix that is formed, or those below the threshold. */
async function bySmall(
  op: RectangularOperator,
  options: RankOptions,
  resolved: ResolvedRank,
  spend: (made: number) => void,
): Promise<Count> {
  const A = new ShortSide(op, caller, options);
  try {
    const found = await (resolved.formed ? countInMatrix(A, resolved, false) : countBelow(A, options, resolved));
    const { values, sure, possible, norm, completeness, reason } = found;
    const small = values.filter((value) => value <= resolved.tol * norm).length;
    const back = (value: number): number => timesPower(value, A.exponent);
    return {
      rank: A.short - small,
      low: A.short - possible,
      high: A.short - sure,
      values: values.map(back),
      norm: back(norm),
      method: resolved.formed ? 'dense' : 'smallest',
      completeness,
      reason,
    };
  } finally {
    spend(A.matvecs);
  }
}

/** Those above the threshold, as eigenvalues of [[0, A], [Aᵀ, 0]]: nothing is squared. */
async function byLargest(
  op: RectangularOperator,
  options: RankOptions,
  resolved: ResolvedRank,
  spend: (made: number) => void,
): Promise<Count> {
  const { tol, most, maxMatvecs, eps, seed } = resolved;
  const { tol: _tol, most: _most, ...others } = options;
  const short = Math.min(op.rows, op.columns);
  const cyclic = cyclicOperator(op);
  const search = { ...others, seed, failureProbability: resolved.failureProbability / 2, denseBelow: 0 };
  const first = await eigsh(cyclic, { ...search, k: 1, tol: SEEN, maxMatvecs });
  spend(first.matvecs);
  const norm = Math.max(0, first.values[0] ?? 0);
  const open: Count = {
    rank: 0,
    low: 0,
    high: short,
    values: new Float64Array(0),
    norm,
    method: 'largest',
    completeness: first.completeness,
    reason: 'undecided',
  };
  if (!first.converged) return { ...open, reason: first.reason === 'aborted' ? 'aborted' : 'max-matvecs' };
  if (norm === 0) return { ...open, high: 0, reason: 'counted' };
  // eigsh lists what is above its edge, and nothing is unlisted `width` above it
  const width = Math.max(50 * eps, Math.min(tol / 4, 1e-8));
  const left = maxMatvecs - first.matvecs;
  if (!(tol > 2 * width) || left < 1) return open;
  const report = await eigsh(cyclic, {
    ...search,
    above: (tol - width) * norm,
    k: Math.min(most, short),
    tol: width,
    maxMatvecs: left,
  });
  spend(report.matvecs);
  const { values, residualNorms, converged, enclosures, completeness } = report;
  // the threshold itself is known as well as the norm
  const [least, greatest] = [tol * norm, tol * norm * (1 + SEEN)];
  const counted = values.filter((value) => value > least);
  const error = (i: number): number => (converged ? enclosures.ordered[i] : residualNorms[i]);
  const low = values.filter((value, i) => value - error(i) > greatest).length;
  const high = converged ? values.filter((value, i) => value + error(i) > least).length : short;
  const part = { ...open, rank: counted.length, low, high, values: counted, completeness };
  if (low === high) return { ...part, reason: 'counted' };
  const { reason } = report;
  if (reason === 'more-than-k') return { ...part, reason: 'too-many' };
  return {
    ...part,
    reason: converged
      ? 'undecided'
      : reason === 'aborted'
        ? 'aborted'
        : reason === 'unverified'
          ? 'unverified'
          : 'max-matvecs',
  };
}

/** relative error of the norm */
const SEEN = 1e-3;
