import type { FloatArray, KernelInfo } from '@hyperribbon/kernels';
import type { Enclosures } from './enclosures.js';
import type { SolverReason } from '@hyperribbon/contract/reasons';

/** Eigenpairs and the evidence for them. */
export interface EigenReport {
  /** (k,) descending */
  readonly values: Float64Array;
  /** (k, n) row-major, in the operator's dtype */
  readonly vectors: FloatArray;
  /** (k,) ‖A v − λ v‖, from the recurrence, never below its rounding */
  readonly residualNorms: Float64Array;
  /** true: the list is the wanted one with multiplicity, each value within max(tol, 50 eps) ‖A‖ */
  readonly converged: boolean;
  readonly reason: SolverReason;
  /** the reason as a paragraph */
  readonly message: string;
  readonly matvecs: number;
  readonly restarts: number;
  /** max |V Vᵀ − I| of the returned vectors */
  readonly orthogonality: number;
  /** lower bound of ‖A‖ that tol refers to */
  readonly norm: number;
  /** largest |uᵀAv − vᵀAu| seen, relative to ‖A‖: zero up to rounding for a symmetric operator */
  readonly asymmetry: number;
  /** intervals that hold an eigenvalue each, and wider ones that hold the one of its place in the list */
  readonly enclosures: Enclosures;
  /** error of the operator that tol was held against, relative to ‖A‖: rounding of its dtype, or more where products showed or `noise` said so */
  readonly noise: number;
  /** values of magnitude below this are noise, not eigenvalues: 10 eps ‖A‖, or noise ‖A‖ where that is more */
  readonly resolution: number;
  /** (k,) 1 where |value| < resolution */
  readonly belowResolution: Uint8Array;
  readonly completeness: Completeness;
  /** the polynomial that the search went over to, or null */
  readonly filter: { readonly degree: number; readonly low: number; readonly high: number } | null;
  readonly seed: number;
  readonly kernels: KernelInfo;
}

/** How the claim that no wanted eigenvalue is missing was checked. */
export interface Completeness {
  readonly verified: boolean;
  /** 'dense': all eigenvalues were computed; 'random-search': see failureProbability */
  readonly method: 'dense' | 'random-search';
  /** probability that a missing eigenvalue went unnoticed; 0 when dense */
  readonly failureProbability: number;
  /** random searches started, and products spent on them */
  readonly searches: number;
  readonly matvecs: number;
}
