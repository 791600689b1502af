import { exp, log } from '@hyperribbon/kernels';
import { directionTensors, directionVariances, type PriorFamily } from '../gaussian/priorFamily.js';

/** What the KL of subspace Gaussians depends on, at a step of the optimisation. */
export interface SubspaceKlPoint {
  /** (k + 1,) ln of the posterior's deviations, the last one in all other directions */
  readonly logStd: ArrayLike<number>;
  /** ½ ln of the prior's scales */
  readonly halfLogs: ArrayLike<number>;
  /** (k,) coordinates of the displacement along the directions; not read for a spherical prior */
  readonly coordinates: ArrayLike<number>;
  /** |d|² */
  readonly displacementSquared: number;
}

export interface SubspaceKlStep {
  /** nats */
  readonly kl: number;
  /** ∂KL by ln of the deviations (k + 1,) and by ½ ln of the scales; valid until the next call */
  readonly logStd: Float64Array;
  readonly halfLogs: Float64Array;
  /** prior variances (k + 1,): ∂KL/∂mean is the displacement's coordinates divided by them */
  readonly variances: Float64Array;
}

/**
 * KL of two Gaussians with the same exactly orthonormal directions, with its derivatives: what the optimisation follows. Certificates
 * take `subspaceGaussianKl`, which pays for directions that are rounded.
 *
 *     KL = ½ Σ_{i≤k} [(q_i + c_i²)/v_i − ln(q_i/v_i) − 1] + ½ [((p−k) q_c + |d|² − |c|²)/v_c − (p−k)(ln(q_c/v_c) + 1)]
 *
 * [yang2022, released scripts], with v_i = λ_along + λ_shaped pattern_i and v_c = λ_others.
 */
export function planSubspaceKl(prior: PriorFamily, k: number): (point: SubspaceKlPoint) => SubspaceKlStep {
  const { network, scales } = prior;
  const tensors = directionTensors('planSubspaceStep', prior, k);
  const { along, pattern, others } = tensors;
  const shape = along.shaped?.scale ?? along.flat;
  const rest = network.size - k;
  const slopes = { logStd: new Float64Array(k + 1), halfLogs: new Float64Array(scales.length) };
  const variances = new Float64Array(k + 1);
  const lambda = new Float64Array(scales.length);
  return ({ logStd, halfLogs, coordinates, displacementSquared }) => {
    for (let s = 0; s < lambda.length; s++) lambda[s] = exp(2 * halfLogs[s]);
    directionVariances(tensors, lambda, variances);
    slopes.halfLogs.fill(0);
    let total = 0;
    let inside = 0;
    for (let i = 0; i < k; i++) {
      const v = variances[i];
      const q = exp(2 * logStd[i]);
      const c = coordinates[i];
      inside += c * c;
      const ratio = q / v;
      const second = (q + c * c) / v;
      total += second - 1 + log(v) - 2 * logStd[i];
      slopes.logStd[i] = ratio - 1;
      // ∂/∂v = ½ (1 − second)/v, and dλ = 2λ d(½ ln λ)
      const slope = (1 - second) / v;
      slopes.halfLogs[along.flat] += slope * lambda[along.flat];
      if (pattern !== undefined) slopes.halfLogs[shape] += slope * lambda[shape] * pattern[i];
    }
    const v = variances[k];
    const ratio = exp(2 * logStd[k]) / v;
    const outside = Math.max(0, displacementSquared - inside) / v;
    total += rest * (ratio - 1 + log(v) - 2 * logStd[k]) + outside;
    slopes.logStd[k] = rest * (ratio - 1);
    slopes.halfLogs[others.flat] += rest * (1 - ratio) - outside;
    return { kl: total / 2, ...slopes, variances };
  };
}
