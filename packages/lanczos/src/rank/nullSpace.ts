import { AbortError, floatArray } from '@hyperribbon/contract';
import { kernelInfo } from '@hyperribbon/kernels/linear';
import { assertRectangular, type RectangularOperator } from '@hyperribbon/linop';
import { kernelOptions } from '../dense/eigen.js';
import { timesPower } from '../dense/powerOfTwo.js';
import { padded } from '../solve/rectangularSystem.js';
import { ShortSide } from '../svd/shortSide.js';
import { thrownInside } from '../svd/thrownInside.js';
import { type Below, countBelow, countInMatrix, UNSEEN } from './countBelow.js';
import { type RankOptions, resolveRank, type ResolvedRank } from './rankOptions.js';
import { type NullSpaceReport, rankMessage } from './rankReport.js';

const caller = 'nullSpace';

/**
 * An orthonormal basis of the null space of an operator: of the directions that it shrinks to at most tol · ‖A‖, and whether these are all.
 *
 * Up to `denseBelow` columns they are those of the svd of A, formed by as many products; else eigenvectors of AᵀA, found and counted by {@link eigsh} and measured with A, more and more until one of them is
 * told from zero, or `most` are not. The rule is that of {@link rank}: dimension + rank = columns.
 *
 * @param op (rows, columns)
 * @param options tol, default max(rows, columns) eps; see {@link RankOptions}
 * @returns always a report: low and high say between which numbers the dimension lies; where `signal` was aborted with reason 'aborted' and no basis
 * @throws ArgumentError, ArgumentTypeError; NonFiniteError, OperatorError when a product fails; MemoryLimitError
 * Cost: products as reported; formed 14 columns³ flops and 3 max(rows, columns) · columns numbers, else those of eigsh for order columns.
 * @example
 * const A = fromDenseRectangular(Float64Array.of(1, 1, 1, 2, 2, 2), 2, 3);
 * const { dimension, basis, decided } = await nullSpace(A); // 2, (2, 3), true
 */
export async function nullSpace(op: RectangularOperator, options: RankOptions = {}): Promise<NullSpaceReport> {
  assertRectangular(op, caller);
  const tall = atLeastSquare(op);
  const resolved = resolveRank(caller, tall, options);
  const A = new ShortSide(tall, caller, options);
  const { failureProbability } = resolved;
  const none = new Float64Array(0);
  const nothing: Below = {
    values: none,
    rows: none,
    sure: 0,
    possible: op.columns,
    norm: 0,
    completeness: { ...UNSEEN, failureProbability },
    reason: 'aborted',
  };
  const found = await orAborted(options, nothing, () =>
    resolved.formed ? countInMatrix(A, resolved, true) : countBelow(A, options, resolved),
  );
  return reportOf(op, A, found, options, resolved);
}

/** A search, or what there is if the signal ends it. */
export async function orAborted<T>({ signal }: RankOptions, nothing: T, search: () => Promise<T>): Promise<T> {
  const aborted = (): boolean => signal?.aborted === true;
  if (aborted()) return nothing;
  try {
    return await search();
  } catch (error) {
    if (error instanceof AbortError && aborted()) return nothing;
    throw thrownInside(error);
  }
}

/** A with rows of zeros below it where it is wide: as many singular values as columns. */
function atLeastSquare(op: RectangularOperator): RectangularOperator {
  const { rows, columns, dtype } = op;
  if (rows >= columns) return op;
  return {
    rows: columns,
    columns,
    dtype,
    apply: (x, out) => padded(op, false).apply(x, out),
    applyTranspose: (y, out) => padded(op, true).apply(y, out),
  };
}

function reportOf(
  op: RectangularOperator,
  A: ShortSide,
  found: Below,
  options: RankOptions,
  { tol, seed }: ResolvedRank,
): NullSpaceReport {
  const { values, rows, sure, possible, norm, completeness, reason } = found;
  const back = (value: number): number => timesPower(value, A.exponent);
  const first = values.findIndex((value) => value <= tol * norm);
  const start = first === -1 ? values.length : first;
  return {
    basis: floatArray(op.dtype, rows.subarray(start * op.columns)),
    dimension: values.length - start,
    residualNorms: values.slice(start).map(back),
    low: sure,
    high: possible,
    decided: sure === possible,
    reason,
    message: rankMessage(reason),
    threshold: back(tol * norm),
    norm: back(norm),
    matvecs: A.matvecs,
    completeness: { ...completeness, verified: sure === possible },
    seed,
    kernels: kernelInfo(kernelOptions(options)),
  };
}
