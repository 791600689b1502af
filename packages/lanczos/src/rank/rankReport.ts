import { solverReasons, type SolverReason } from '@hyperribbon/contract/reasons';
import type { FloatArray } from '@hyperribbon/kernels/linear';
import type { EigenReport } from '../eigsh/eigenReport.js';

/** Why a count of singular values ended. */
export type RankReason =
  | 'counted'
  | 'undecided'
  | 'too-many'
  | Extract<SolverReason, 'unverified' | 'max-matvecs' | 'aborted'>;

const own: Readonly<Record<Exclude<RankReason, SolverReason>, string>> = {
  counted: 'Every singular value was told from the threshold: low and high are equal.',
  undecided:
    'Some singular values lie nearer to the threshold than their errors, or too near zero for AᵀA to tell them apart: the number lies between low and high. Ask with another tol, or raise denseBelow to ' +
    'min(rows, columns) so that the matrix is formed.',
  'too-many':
    'More than `most` singular values lie on the side that was counted, and as many on the other: the number lies between low and high. Raise most, or denseBelow so that the matrix is formed.',
};

export function rankMessage(reason: RankReason): string {
  return reason === 'counted' || reason === 'undecided' || reason === 'too-many' ? own[reason] : solverReasons[reason];
}

/** What a count rests on. */
export interface Counted extends Pick<EigenReport, 'completeness' | 'seed' | 'kernels'> {
  /** the number lies in low..high, except with the probability in `completeness` */
  readonly low: number;
  readonly high: number;
  /** low = high */
  readonly decided: boolean;
  readonly reason: RankReason;
  /** the reason as a paragraph */
  readonly message: string;
  /** values above it count: tol · ‖A‖ */
  readonly threshold: number;
  /** ‖A‖, the largest singular value, as far as it was seen: a lower bound, within 1e-3 */
  readonly norm: number;
  /** products with A, or with Aᵀ, whichever are more */
  readonly matvecs: number;
}

/** How many singular values are above a threshold, and the evidence. */
export interface RankReport extends Counted {
  /** values computed that are above the threshold, or as many as low says where they were not all looked at */
  readonly rank: number;
  /** 'dense': all singular values; 'largest': those above the threshold; 'smallest': those below it */
  readonly method: 'dense' | 'largest' | 'smallest';
  /** values computed, descending: all, those above the threshold, or the smallest ones */
  readonly values: Float64Array;
}

/** An orthonormal basis of what A shrinks below a threshold, and the evidence that it is all of it. */
export interface NullSpaceReport extends Counted {
  /** (dimension, columns): orthonormal rows, in the operator's dtype */
  readonly basis: FloatArray;
  readonly dimension: number;
  /** (dimension,) ‖A x‖ of each row */
  readonly residualNorms: Float64Array;
}
