import { compile, float32, float64, full, int32, vjp } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import { exp, type Dtype, type FloatArray, type KernelInfo } from '@hyperribbon/kernels';
import { unflatten, type Network, type ParameterTensors } from '@hyperribbon/nn';
import type { BoundStepResult } from '../descent/boundStep.js';
import { addGridPriceSlopes, continuousGridPrice } from '../descent/continuousGridPrice.js';
import { directionsInMemory } from './directionsInMemory.js';
import { surrogateRisk } from '../descent/objective.js';
import { objectiveSlopes } from '../descent/objectiveSlopes.js';
import type { StepSetting } from '../descent/stepSetting.js';
import { planSubspaceKl } from './subspaceKl.js';
import { isSpherical, type SubspacePriorFamily } from './subspacePriorFamily.js';

/** What is optimised, flat: mean (size,), ln std (k + 1,), ½ ln of the prior's scales. */
export interface SubspaceStep {
  /** write here before a run: (batch, features), (batch,), and `draws` arrays of standard normal numbers (size,) */
  readonly inputs: FloatArray;
  readonly labels: Int32Array;
  readonly noise: readonly FloatArray[];
  /** like the state, after a run */
  readonly gradient: FloatArray;
  readonly flops: number;
  readonly kernels: KernelInfo;
  /** Objective, risk and KL at this state, means over the draws; logits (batch, classes) of the last draw. Allocates nothing that grows. */
  run(state: FloatArray, weights: readonly [number, number]): BoundStepResult;
}

export interface SubspaceStepOptions extends StepSetting {
  readonly prior: SubspacePriorFamily;
  /** (k, size), orthonormal */
  readonly directions: FloatArray;
  /** networks drawn per step, each for the whole batch */
  readonly draws: number;
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
  const { prior, directions, setting, surrogate, batch, draws, dtype, deterministic } = options;
  const p = network.size;
  const k = directions.length / p;
  const scales = prior.scales.length;
  const spherical = isSpherical(prior);
  const gradientOf = planRisk(network, { surrogate, batch, dtype, deterministic });
  const klOf = planSubspaceKl(prior, k);
  const make = (length: number): FloatArray =>
    dtype === 'float64' ? new Float64Array(length) : new Float32Array(length);

  // rows: weights of a draw, later its gradient; the last one is the displacement
  const rows = draws + 1;
  const room = { numbers: rows * p, doubles: 2 * k * rows };
  const { workspace, table, basis, width, view } = directionsInMemory(directions, dtype, deterministic, room);
  const block = workspace.allocate(rows * p * width);
  const row = Array.from({ length: rows }, (_, i) => view(block + i * p * width, p));
  const displacement = row[draws];
  const drawn = workspace.allocate(k * rows * 8);
  const z = workspace.float64View(drawn, k * draws);
  const projected = workspace.allocate(k * rows * 8);
  const c = workspace.float64View(projected, k * rows);

  const noise = Array.from({ length: draws }, () => make(p));
  const gradient = make(p + k + 1 + scales);
  const coordinates = new Float64Array(k);
  const std = new Float64Array(k + 1);
  const zeros = new Float64Array(k);

  /** rows ← m + s_c r + Uᵀ (s − s_c) ∘ U r; keeps z = U r */
  const draw = (mean: FloatArray): void => {
    for (let d = 0; d < draws; d++) row[d].set(noise[d]);
    table.projectionCoefficients(k, draws, p, basis, p, block, p, drawn);
    const rest = std[k];
    for (let d = 0; d < draws; d++) {
      const [w, r] = [row[d], noise[d]];
      for (let j = 0; j < p; j++) w[j] = mean[j] + rest * r[j]; // hot
    }
    for (let i = 0; i < k; i++) for (let d = 0; d < draws; d++) c[i * draws + d] = (rest - std[i]) * z[i * draws + d];
    table.subtractProjection(k, draws, p, basis, p, block, p, projected);
  };

  return {
    inputs: gradientOf.inputs,
    labels: gradientOf.labels,
    noise,
    gradient,
    flops: draws * (gradientOf.flops + 6 * k * p) + (spherical ? 0 : 4 * k * p),
    kernels: gradientOf.kernels,
    run(state, weights) {
      const mean = state.subarray(0, p);
      const logStd = state.subarray(p, p + k + 1);
      const halfLogs = state.subarray(p + k + 1, p + k + 1 + scales);
      for (let i = 0; i <= k; i++) std[i] = exp(logStd[i]);
      draw(mean);
      const stdSlopes = gradient.subarray(p, p + k + 1);
      gradient.fill(0);
      let risk = 0;
      let logits: FloatArray = displacement;
      let across = 0;
      for (let d = 0; d < draws; d++) {
        const found = gradientOf.run(row[d]);
        risk += found.risk / draws;
        logits = found.logits;
        const r = noise[d];
        const g = row[d];
        for (let j = 0; j < p; j++) {
          gradient[j] += g[j] / draws; // hot
          across += (g[j] * r[j]) / draws;
        }
      }
      let squared = 0;
      for (let j = 0; j < p; j++) {
        const shift = mean[j] - prior.mean[j];
        displacement[j] = shift;
        squared += shift * shift;
      }
      const used = spherical ? draws : rows;
      table.projectionCoefficients(k, used, p, basis, p, block, p, projected);
      const rest = std[k];
      for (let i = 0; i < k; i++) {
        let along = 0;
        for (let d = 0; d < draws; d++) along += (z[i * draws + d] * c[i * used + d]) / draws;
        across -= along;
        stdSlopes[i] = along * std[i];
        if (!spherical) coordinates[i] = c[i * used + draws];
      }
      stdSlopes[k] = across * rest;

      const divergence = klOf({
        logStd,
        halfLogs,
        coordinates: spherical ? zeros : coordinates,
        displacementSquared: squared,
      });
      const price = continuousGridPrice(prior.scales, halfLogs);
      const slope = objectiveSlopes(setting, risk, divergence.kl + price, weights);
      const { variances } = divergence;
      const scaled = slope.complexity / variances[k];
      if (!spherical) {
        // row ← d/v_c − Uᵀ (1/v_c − 1/v_i) c, all times the slope
        for (let i = 0; i < k; i++) c[i] = (scaled - slope.complexity / variances[i]) * coordinates[i];
        for (let j = 0; j < p; j++) displacement[j] *= scaled;
        table.subtractProjection(k, 1, p, basis, p, block + draws * p * width, p, projected);
        for (let j = 0; j < p; j++) gradient[j] = slope.risk * gradient[j] + displacement[j];
      } else for (let j = 0; j < p; j++) gradient[j] = slope.risk * gradient[j] + scaled * displacement[j];
      for (let i = 0; i <= k; i++) {
        stdSlopes[i] = slope.risk * stdSlopes[i] + slope.complexity * divergence.logStd[i];
      }
      const scaleSlopes = gradient.subarray(p + k + 1);
      for (let s = 0; s < scales; s++) scaleSlopes[s] = slope.complexity * divergence.halfLogs[s];
      addGridPriceSlopes(prior.scales, halfLogs, slope.complexity, scaleSlopes);
      return { value: slope.value, risk, kl: divergence.kl, logits };
    },
  };
}

interface RiskPlan {
  readonly inputs: FloatArray;
  readonly labels: Int32Array;
  readonly flops: number;
  readonly kernels: KernelInfo;
  /** Risk and logits at these weights, which its gradient then replaces. */
  run(weights: FloatArray): { readonly risk: number; readonly logits: FloatArray };
}

/** The surrogate risk of a batch and its gradient by the network's weights. */
function planRisk(
  network: Network,
  {
    surrogate,
    batch,
    dtype,
    deterministic,
  }: Pick<SubspaceStepOptions, 'surrogate' | 'batch' | 'dtype' | 'deterministic'>,
): RiskPlan {
  const spec = dtype === 'float64' ? float64 : float32;
  const parameters = Object.fromEntries(network.parameters.map(({ name, shape }) => [name, spec(...shape)]));
  // the forward pass is written twice, the planner shares it
  const step = (weights: ParameterTensors, x: Tensor, labels: Tensor) => {
    const forward = (w: ParameterTensors): Tensor => network.apply(w, x);
    const logits = forward(weights);
    const risk = (z: Tensor): Tensor => surrogateRisk(surrogate, z, labels);
    const value = risk(logits);
    const [, [cotangent]] = vjp(risk)([logits], full([], 1, value.dtype as Dtype));
    const [, [gradient]] = vjp(forward)([weights], cotangent);
    return { risk: value, logits, gradient };
  };
  const planned = compile(step, [parameters, spec(batch, network.inputs), int32(batch)], { deterministic });
  const FloatArrays = dtype === 'float64' ? Float64Array : Float32Array;
  const inputs = new FloatArrays(batch * network.inputs);
  const labels = new Int32Array(batch);
  return {
    inputs,
    labels,
    flops: planned.plan.flops,
    kernels: planned.kernels,
    run(weights) {
      const views = unflatten(network, weights);
      const result = planned(views as never, inputs, labels);
      const found = result.gradient as unknown as Readonly<Record<string, FloatArray>>;
      for (const { name } of network.parameters) views[name].set(found[name]);
      return { risk: (result.risk as FloatArray)[0], logits: result.logits as FloatArray };
    },
  };
}
