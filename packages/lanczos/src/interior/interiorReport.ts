import { solverReasons, type SolverReason } from '@hyperribbon/contract/reasons';
import type { EigenReport } from '../eigsh/eigenReport.js';

/** Why a search near a number ended. */
export type InteriorReason = SolverReason | 'inexact-solve' | 'unresolved';

/** How a search went about it. */
export type InteriorMethod = 'inverse' | 'minres' | 'matrix' | 'end' | 'filter' | 'square';

/** What a message is made of besides the reason. */
interface Circumstances {
  readonly method: InteriorMethod;
  /** products that it would have taken, where that is known to be more than there are */
  readonly forecast: number | undefined;
  readonly maxMatvecs: number;
  /** largest relative error of a solve seen */
  readonly seen: number;
  /** one that would do */
  readonly wanted: number;
}

/** The reason as a paragraph that says what to do. */
export function interiorMessage(reason: InteriorReason, of: Circumstances): string {
  const solved = of.method === 'inverse';
  switch (reason) {
    case 'inexact-solve':
      return (
        `${solved ? '`inverse`' : 'The solve by MINRES'} is not that of A − sigma to the tolerance: products with A, or its results with each other, show errors of ${digits(of.seen)}. Values and ` +
        `residuals are those of A, but nearer ones may be missing. Solve more exactly${of.wanted > 1e-15 ? `, to about ${digits(of.wanted)}` : ''}: with the same sigma, the same way at ` +
        'every call, an iterative solver with a smaller tolerance, a factorisation in float64 or with a step of refinement. Or ask for a larger tol.'
      );
    case 'unresolved':
      return (
        'Residuals in A are above tol · ‖A‖, or nearer eigenvalues cannot be excluded, however exactly the transformed problem was solved: the wanted values lie at distances ' +
        'too different from sigma, some within rounding of it or, without a solve, too near it, or two at one distance of which k takes one. ' +
        `Move sigma, ${solved ? '' : 'give `inverse`, '}or change k by one.`
      );
    case 'max-matvecs':
      if (of.forecast !== undefined)
        return (
          `Eigenvalues are so dense near sigma that at least about ${digits(of.forecast)} products would be needed, and maxMatvecs is ${of.maxMatvecs}: the search was not begun. ` +
          'Allow more, or give `inverse`, which takes some ten solves.'
        );
      return `The ${solved ? 'solves' : 'products'} ran out before all residuals were below tol · ‖A‖; residualNorms tells which pairs are good. Raise maxMatvecs or tol, ask for fewer eigenvalues${
        solved ? ', or move sigma nearer to them.' : ', or give `inverse`.'
      }`;
    case 'unverified':
      return `The residuals are below tol · ‖A‖, but the ${solved ? 'solves' : 'products'} ran out before the search for missed copies and nearer ones was done. Raise maxMatvecs or tol.`;
    case 'not-symmetric':
      return (
        'uᵀAv and vᵀAu differ by far more than rounding: A is not symmetric, or not the same at every product, as with dropout or fresh mini-batches. verifyOperator shows where.' +
        (solved
          ? ' Where A is symmetric for certain the solve is at fault: compare uᵀ(A − sigma)⁻¹v with vᵀ(A − sigma)⁻¹u.'
          : '')
      );
    case 'aborted':
      return 'The signal was aborted. What was found by then is listed, if it takes no further product; nothing is proven of it.';
    default:
      return solverReasons[reason];
  }
}

/** Two digits. */
function digits(value: number): string {
  return Number(value.toPrecision(2)).toString();
}

/** Eigenpairs nearest to a number, and the evidence in terms of A. */
export interface InteriorReport
  extends Pick<
    EigenReport,
    'vectors' | 'residualNorms' | 'converged' | 'message' | 'completeness' | 'seed' | 'kernels'
  > {
  /** (k,) descending: Rayleigh quotients with A; fewer, or none, where the search ended before there were any */
  readonly values: Float64Array;
  readonly reason: InteriorReason;
  readonly sigma: number;
  /** (k,) values[i] ± radius[i] holds an eigenvalue of A: the residual norm and rounding */
  readonly radius: Float64Array;
  /**
   * no eigenvalue of A but those listed lies nearer to sigma than this, counted with multiplicity and except with the probability stated in
   * `completeness`; 0 where that is not proven, Infinity where all are listed
   */
  readonly clear: number;
  /** bound of ‖(A − sigma) B − 1‖, B the solve, from random vectors, or what a solve of the run left over, if that is more; 0 without a solve */
  readonly solveError: number;
  /** lower bound of ‖A‖ that tol refers to */
  readonly norm: number;
  /** how it was searched: by solves of yours or of MINRES, the matrix, an end of the spectrum, a polynomial that is largest near sigma, or the square of A − sigma */
  readonly method: InteriorMethod;
  /** of the polynomial of A that was searched, 0 with solves */
  readonly degree: number;
  /** products with A */
  readonly matvecs: number;
  /** calls of `inverse`; 0 without */
  readonly solves: number;
}
