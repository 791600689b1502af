import { AbortError, floatArray } from '@hyperribbon/contract';
import { kernelInfo } from '@hyperribbon/kernels/linear';
import { assertOperator, type LinearOperator, NonFiniteError, OperatorError } from '@hyperribbon/linop';
import { kernelOptions } from '../dense/eigen.js';
import { timesPower } from '../dense/powerOfTwo.js';
import { byEnd } from './byEnd.js';
import { FilterSearch } from './byFilter.js';
import { InverseSearch, type SolveAccuracy } from './byInverse.js';
import { byMatrix, isSmall } from './byMatrix.js';
import { bySquare } from './bySquare.js';
import { type EigshNearOptions, resolveNear } from './interiorOptions.js';
import { interiorMessage, type InteriorReason, type InteriorReport } from './interiorReport.js';
import { caller, type Found, NearProblem, NO_PAIRS } from './nearProblem.js';
import { OUTLINE_PRODUCTS, spectrumOutline } from './spectrumOutline.js';

/**
 * The k eigenvalues of a symmetric operator nearest to a number, with multiplicity and vectors, or the statement that they were not obtained.
 *
 * With `inverse` they are the largest in magnitude of B = (A − sigma)⁻¹ [ericsson1980], found and counted by {@link eigsh}. What is reported is of A: values are Rayleigh quotients,
 * residuals are measured with products of A, and the solve is held against A, on random vectors before and at every step, so that a wrong or inexact one is told.
 *
 * Without it products alone must do: the matrix is formed where n ≤ `denseBelow`; where sigma lies at an end of the spectrum that end is searched; else a polynomial of A is made that is largest
 * near sigma, and its largest values are searched for and counted [li2016]. Right, or not converged.
 *
 * @param op symmetric (n, n)
 * @param options k, sigma, and `inverse` or none; the others are those of {@link eigsh}
 * @returns always a report; where `signal` was aborted with reason 'aborted' and what was found by then
 * @throws ArgumentError, ArgumentTypeError; NonFiniteError, OperatorError when a product or a solve fails; MemoryLimitError
 * Cost: with `inverse` a solve and a product a step, and k products, 3 solves and 6 products to check; without, as a rule 3 to 9 times n products inside a spectrum.
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
  const problem = new NearProblem(op, options, resolveNear(caller, op, options));
  try {
    return await run(problem);
  } catch (error) {
    if (!(error instanceof AbortError) || options.signal?.aborted !== true) throw ofProduct(error);
    return report(problem, nothing(problem), 'aborted', EXACT);
  }
}

/** What went wrong with a product of A, where a product that is made of such says so. */
function ofProduct(error: unknown): unknown {
  const { cause } = (error ?? {}) as { cause?: unknown };
  if (!(error instanceof OperatorError) || !(cause instanceof OperatorError || cause instanceof NonFiniteError))
    return error;
  const inner = ofProduct(cause) as OperatorError | NonFiniteError;
  const message = inner.message.replace(/^\w+: /u, `${caller}: `);
  return inner instanceof NonFiniteError
    ? new NonFiniteError(message, inner.call, inner.position)
    : new OperatorError(message, inner.call, inner.cause);
}

const EXACT: SolveAccuracy = { bound: 0, seen: 0, isRounding: true };

/** A search to a tolerance of the transformed problem. */
interface Method {
  readonly search: (tol: number) => Promise<Found>;
  /** the tolerance to begin with */
  readonly first: number;
  /** of solves so far */
  readonly accuracy: () => SolveAccuracy;
}

/** Searches, more exactly from one time to the next, until residuals in A are small and nothing nearer can be missing. */
async function run(problem: NearProblem): Promise<InteriorReport> {
  const { search, first, accuracy } = await methodFor(problem);
  const least = 100 * problem.eps;
  for (let tol = Math.max(first, least); ; tol = Math.max(tol / 100, least)) {
    const found = await search(tol);
    const verdict = judge(problem, found, accuracy());
    const spent = problem.options.inverse === undefined ? problem.products : problem.solves;
    const isSpent = spent >= problem.near.maxMatvecs;
    if (verdict !== 'unresolved' || tol <= least || isSpent)
      return report(problem, found, explain(problem, verdict, accuracy(), isSpent), accuracy());
  }
}

/** What stands behind a verdict: products that ran out, or solves that were not exact. */
function explain(
  { options }: NearProblem,
  verdict: InteriorReason,
  { isRounding }: SolveAccuracy,
  isSpent: boolean,
): InteriorReason {
  if (verdict !== 'unresolved' && verdict !== 'inexact-solve') return verdict;
  if (isSpent && options.inverse === undefined) return 'max-matvecs';
  return isRounding ? verdict : 'inexact-solve';
}

async function methodFor(problem: NearProblem): Promise<Method> {
  const { options, near, A } = problem;
  const { inverse, solver = 'auto' } = options;
  const exact = (search: Method['search'], first: number): Method => ({ search, first, accuracy: () => EXACT });
  if (inverse !== undefined || solver === 'minres') {
    const search = new InverseSearch(problem, inverse);
    await search.tryOut();
    // residuals in A are those in B times a ratio of distances
    return { search: (tol) => search.search(tol), first: near.tol / 10, accuracy: () => search.accuracy };
  }
  // squares of distances from sigma are held to squares of the tolerance
  if (solver === 'square') return exact((tol) => bySquare(problem, tol), near.tol ** 2);
  if (solver === 'auto' && isSmall(problem)) return exact((tol) => byMatrix(problem, tol), near.tol / 2);
  // not even an outline of the spectrum could be had
  if (problem.left < OUTLINE_PRODUCTS + 20) return exact((tol) => bySquare(problem, tol), near.tol ** 2);
  const outline = await spectrumOutline(
    problem.operator((x, out) => A.multiply(x, out)),
    caller,
    { seed: options.seed ?? 0, probability: near.failureProbability / 2, signal: options.signal },
  );
  const { low, high, lowest, highest } = outline;
  problem.norm = Math.max(Math.abs(lowest), Math.abs(highest));
  const { sigma } = problem;
  const flat = !(high - low > 1e4 * problem.eps * problem.norm);
  const isOutside = sigma < low || sigma > high || (solver === 'auto' && (sigma <= lowest || sigma >= highest));
  if (flat || isOutside) return exact((tol) => byEnd(problem, sigma <= lowest ? 'SA' : 'LA', tol), near.tol / 2);
  const search = new FilterSearch(problem, outline);
  if (solver === 'filter') return exact((tol) => search.search(tol), near.tol / 10);
  // values in a gap are found by the square in a tenth of the products
  const most = await search.gapBudget();
  let square = most > 0 ? await bySquare(problem, Math.max(near.tol ** 2, 100 * problem.eps), most) : undefined;
  return exact((tol) => {
    const quick = square;
    square = undefined;
    if (quick !== undefined && judge(problem, quick, EXACT) === 'converged') return Promise.resolve(quick);
    return search.search(tol);
  }, near.tol / 10);
}

/** Residuals, and whether what is listed are the nearest ones. */
function judge(problem: NearProblem, found: Found, { bound, isRounding }: SolveAccuracy): InteriorReason {
  const { completeness, pairs, clear } = found;
  if (found.inexact === true) return 'inexact-solve';
  // residuals above the noise of a solve, where the transformed problem itself has no complaint
  if (!completeness.verified) return found.reason === 'noise-floor' ? 'unresolved' : found.reason;
  if (!(bound < 0.5)) return 'inexact-solve';
  const allowed = problem.allowed(pairs);
  if (!pairs.residuals.every((residual) => residual <= allowed)) return 'unresolved';
  if (clear >= problem.needed(pairs)) return 'converged';
  // what the solve is off by is more than what is allowed
  return !isRounding && bound * farthest(problem, found) > allowed ? 'inexact-solve' : 'unresolved';
}

function farthest({ sigma }: NearProblem, { pairs }: Found): number {
  return pairs.values.reduce((most, value) => Math.max(most, Math.abs(value - sigma)), 0);
}

/** Relative error of solves at which residuals and bounds would do, as far as both go with it. */
function wantedAccuracy(problem: NearProblem, found: Found, { bound, seen }: SolveAccuracy): number {
  const allowed = problem.allowed(found.pairs);
  const residual = found.pairs.residuals.reduce((most, r) => Math.max(most, r), 0);
  return 0.3 * seen * Math.min(1, allowed / residual, allowed / (bound * farthest(problem, found)));
}

function nothing({ near, options }: NearProblem): Found {
  const { solver = 'auto' } = options;
  const { failureProbability } = near;
  return {
    reason: 'aborted',
    completeness: { verified: false, method: 'random-search', failureProbability, searches: 0, matvecs: 0 },
    method: options.inverse !== undefined ? 'inverse' : solver === 'auto' ? 'filter' : solver,
    degree: 0,
    pairs: NO_PAIRS,
    clear: 0,
  };
}

function report(problem: NearProblem, found: Found, reason: InteriorReason, accuracy: SolveAccuracy): InteriorReport {
  const { A, near, op, options, eps } = problem;
  const { pairs, clear, completeness, method, degree } = found;
  const e = A.exponent ?? 0;
  const back = (value: number): number => (Number.isFinite(value) ? timesPower(value, e) : value);
  const norm = back(Math.max(problem.norm, pairs.norm));
  const residualNorms = pairs.residuals.map(back);
  const verified = reason === 'converged';
  const { failureProbability } = near;
  return {
    values: pairs.values.map(back),
    vectors: floatArray(op.dtype, pairs.vectors),
    residualNorms,
    radius: residualNorms.map((residual) => residual + 10 * eps * norm),
    converged: verified,
    reason,
    message: interiorMessage(reason, {
      method,
      forecast: found.forecast,
      maxMatvecs: near.maxMatvecs,
      seen: accuracy.seen,
      wanted: wantedAccuracy(problem, found, accuracy),
    }),
    sigma: near.sigma,
    clear: reason === 'inexact-solve' ? 0 : back(clear),
    solveError: accuracy.bound,
    norm,
    completeness: { ...completeness, verified, ...(completeness.method !== 'dense' && { failureProbability }) },
    method,
    degree,
    matvecs: problem.products,
    solves: problem.solves,
    seed: options.seed ?? 0,
    kernels: kernelInfo(kernelOptions(options)),
  };
}
