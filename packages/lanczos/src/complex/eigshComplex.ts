import { AbortError, floatArray } from '@hyperribbon/contract';
import { type SolverReason, solverReasons } from '@hyperribbon/contract/reasons';
import { ContractError, type LinearOperator } from '@hyperribbon/linop';
import { stream } from '@hyperribbon/random';
import { timesPower } from '../dense/powerOfTwo.js';
import type { EigenReport } from '../eigsh/eigenReport.js';
import { eigsh } from '../eigsh/eigsh.js';
import type { EigshOptions } from '../eigsh/eigshOptions.js';
import { enclosuresOf } from '../eigsh/enclosures.js';
import { valuesPart } from '../eigsh/reportParts.js';
import { endIndices, endsBeyond, wantedEnds } from '../eigsh/which.js';
import { ScaledProduct } from '../solve/scaledProduct.js';
import { norm } from '../solve/vectors.js';
import { assertComplexOperator, type ComplexOperator, realForm } from './complexOperator.js';
import { type EigshComplexOptions, resolveComplex, type ResolvedComplex } from './complexOptions.js';
import type { ComplexEigenReport } from './complexReport.js';
import { type ComplexRitz, complexRitz, orthogonalityOf } from './complexRitz.js';
import { complexSpan, timesI } from './complexVectors.js';

const caller = 'eigshComplex';

/**
 * The wanted eigenvalues of a complex Hermitian operator, with multiplicity and vectors, or the statement that they were not obtained.
 *
 * As a real operator of order 2n it is symmetric and has each eigenvalue twice, since i v is an eigenvector where v is. {@link eigsh} finds 2k of those, which proves that none is missing;
 * the complex span of its vectors then gives k, with residuals measured by products.
 *
 * @param op Hermitian (n, n), see {@link fromComplexMatvec}
 * @param options those of {@link eigsh}: k, or `above` or `below`
 * @returns always a report; where `signal` was aborted with reason 'aborted' and no values: onCheckpoint had the state to resume
 * @throws ArgumentError, ArgumentTypeError; ContractError where products are not linear over the complex numbers; NonFiniteError, OperatorError when one fails; MemoryLimitError
 * Cost: products as reported: those of eigsh for 2k values, k to 2k more, and 2; memory of eigsh for order 2n.
 * @example
 * // a ring of 100 sites in a magnetic field: eigenvalues 2 − 2 cos(2πj/100 + 0.01)
 * const [c, s] = [Math.cos(0.01), Math.sin(0.01)];
 * const ring = fromComplexMatvec(100, (x, out) => {
 *   for (let j = 0; j < 100; j++) {
 *     const [l, r] = [2 * ((j + 99) % 100), 2 * ((j + 1) % 100)];
 *     out[2 * j] = 2 * x[2 * j] - c * (x[l] + x[r]) + s * (x[r + 1] - x[l + 1]);
 *     out[2 * j + 1] = 2 * x[2 * j + 1] - c * (x[l + 1] + x[r + 1]) - s * (x[r] - x[l]);
 *   }
 * });
 * const { values, vectors } = await eigshComplex(ring, { k: 2 });
 */
export async function eigshComplex(op: ComplexOperator, options: EigshComplexOptions): Promise<ComplexEigenReport> {
  assertComplexOperator(op, caller);
  const resolved = resolveComplex(caller, op, options);
  const real = realForm(op);
  const H = new ScaledProduct(real, caller, options.signal);
  try {
    return await run(real, H, resolved, options);
  } catch (error) {
    // a wait for a product that the signal ended
    if (options.signal?.aborted !== true || !(error instanceof AbortError)) throw error;
    const nothing = await eigsh(real, { ...resolved.search, signal: options.signal });
    return listOf(real, resolved, nothing, null, H.matvecs);
  }
}

async function run(
  real: LinearOperator,
  H: ScaledProduct,
  resolved: ResolvedComplex,
  options: EigshComplexOptions,
): Promise<ComplexEigenReport> {
  const { tol, maxMatvecs } = resolved;
  const eps = real.dtype === 'float32' ? 2 ** -23 : 2 ** -52;
  if (options.signal?.aborted !== true) await refuseRealLinear(H, real.size / 2, options, eps);
  let { search } = resolved;
  let spent = 0;
  for (let asked = Math.max(tol / 4, 100 * eps); ; ) {
    const report = await eigsh(real, watched({ ...search, tol: asked, maxMatvecs: Math.max(1, maxMatvecs - spent) }));
    spent += report.matvecs;
    if (report.reason === 'aborted') return listOf(real, resolved, report, null, spent + H.matvecs);
    const m = report.values.length;
    const ritz = await complexRitz(H, complexSpan(Float64Array.from(report.vectors), m));
    const result = listOf(real, resolved, report, { ...ritz, exponent: H.exponent ?? 0 }, spent + H.matvecs);
    const lacking = report.converged && result.reason === 'unverified';
    if (!lacking || asked <= 100 * eps || spent >= maxMatvecs) return result;
    asked = Math.max(asked / 10, 100 * eps);
    // a saved state belongs to the first tolerance
    const { resume: _resume, onCheckpoint: _save, checkpointEvery: _every, ...again } = search;
    search = again as EigshOptions;
  }
}

/** Progress in pairs of H. */
function watched<O extends { onProgress?: unknown }>(search: O): O {
  const { onProgress } = search as { onProgress?: (of: { detail: { convergedPairs: number } }) => void };
  if (onProgress === undefined) return search;
  return {
    ...search,
    onProgress: (progress: { detail: { convergedPairs: number } }) =>
      onProgress({
        ...progress,
        detail: { ...progress.detail, convergedPairs: Math.floor(progress.detail.convergedPairs / 2) },
      }),
  };
}

/** Pairs of eigenvalues are those of a complex operator only: one that treats real and imaginary parts otherwise would be told from it by nothing else. */
async function refuseRealLinear(
  H: ScaledProduct,
  n: number,
  { seed = 0, noise, signal }: EigshComplexOptions,
  eps: number,
): Promise<void> {
  const x = new Float64Array(2 * n);
  stream({ seed, purpose: caller }).normal(x);
  try {
    const first = timesI(await H.multiply(x, new Float64Array(2 * n)));
    const second = await H.multiply(timesI(x), new Float64Array(2 * n));
    const size = norm(first);
    const off = norm(first.map((value, i) => value - second[i]));
    const rounding =
      noise === 'estimate' ? 0.01 : Math.max(Math.min(0.01, 1e3 * Math.sqrt(n) * eps), 10 * (noise ?? 0));
    // sizes of products that cancel are those of rounding
    if (off > rounding * Math.max(size, norm(second)))
      throw new ContractError(
        `${caller}: H (i x) is not i H x (they differ by ${off / size} of their size): apply must be linear over the complex numbers, with x and out interleaved (re, im, re, im, …)`,
      );
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}

/** Those of the Ritz pairs that are wanted, judged. */
function listOf(
  { dtype, size }: LinearOperator,
  { k, which, tol, threshold }: ResolvedComplex,
  report: EigenReport,
  found: (ComplexRitz & { readonly exponent: number }) | null,
  matvecs: number,
): ComplexEigenReport {
  const exponent = found?.exponent ?? 0;
  const back = (value: number): number => timesPower(value, exponent);
  const all = Float64Array.from(found?.values ?? [], back);
  const ends = threshold === null ? wantedEnds(all, k, which) : endsBeyond(all, threshold, which === 'SA');
  const chosen = endIndices(all.length, Math.min(k, ends.top), Math.min(k, ends.bottom));
  const values = Float64Array.from(chosen, (i) => all[i]);
  const eps = dtype === 'float32' ? 2 ** -23 : 2 ** -52;
  const scale = Math.max(report.norm, back(found?.norm ?? 0));
  const residualNorms = Float64Array.from(chosen, (i) => Math.max(back(found!.residuals[i]), 4 * eps * scale));
  const vectors = floatArray(dtype, chosen.length * size);
  chosen.forEach((i, q) => vectors.set(found!.vectors[i], q * size));
  const accepted = Math.max(tol, 50 * eps, report.noise) * scale;
  const good = residualNorms.every((residual) => residual <= accepted);
  const complete = threshold !== null || chosen.length === k;
  const reason: SolverReason = report.converged && !(good && complete) ? 'unverified' : report.reason;
  const converged = report.converged && reason === report.reason;
  const { restarts, asymmetry, noise, resolution, completeness, filter, seed, kernels } = report;
  const bottom = which === 'LM' && threshold === null ? ends.bottom : which === 'SA' ? chosen.length : ends.bottom;
  return {
    ...valuesPart(values, resolution, reason),
    vectors,
    residualNorms,
    converged,
    message: solverReasons[reason],
    matvecs,
    restarts,
    norm: scale,
    orthogonality: orthogonalityOf(chosen.map((i) => found!.vectors[i])),
    asymmetry,
    enclosures: enclosuresOf(values, residualNorms, converged, which, bottom, accepted, 10 * eps * scale),
    noise,
    completeness: { ...completeness, verified: completeness.verified && converged },
    filter,
    seed,
    kernels,
  };
}
