import { floatArray, refuse, requireInteger, requireOneOf } from '@hyperribbon/contract';
import { solverReasons } from '@hyperribbon/contract/reasons';
import { assertRectangular, cyclicOperator, type RectangularOperator } from '@hyperribbon/linop';
import type { EigenReport } from '../eigsh/eigenReport.js';
import { eigsh } from '../eigsh/eigsh.js';
import type { EigshOptions, EigshSettings } from '../eigsh/eigshOptions.js';
import { resolveEigshOptions } from '../eigsh/resolveEigshOptions.js';
import { orthogonalPart } from './orthogonalPart.js';
import type { SingularReport } from './singularReport.js';
import { smallestTriplets } from './smallestTriplets.js';
import { FOREIGN, FOREIGN_TO_SMALLEST, type SvdsOptions } from './svdsOptions.js';

/**
 * The k largest or smallest singular values of an operator, with multiplicity and vectors, or the statement that they were not obtained.
 *
 * The largest are the k largest eigenvalues of [[0, A], [Aᵀ, 0]], found by {@link eigsh}: nothing is squared, so values down to 10 eps ‖A‖ are told from
 * zero, and the completeness check is that of eigsh. The smallest, of min(rows, columns) as numpy counts them, are looked for as eigenvectors of AᵀA, of the smaller order, and measured
 * with A; where that cannot tell that none is missing it says 'unresolved'. Up to `denseBelow` a search that spent min(rows, columns) products gives way to forming A.
 *
 * @param op rectangular operator (rows, columns); see fromMatvecs of linop
 * @param options k in 1..min(rows, columns), which; the others are those of {@link eigsh}
 * @returns always a report; where `signal` was aborted with reason 'aborted' and what was found by then, as of {@link eigsh}; with which 'SA' nothing then
 * @throws ArgumentError, ArgumentTypeError; NonFiniteError, OperatorError when a product fails; MemoryLimitError
 * Cost: as many products with A and with Aᵀ as reported, 4 k² (rows + columns) flops for u and v; (basisSize + 40 %) (rows + columns) numbers, with which 'SA' of
 * min(rows, columns), and 3 rows · columns where A is formed, which it is up to 2^25 numbers.
 * @example const { values, u, v, converged } = await svds(A, { k: 5, seed: 1 });
 * @example const { values, clear } = await svds(A, { k: 3, which: 'SA' }); // no other singular value is below clear
 * Source: [golub1965]; the smallest: own construction.
 */
export async function svds(op: RectangularOperator, options: SvdsOptions): Promise<SingularReport> {
  assertRectangular(op, 'svds');
  const { rows, columns } = op;
  requireInteger('svds', 'k', options?.k, 1, Math.min(rows, columns));
  for (const name of FOREIGN)
    if ((options as EigshSettings)[name] !== undefined)
      refuse(
        'svds',
        `${name} is no option of svds, which finds the k largest or smallest singular values; leave it out`,
      );
  const { which = 'LA' } = options;
  requireOneOf('svds', 'which', which, ['LA', 'SA']);
  if (which === 'SA') return smallest(op, options);
  const cyclic = cyclicOperator(op);
  let search: EigshOptions = { ...options, which };
  // refuses bad options in this function's name
  const { tol, maxMatvecs } = resolveEigshOptions(cyclic, search, 'svds');
  const eps = op.dtype === 'float32' ? 2 ** -23 : 2 ** -52;
  for (let [spent, asked] = [0, tol]; ; ) {
    const report = await eigsh(cyclic, search);
    const { resolution, restarts, norm, completeness, seed, kernels } = report;
    const values = report.values.map((x) => Math.max(0, x));
    const { rank, u, v, residualNorms } = splitVectors(report, values, rows, columns);
    const good = residualNorms.every((r) => r <= 10 * Math.max(tol * norm, resolution));
    spent += report.matvecs;
    // vectors of σ and −σ mix by residual/σ, which smaller residuals mend
    if (report.converged && !good && asked > 100 * eps && spent < maxMatvecs) {
      asked /= 10;
      search = { ...search, tol: asked, maxMatvecs: maxMatvecs - spent };
      continue;
    }
    const reason = report.converged && !good ? 'noise-floor' : report.reason;
    const message = solverReasons[reason];
    const converged = report.converged && good;
    const evidence = { converged, reason, message, matvecs: spent, restarts, norm, completeness, seed, kernels };
    const vectors = { u: floatArray(op.dtype, u), v: floatArray(op.dtype, v) };
    return { values, ...vectors, rank, resolution, residualNorms, ...evidence };
  }
}

function smallest(op: RectangularOperator, options: SvdsOptions): Promise<SingularReport> {
  for (const name of FOREIGN_TO_SMALLEST)
    if (options[name] !== undefined) refuse('svds', `${name} does not go with which 'SA'; leave it out`);
  const { rows, columns, dtype } = op;
  const gram = { size: Math.min(rows, columns), dtype, apply: () => {} };
  return smallestTriplets(op, options, resolveEigshOptions(gram, { ...options, which: 'SA' }, 'svds'));
}

/**
 * Left and right vectors from eigenvectors (u, v)/√2 of the cyclic operator. Their halves are orthonormal but for residual/σ, where the eigenvectors of −σ
 * come in: made so from the largest value on they stay singular vectors, with residuals bounded by what the change of basis leaves.
 */
function splitVectors(report: EigenReport, values: Float64Array, rows: number, columns: number) {
  const { vectors, resolution, norm } = report;
  const residualNorms = report.residualNorms.slice();
  const u = new Float64Array(values.length * rows);
  const v = new Float64Array(values.length * columns);
  let rank = 0;
  for (; rank < values.length && values[rank] > resolution; rank++) {
    const i = rank;
    const pair = Float64Array.from(
      vectors.subarray(i * (rows + columns), (i + 1) * (rows + columns)),
      (x) => x * Math.SQRT2,
    );
    u.set(pair.subarray(0, rows), i * rows);
    v.set(pair.subarray(rows), i * columns);
    const [left, right] = [orthogonalPart(u, i, rows), orthogonalPart(v, i, columns)];
    let [squares, residual] = [0, residualNorms[i] / norm];
    for (let j = 0; j <= i; j++) {
      const [s, t] = [values[i] / norm, values[j] / norm];
      squares += (s * left[j] - t * right[j]) ** 2 + (s * right[j] - t * left[j]) ** 2;
      if (j < i) residual += Math.max(Math.abs(left[j]), Math.abs(right[j])) * (residualNorms[j] / norm);
    }
    const bound = ((Math.sqrt(squares / 2) + residual) / Math.min(left[i], right[i])) * norm;
    // not told from zero: what it has for vectors may lie among those before it
    if (!(values[i] > bound)) break;
    residualNorms[i] = bound;
    for (let j = 0; j < rows; j++) u[i * rows + j] /= left[i];
    for (let j = 0; j < columns; j++) v[i * columns + j] /= right[i];
  }
  u.fill(0, rank * rows);
  v.fill(0, rank * columns);
  return { rank, u, v, residualNorms };
}
