import { floatArray } from '@hyperribbon/contract';
import { exp, type FloatArray } from '@hyperribbon/kernels';
import { planGradientStep, type LabelledGradientStep, type Network } from '@hyperribbon/nn';
import { isSpherical, type PriorFamily } from '../gaussian/priorFamily.js';
import type { BoundStep } from '../descent/boundStep.js';
import { continuousGridPrice } from '../descent/continuousGridPrice.js';
import { objectives, type ObjectiveSlopes } from '../descent/objective.js';
import type { StepSetting } from '../descent/boundStepOptions.js';
import { surrogateRisk } from '../descent/surrogate.js';
import { planSubspaceKl, type SubspaceKlStep } from './subspaceKl.js';
import { subspaceDraws, type SubspaceDraws } from './subspaceDraws.js';

/**
 * As a {@link BoundStep}; what is optimised is mean (size,), ln std (k + 1,), ½ ln of the prior's scales. Noise is an array (size,) for each draw,
 * risk a mean over the draws, logits are those of the last.
 */
export type SubspaceStep = Omit<BoundStep, 'bytes' | 'bases' | 'turnedInputs'>;

export interface SubspaceStepOptions extends StepSetting {
  readonly prior: PriorFamily;
  /** (k, size), orthonormal */
  readonly directions: FloatArray;
}

/**
 * Plans one step of a subspace posterior's optimisation, with whole networks drawn.
 *
 * A draw is w = m + s_c r + Uᵀ (s − s_c) ∘ z with z = U r. With g the gradient of the surrogate risk by w: ∂/∂m = g, ∂/∂s_i = z_i (U g)_i,
 * ∂/∂s_c = g·r − Σ z_i (U g)_i. KL and price of the grids are differentiated in closed form.
 *
 * Cost: per draw one gradient of the network and three passes over the directions, which two more passes per step join where the
 * prior knows the directions
 */
export function planSubspaceStep(network: Network, options: SubspaceStepOptions): SubspaceStep {
  const { prior, directions, setting, surrogate, batch, draws = 1, dtype, deterministic } = options;
  const p = network.size;
  const k = directions.length / p;
  const spherical = isSpherical(prior);
  const riskOf = planGradientStep(network, batch, {
    risk: (logits, labels) => surrogateRisk(surrogate, logits, labels),
    dtype,
    deterministic,
  });
  const klOf = planSubspaceKl(prior, k);
  const drawn = subspaceDraws(p, directions, { draws, dtype, deterministic });
  const { noise, displacement } = drawn;
  const gradient = floatArray(dtype, p + k + 1 + prior.scales.length);
  const stdSlopes = gradient.subarray(p, p + k + 1);
  const scaleSlopes = gradient.subarray(p + k + 1);
  const coordinates = new Float64Array(k);
  const std = new Float64Array(k + 1);
  return {
    inputs: riskOf.inputs,
    labels: riskOf.labels,
    noise,
    gradient,
    flops: draws * (riskOf.flops + 6 * k * p) + (spherical ? 0 : 4 * k * p),
    kernels: riskOf.kernels,
    run(state, slopes) {
      const mean = state.subarray(0, p);
      const logStd = state.subarray(p, p + k + 1);
      const halfLogs = state.subarray(p + k + 1);
      for (let i = 0; i <= k; i++) std[i] = exp(logStd[i]);
      drawn.draw(mean, std);
      gradient.fill(0);
      const { risk, logits, across } = addRiskSlopes(riskOf, drawn, gradient);
      let squared = 0;
      for (let j = 0; j < p; j++) {
        const shift = mean[j] - prior.mean[j];
        displacement[j] = shift;
        squared += shift * shift;
      }
      drawn.project(!spherical);
      const rest = drawn.slopesAlong(across, std, stdSlopes);
      if (!spherical) drawn.coordinatesOf(coordinates);
      stdSlopes[k] = rest * std[k];

      const divergence = klOf({ logStd, halfLogs, coordinates, displacementSquared: squared });
      const price = continuousGridPrice(prior.scales, halfLogs);
      const slope = objectives[setting.objective].at(setting, risk, divergence.kl + price.nats, slopes);
      addKlSlopes(drawn, gradient, slope, divergence, spherical ? undefined : coordinates);
      for (let i = 0; i <= k; i++) {
        stdSlopes[i] = slope.risk * stdSlopes[i] + slope.complexity * divergence.logStd[i];
      }
      for (let s = 0; s < scaleSlopes.length; s++) {
        scaleSlopes[s] = slope.complexity * divergence.halfLogs[s];
        scaleSlopes[s] += price.slope(s, slope.complexity);
      }
      return { value: slope.value, risk, kl: divergence.kl, logits };
    },
  };
}

/** Adds the mean of the draws' risk gradients to that of the mean; `across` is the mean of g·r, g a draw's gradient and r its noise. */
function addRiskSlopes(
  riskOf: LabelledGradientStep,
  { rows, noise }: SubspaceDraws,
  gradient: FloatArray,
): { readonly risk: number; readonly logits: FloatArray; readonly across: number } {
  const draws = rows.length;
  let risk = 0;
  let across = 0;
  let logits = rows[0];
  for (let d = 0; d < draws; d++) {
    const found = riskOf.run(rows[d]);
    risk += found.told[0] / draws;
    logits = found.logits;
    rows[d].set(riskOf.gradient);
    const [g, r] = [rows[d], noise[d]];
    for (let j = 0; j < g.length; j++) {
      gradient[j] += g[j] / draws; // hot
      across += (g[j] * r[j]) / draws;
    }
  }
  return { risk, logits, across };
}

/**
 * From slopes of the risk by the mean to slopes of the objective: d/v_c − Uᵀ (1/v_c − 1/v_i) c times the slope by the KL is added.
 *
 * @param coordinates c of the displacement d, where the prior knows the directions: it is then changed in place
 */
function addKlSlopes(
  drawn: SubspaceDraws,
  gradient: FloatArray,
  slope: ObjectiveSlopes,
  { variances }: SubspaceKlStep,
  coordinates: Float64Array | undefined,
): void {
  const { displacement } = drawn;
  const scaled = slope.complexity / variances[variances.length - 1];
  if (coordinates === undefined) {
    for (let j = 0; j < displacement.length; j++) gradient[j] = slope.risk * gradient[j] + scaled * displacement[j];
    return;
  }
  for (let j = 0; j < displacement.length; j++) displacement[j] *= scaled;
  for (let i = 0; i < coordinates.length; i++) coordinates[i] *= scaled - slope.complexity / variances[i];
  drawn.subtractAlong(coordinates);
  for (let j = 0; j < displacement.length; j++) gradient[j] = slope.risk * gradient[j] + displacement[j];
}
