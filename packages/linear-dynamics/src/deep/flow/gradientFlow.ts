import { refuse } from '@hyperribbon/contract';
import { exp } from '@hyperribbon/kernels';
import { balanceMatrices, driftFrom } from '../balance.js';
import { chainField } from './chainField.js';
import { requireNet, ends, type DeepLinearNet } from '../deepLinearNet.js';
import { maxAbs } from '../dense.js';
import { flatDecays, joined, unflatten } from './flatWeights.js';
import { type FlowOptions, resolveFlow } from './flowOptions.js';
import { integrateGauss, type WatchedReport } from './integrateGauss.js';
import type { LinearLoss } from './losses.js';
import { differenceSlope } from './roundingGrowth.js';

/** What an integration of all layers is told. */
export interface GradientFlowOptions extends FlowOptions {
  readonly loss: LinearLoss;
  /** adds ½ weightDecay ‖W_j‖_F² to the loss; one number for all layers or one per layer (default 0) */
  readonly weightDecay?: number | readonly number[];
}

/** The network at each time with its losses, and the evidence that the flow was followed. */
export interface GradientFlowReport extends WatchedReport {
  /** the network at each of the times */
  readonly states: readonly DeepLinearNet[];
  /** W_N ... W_1 at each time, (m, outputs, inputs) row-major */
  readonly endToEnd: Float64Array;
  /** loss at each time without the decay term, (m,) */
  readonly losses: Float64Array;
  /** max |dL/dW_j| at each time, decay term included, (m,) */
  readonly gradientNorms: Float64Array;
  /**
   * max |B_j(t) − B_j(0)| over layers, entries and times: evidence that no step left the manifold of the flow, but not that it went the
   * right way on it. Beside a saddle all ways out conserve B_j: see `roundingShares`. With one weight decay for all layers the reference
   * is B_j(0) e^(−2 decay t/τ), which is what the flow obeys; null when layers decay differently, where nothing is conserved.
   */
  readonly balanceDrift: number | null;
}

/**
 * Gradient flow of a deep linear network, τ dW_j/dt = −(W_N ... W_{j+1})ᵀ G (W_{j−1} ... W_1)ᵀ, G = dL/dW.
 *
 * Integrated by a Gauss method of order 8 that conserves B_j = W_{j+1}ᵀ W_{j+1} − W_j W_jᵀ by its structure, at any tolerance: the
 * drift is rounding, 4e-16 over 48 steps of a 5-6-6-4 network, where 800 steps of the classical Runge-Kutta method drift by 5e-8.
 * A start from which the exact flow ends at a saddle (rank-deficient layers, opposite determinants) leaves it by rounding in any
 * simulation: this one says so (`roundingShares`, reason 'chosen-by-rounding'). lambdaBalancedFlow and endToEndFlow stay.
 * @param net initial weights
 * @returns states, losses and the drift of what must not change; `converged: false` with a reason when it had to stop early
 * @throws ArgumentError when net and loss do not fit, or an option is out of range
 * Cost: 30 to 70 gradients per step, each 6 h_0 Σ h_j h_{j−1} flops plus that of the loss; the step follows 1/curvature.
 * Source: flow and invariants [arora2018], from memory, checked numerically; the method [cooper1987], [hairer2006].
 * @example
 * const loss = squareLoss({ inputs: 1, outputs: 1, inputOutput: [3] });
 * gradientFlow(deepLinearNet([1, 1, 1], [[0.1], [0.1]]), { loss, times: [10] }).endToEnd // Float64Array [3.000...]
 */
export function gradientFlow(net: DeepLinearNet, options: GradientFlowOptions): GradientFlowReport {
  const where = 'gradientFlow';
  const { loss, weightDecay = 0 } = options;
  requireFits(where, net, loss);
  const flow = resolveFlow(where, options, 'lambdaBalancedFlow, or a later time');
  const { perWeight, common } = flatDecays(where, net, weightDecay);
  const chain = chainField(net.widths, loss);
  const gradient = (flat: Float64Array, out: Float64Array): void => {
    chain.gradient(flat, out);
    for (let i = 0; i < out.length; i++) out[i]! += perWeight[i]! * flat[i]!;
  };
  const field = (y: Float64Array, out: Float64Array): void => {
    gradient(y, out);
    for (let i = 0; i < out.length; i++) out[i] = -out[i]! / flow.learningTime;
  };
  const { report, states: flat } = integrateGauss(field, joined(net.weights), flow, differenceSlope(field, chain.size));
  const states = flat.map((y) => unflatten(net.widths, y));
  const scratch = new Float64Array(chain.size);
  const seen = flat.map((y) => {
    gradient(y, scratch);
    return { map: chain.map.slice(), gradientNorm: maxAbs(scratch) };
  });
  const drifts = (decay: number): number[] => {
    const start = balanceMatrices(net);
    const kept = report.times.map((t) => exp((-2 * decay * t) / flow.learningTime));
    return states.map((state, i) => driftFrom(start, state, kept[i]!));
  };
  return {
    ...report,
    states,
    endToEnd: joined(seen.map(({ map }) => map)),
    losses: Float64Array.from(seen, ({ map }) => loss.value(map)),
    gradientNorms: Float64Array.from(seen, ({ gradientNorm }) => gradientNorm),
    balanceDrift: common === undefined ? null : Math.max(0, ...drifts(common)),
  };
}

export function requireFits(where: string, net: DeepLinearNet, loss: LinearLoss): void {
  requireNet(where, net);
  const { inputs, outputs } = ends(net);
  if (loss.inputs !== inputs || loss.outputs !== outputs) {
    refuse(
      where,
      `loss is of maps (${loss.outputs}, ${loss.inputs}), but net is (${outputs}, ${inputs}); make both for the same data`,
    );
  }
}
