import type { DeltaSpent } from '../theorems/boundRecord.js';
import type { DimensionCount, PosteriorConvention } from './effectiveDimension.js';
import type { MonteCarloEvidence, MonteCarloRecord } from '../limits/monteCarlo.js';
import type { PenaltyForm, ScaleGrid } from '../theorems/penalties.js';

export interface AnalyticBoundArguments {
  /** Eigenvalues of the Hessian of the mean loss in nats along k orthonormal directions. */
  readonly eigenvalues: ArrayLike<number>;
  /** Number of weights p. */
  readonly dimension: number;
  /** |w - w0|^2. */
  readonly displacementSquared: number;
  readonly n: number;
  /** Default 0.025. */
  readonly delta?: number;
  /** Default 0.01. */
  readonly deltaMonteCarlo?: number;
  /** Default b = 10, c = 0.05, j = 1..60. */
  readonly grid?: Partial<BoundGrid>;
  /** Default '2(n-1)'. */
  readonly convention?: PosteriorConvention;
  /** |U U' - I| (Frobenius) of the directions; default 0. What it may cost is added to KL, see `analyticPosterior`. */
  readonly orthonormality?: number;
  /** Default 'langford-seeger', as in the work this reproduces; 'maurer' is tighter. */
  readonly theorem?: 'langford-seeger' | 'maurer';
  /** Default 'correct'. */
  readonly penaltyForm?: PenaltyForm;
  /** Posterior draws, at most one entry for each j. */
  readonly evidence?: readonly GridEvidence[];
  /** Fresh draws for one j that was chosen without them. */
  readonly certificate?: GridEvidence;
  /** Error of guessing, where the bound becomes vacuous. Default 1. */
  readonly chance?: number;
  /** Where the draws came from, for the record: "stream seed 7, purpose certify". */
  readonly drawSource?: string;
}

export type GridEvidence = {
  readonly j: number;
  /** Names the draws: 'stream seed 7, purpose pilot'. Fresh draws have another name than those that chose. */
  readonly source?: string;
} & MonteCarloEvidence;

/** Prior precisions eps_j = (1/c) exp(j/b) for j = first..last. */
export interface BoundGrid extends ScaleGrid {
  readonly first: number;
  readonly last: number;
}

/** One prior precision of the grid. */
export interface BoundCandidate {
  readonly j: number;
  readonly precision: number;
  /** ln(n/delta_j) or ln(2 sqrt(n)/delta_j), nats. */
  readonly penalty: number;
  readonly kl: number;
  readonly klCovariance: number;
  readonly klDisplacement: number;
  /** Right-hand side of the theorem. */
  readonly complexity: number;
  /** B = sqrt(complexity/2). */
  readonly gap: number;
  /** Loss that the noise should add to second order, nats. */
  readonly expectedExcess: number;
  readonly effectiveDimension: DimensionCount;
  readonly monteCarlo?: MonteCarloRecord;
  /** Bound with the mean of the draws as if it were exact: an estimate, not a certificate. */
  readonly plugIn?: number;
  /** Bound with the Monte-Carlo limit; for 'fresh-draws' this holds for a row fixed in advance, not for the best of them. */
  readonly corrected?: number;
  /** Monte-Carlo limit + B. */
  readonly mcAllester?: number;
  readonly confidence?: number;
}

/** The row of the grid that is certified, its draws among them. */
export interface CertifiedBound
  extends Omit<Required<BoundCandidate>, 'gap' | 'expectedExcess' | 'effectiveDimension' | 'corrected'> {
  /** True error of the random classifier <= value with probability `confidence`. */
  readonly value: number;
  readonly vacuous: boolean;
  readonly certified: boolean;
}

/** Everything about one analytic bound; plain JSON. */
export interface AnalyticBound {
  readonly theorem: string;
  readonly source: string;
  readonly n: number;
  readonly dimension: number;
  readonly delta: number;
  readonly deltaMonteCarlo: number;
  readonly convention: PosteriorConvention;
  readonly penaltyForm: PenaltyForm;
  readonly grid: BoundGrid;
  /** fixed: one j was estimated; split: deltaMonteCarlo was divided over all that were; fresh-draws: j chosen without the draws that count. */
  readonly selection: 'fixed' | 'split' | 'fresh-draws';
  readonly candidates: readonly BoundCandidate[];
  /** Absent if there is no evidence. */
  readonly best?: CertifiedBound;
  readonly deltas: readonly DeltaSpent[];
  readonly assumptions: readonly string[];
  readonly caveats: readonly string[];
}
