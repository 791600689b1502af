import { refuse } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import { straightLine } from '../straightLine.js';

/** What is known of a spectrum beside the eigenvalues that are given. */
export interface CriteriaOptions {
  /** sum of all eigenvalues, when `eigenvalues` are only the largest */
  readonly trace?: number;
  /** sum of squares of all eigenvalues, when `eigenvalues` are only the largest */
  readonly squareNorm?: number;
  /** k* of the plateau test (1 + L/c); without it the test is left out */
  readonly plateauLength?: number;
}

/** How much like a hyper-ribbon a spectrum of variances is. */
export interface RibbonCriteria {
  readonly status: 'reconstruction';
  /** (10,) or fewer: share of the variance in the first k directions, k = 1.. */
  readonly explained: Float64Array;
  /** (Σμ)²/Σμ²: how many directions count, between 1 and their number */
  readonly participationRatio: number;
  /** slope of ln μᵢ against i over the first `fitted` eigenvalues (those above 1e-12 μ₁, at most 10): −2 × the slope of ln width; NaN with fewer than 2 */
  readonly slope: number;
  /** R² of that line; 1 is exactly geometric */
  readonly rSquared: number;
  readonly fitted: number;
  /** largest μᵢ₊₁/μᵢ for i < ⌊k*⌋ (at least the first): ≤ 0.8 means no plateau. NaN without k* or with too few eigenvalues */
  readonly plateauRatio: number;
}

/**
 * The operational criteria of a hyper-ribbon, all of them: explained variance, participation ratio, log-linearity, absence of a plateau.
 *
 * @param eigenvalues descending, ≥ 0: variances of the cloud (squared widths)
 * @throws ArgumentError when they ascend, are negative, not finite or all zero
 * Which criterion the paper uses is not known to us: reconstruction following [mao2025]; geometric widths as in [transtrum2011].
 * @example ribbonCriteria([1, 0.1, 0.01]).slope // −2.302...
 */
export function ribbonCriteria(
  eigenvalues: ArrayLike<number>,
  { trace, squareNorm, plateauLength }: CriteriaOptions = {},
): RibbonCriteria {
  const n = eigenvalues.length;
  let [sum, squares] = [0, 0];
  for (let i = 0; i < n; i++) {
    const value = eigenvalues[i];
    if (!(value >= 0 && value < Infinity)) {
      refuse('ribbonCriteria', `eigenvalues must be finite and >= 0, got eigenvalues[${i}]=${value}`);
    }
    if (i > 0 && value > eigenvalues[i - 1]) {
      refuse('ribbonCriteria', `eigenvalues must descend, got ${eigenvalues[i - 1]} before ${value} at ${i}`);
    }
    sum += value;
    // in units of the largest: squares of 1e-170 and 1e170 are none
    const share = value === 0 ? 0 : value / eigenvalues[0];
    squares += share * share;
  }
  if (!(sum > 0)) refuse('ribbonCriteria', `some eigenvalue must be > 0, got a sum of ${sum}`);
  const total = trace ?? sum;
  const largest = eigenvalues[0];
  let fitted = 0;
  while (fitted < Math.min(10, n) && eigenvalues[fitted] > 1e-12 * largest) fitted++;
  const line = straightLine(Float64Array.from({ length: fitted }, (_, i) => log(eigenvalues[i])));
  let running = 0;
  const explained = Float64Array.from({ length: Math.min(10, n) }, (_, i) => (running += eigenvalues[i]) / total);
  return {
    status: 'reconstruction',
    explained,
    participationRatio:
      squareNorm === undefined ? (total / largest) ** 2 / squares : (total / Math.sqrt(squareNorm)) ** 2,
    slope: line.slope,
    rSquared: line.rSquared,
    fitted,
    plateauRatio: plateauRatio(eigenvalues, plateauLength),
  };
}

function plateauRatio(eigenvalues: ArrayLike<number>, plateauLength: number | undefined): number {
  if (plateauLength === undefined) return NaN;
  const last = Math.max(2, Math.floor(plateauLength));
  if (!(last <= eigenvalues.length)) return NaN;
  let largest = 0;
  for (let i = 1; i < last; i++) {
    largest = Math.max(largest, eigenvalues[i - 1] > 0 ? eigenvalues[i] / eigenvalues[i - 1] : 0);
  }
  return largest;
}
