import { requireInteger, requireWithin } from '@hyperribbon/contract';
import { exp, log } from '@hyperribbon/kernels';
import { resolveDescent, type Descent } from './descent.js';
import { decayAt } from './iterate.js';
import { vectorOf } from '../vectors.js';

/** The descent and the target whose covariance is looked at. */
export interface DisplacementOptions extends Omit<Descent, 'dynamics'> {
  /** (d,) target b in the eigenbasis; with any λ^(p/2) already in */
  readonly target: ArrayLike<number>;
}

/** K = b bᵀ ∘ G, the uncentred target part, seen through the two equations it solves. */
export interface Displacement {
  readonly status: 'reconstruction';
  /** (d,) aᵢ = 1 − η λᵢ: K − A K A = (b bᵀ − s sᵀ)/T */
  readonly decay: Float64Array;
  /** (d,) s = aᵀ b (the power T) */
  readonly last: Float64Array;
  /** (d,) ψᵢ = (1 − aᵢ)/(1 + aᵢ): Ψ K + K Ψ = (q qᵀ − r rᵀ)/(2 T) */
  readonly cayley: Float64Array;
  /** (d,) q = (1 + ψ) b and r = aᵀ q (the power T) */
  readonly first: Float64Array;
  readonly second: Float64Array;
  /** ψ_max/ψ_min; Infinity when an eigenvalue is 0 */
  readonly condition: number;
}

/**
 * The displacement structure of the target part: two equations with right sides of rank 2, in diagonal A and Ψ.
 *
 * K is the reachability Gramian of the system (A, b) cut off after T steps; rank-2 displacement is why its eigenvalues must fall (zolotarevBound).
 * @throws ArgumentError for numbers that do not fit, UnstableStepError
 * Reconstruction following [mao2025]. Cost: d powers.
 * @example displacement({ eigenvalues: [1, 0.5], learningRate: 1, steps: 2, target: [3, 4] }).decay // [0, 0.5]
 */
export function displacement({ target, ...descent }: DisplacementOptions): Displacement {
  const checked = resolveDescent('displacement', descent);
  const b = vectorOf('displacement', 'target', target, checked.eigenvalues.length);
  const { remaining } = decayAt(checked, checked.steps);
  const x = checked.eigenvalues.map((value) => value * checked.learningRate);
  const cayley = x.map((value) => value / (2 - value));
  const first = b.map((value, i) => (1 + cayley[i]) * value);
  return {
    status: 'reconstruction',
    decay: x.map((value) => 1 - value),
    last: b.map((value, i) => remaining[i] * value),
    cayley,
    first,
    second: first.map((value, i) => remaining[i] * value),
    condition: cayley.reduce((a, c) => Math.max(a, c), 0) / cayley.reduce((a, c) => Math.min(a, c), Infinity),
  };
}

/**
 * Bound on the eigenvalues of the target part, centred or not: σ₁₊₂ₖ ≤ 4 e^(−k π²/ln(4κ)) σ₁, κ = ψ_max/ψ_min.
 *
 * Holds for any target and any weighting of rows, since those change only b. It bounds; it does not predict (loose by 7 at k = 1, by thousands at k = 4).
 * @param condition κ ≥ 1
 * @param k ≥ 0
 * @returns σ₁₊₂ₖ/σ₁ at most; ≤ 1
 * @throws ArgumentError for κ < 1 or k that is not an integer ≥ 0
 * Source: [beckermann2019] for displacement rank 2; applied to trajectories here (reconstruction following [mao2025]).
 * @example zolotarevBound(1, 1) // 0.0033...
 */
export function zolotarevBound(condition: number, k: number): number {
  requireWithin('zolotarevBound', 'condition', condition, 1, Infinity);
  requireInteger('zolotarevBound', 'k', k, 0);
  return Math.min(1, 4 * exp((-k * 9.869604401089358) / log(4 * condition)));
}
