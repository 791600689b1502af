import { floatArray, requireInteger } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels/linear';
import { assertRectangular, cyclicOperator, type RectangularOperator } from '@hyperribbon/linop';
import type { EigenReport } from '../eigsh/eigenReport.js';
import { eigsh } from '../eigsh/eigsh.js';
import type { EigshOptions } from '../eigsh/eigshOptions.js';
import { resolveEigshOptions } from '../eigsh/resolveEigshOptions.js';

export type SvdsOptions = { readonly k: number } & Omit<
  EigshOptions,
  'k' | 'which' | 'above' | 'below' | 'deflate' | 'v0' | 'blockSize'
>;

/** Singular triplets and the evidence for them: that of the eigenvalue problem they were found by. */
export interface SingularReport
  extends Pick<
    EigenReport,
    'residualNorms' | 'converged' | 'reason' | 'message' | 'restarts' | 'norm' | 'completeness' | 'seed' | 'kernels'
  > {
  /** (k,) descending, ≥ 0 */
  readonly values: Float64Array;
  /** (k, rows): row i is the left singular vector of values[i]; zero from `rank` on */
  readonly u: FloatArray;
  /** (k, columns) */
  readonly v: FloatArray;
  /** how many values, from the largest on, are told from zero: above `resolution` and their own residual; the others have no vectors */
  readonly rank: number;
  /** 10 eps ‖A‖, or the noise of the operator */
  readonly resolution: number;
  /** products with A, and as many with Aᵀ */
  readonly matvecs: number;
}

/**
 * The k largest singular values of an operator, with multiplicity and vectors, or the statement that they were not obtained.
 *
 * They are the k largest eigenvalues of [[0, A], [Aᵀ, 0]], found by {@link eigsh}: nothing is squared, so values down to 10 eps ‖A‖ are told from
 * zero, and the completeness check is that of eigsh.
 *
 * @param op rectangular operator (rows, columns); see fromMatvecs of linop
 * @param options k in 1..min(rows, columns); the others are those of {@link eigsh}
 * @returns always a report; where `signal` was aborted with reason 'aborted' and what was found by then, as of {@link eigsh}
 * @throws ArgumentError, ArgumentTypeError; NonFiniteError, OperatorError when a product fails; MemoryLimitError
 * Cost: as many products with A and with Aᵀ as reported; (basisSize + 40 %) (rows + columns) numbers.
 * @example const { values, u, v, converged } = await svds(A, { k: 5, seed: 1 });
 * Source: [golub1965].
 */
export async function svds(op: RectangularOperator, options: SvdsOptions): Promise<SingularReport> {
  assertRectangular(op, 'svds');
  const { rows, columns } = op;
  const { k } = options;
  requireInteger('svds', 'k', k, 1, Math.min(rows, columns));
  const cyclic = cyclicOperator(op);
  const search: EigshOptions = { ...options, which: 'LA' };
  // refuses bad options in this function's name
  resolveEigshOptions(cyclic, search, 'svds');
  const report = await eigsh(cyclic, search);
  const { vectors, resolution } = report;
  const values = report.values.map((x) => Math.max(0, x));
  const told = values.findIndex((x, i) => !(x > Math.max(resolution, report.residualNorms[i])));
  const rank = told < 0 ? values.length : told;
  const u = floatArray(op.dtype, values.length * rows);
  const v = floatArray(op.dtype, values.length * columns);
  for (let i = 0; i < rank; i++) {
    const row = vectors.subarray(i * (rows + columns), (i + 1) * (rows + columns));
    u.set(unit(row.subarray(0, rows)), i * rows);
    v.set(unit(row.subarray(rows)), i * columns);
  }
  const { residualNorms, converged, reason, message, matvecs, restarts, norm, completeness, seed, kernels } = report;
  const evidence = { residualNorms, converged, reason, message, matvecs, restarts, norm, completeness, seed, kernels };
  return { values, u, v, rank, resolution, ...evidence };
}

/** Halves of an eigenvector have length 1/√2. */
function unit(x: FloatArray): FloatArray {
  let s = 0;
  for (let i = 0; i < x.length; i++) s += x[i] * x[i];
  const scale = s > 0 ? 1 / Math.sqrt(s) : 0;
  return x.map((value) => value * scale);
}
