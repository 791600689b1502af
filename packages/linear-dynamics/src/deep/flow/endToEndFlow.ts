import { requireNonNegative } from '@hyperribbon/contract';
import { joined } from './flatWeights.js';
import { endToEndPreconditioner, endToEndVelocity, requireShape } from './endToEndPreconditioner.js';
import { type FlowOptions, resolveFlow } from './flowOptions.js';
import { integrateGauss, type IntegrationReport } from './integrateGauss.js';
import type { GradientFlowOptions, GradientFlowReport } from './gradientFlow.js';

export interface EndToEndFlowOptions extends FlowOptions, Pick<GradientFlowOptions, 'loss'> {
  /** N, number of weight matrices of the balanced network */
  readonly depth: number;
  /** λ of ½ λ Σ ‖W_j‖²: adds −N λ W (default 0) */
  readonly weightDecay?: number;
}

export type EndToEndFlowReport = IntegrationReport & Pick<GradientFlowReport, 'endToEnd' | 'losses'>;

/**
 * The flow of the map alone, without factors: τ dW/dt = −Σ_j (W Wᵀ)^{(j−1)/N} G (Wᵀ W)^{(N−j)/N} − N λ W.
 *
 * Exact for a balanced network; for unbalanced weights only an approximation, so look at balanceMatrices first.
 * @param map W_0, (outputs, inputs) row-major
 * @throws ArgumentError when shapes do not fit
 * Cost: one full singular value decomposition per evaluation: (outputs + inputs)³ flops, whatever the hidden widths.
 * Source: [arora2018], from memory, checked numerically against the flow of the factors.
 * @example endToEndFlow([0], { loss: squareLoss({ inputs: 1, outputs: 1, inputOutput: [3] }), depth: 1, times: [40] }).endToEnd // [3.0000...]
 */
export function endToEndFlow(map: ArrayLike<number>, options: EndToEndFlowOptions): EndToEndFlowReport {
  const where = 'endToEndFlow';
  const { loss, depth, weightDecay = 0 } = options;
  const shape = { inputs: loss.inputs, outputs: loss.outputs, depth };
  requireShape(where, map, shape);
  requireNonNegative(where, 'weightDecay', weightDecay);
  const flow = resolveFlow(where, options);
  const gradient = new Float64Array(map.length);
  const field = (w: Float64Array, out: Float64Array): void => {
    loss.gradient(w, gradient);
    const velocity = endToEndVelocity(endToEndPreconditioner(w, shape), gradient);
    for (let i = 0; i < out.length; i++) out[i] = (velocity[i]! - depth * weightDecay * w[i]!) / flow.learningTime;
  };
  const { report, states } = integrateGauss(field, Float64Array.from(map), flow);
  return { ...report, endToEnd: joined(states), losses: Float64Array.from(states, (w) => loss.value(w)) };
}
