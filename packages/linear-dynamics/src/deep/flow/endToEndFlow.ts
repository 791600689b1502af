import { refuse, requireInteger, requireNonNegative } from '@hyperribbon/contract';
import { maxAbs } from '../dense.js';
import { joined } from './flatWeights.js';
import { type EndToEndShape, heldPreconditioner, mapOf, requireShape, velocityOf } from './endToEndPreconditioner.js';
import { type FlowOptions, resolveFlow } from './flowOptions.js';
import { integrateGauss, type WatchedReport } from './integrateGauss.js';
import type { GradientFlowOptions, GradientFlowReport } from './gradientFlow.js';
import { differenceSlope, type Slope } from './roundingGrowth.js';

const EPS = 2.220446049250313e-16;
/** what a rank that was asked for may leave away of the start, relative to its largest singular value */
const SLACK = 1e-8;

/** What an integration of the map alone is told. */
export interface EndToEndFlowOptions extends FlowOptions, Pick<GradientFlowOptions, 'loss'> {
  /** N, number of weight matrices of the balanced network */
  readonly depth: number;
  /** smallest width of the network, where it is a bottleneck: the map has no higher rank (default min(inputs, outputs)) */
  readonly rank?: number;
  /** λ of ½ λ Σ ‖W_j‖²: adds −N λ W (default 0) */
  readonly weightDecay?: number;
}

/** The map at each time, its losses, and how the integration went. */
export interface EndToEndFlowReport extends WatchedReport, Pick<GradientFlowReport, 'endToEnd' | 'losses'> {
  /** rank of the map: that of the start, at all times, for depth > 1; min(inputs, outputs) for depth 1, which keeps none */
  readonly rank: number;
}

/**
 * The flow of the map alone, without factors: τ dW/dt = −Σ_j (W Wᵀ)^{(j−1)/N} G (Wᵀ W)^{(N−j)/N} − N λ W.
 *
 * Exact for a balanced network; for unbalanced weights only an approximation, so look at balanceMatrices first. A network of depth > 1
 * keeps the rank of its map: singular values that are 0 at the start (below N·max(inputs, outputs)·eps of the largest, what the
 * product of N matrices rounds to) are held at 0, or the flow would leave the saddle that a rank-deficient start leads to by rounding.
 * @param map W_0, (outputs, inputs) row-major
 * @throws ArgumentError when shapes do not fit, or the map has a higher rank than the one given
 * Cost: one full singular value decomposition per evaluation: (outputs + inputs)³ flops, whatever the hidden widths.
 * Source: [arora2018], from memory, checked numerically against the flow of the factors.
 * @example endToEndFlow([0], { loss: squareLoss({ inputs: 1, outputs: 1, inputOutput: [3] }), depth: 1, times: [40] }).endToEnd // [3.0000...]
 */
export function endToEndFlow(map: ArrayLike<number>, options: EndToEndFlowOptions): EndToEndFlowReport {
  const where = 'endToEndFlow';
  const { loss, depth, weightDecay = 0 } = options;
  const { inputs, outputs } = loss;
  const shape = { inputs, outputs, depth };
  requireShape(where, map, shape);
  requireNonNegative(where, 'weightDecay', weightDecay);
  const flow = resolveFlow(where, options, 'lambdaBalancedFlow, or a later time');
  const rank = heldRank(where, map, shape, options.rank);
  const full = rank === Math.min(inputs, outputs);
  const gradient = new Float64Array(map.length);
  /** the velocity at w with all singular values from `held` on taken as 0 */
  const move = (w: Float64Array, held: number, out: Float64Array): void => {
    const p = heldPreconditioner(w, shape, held);
    const on = full ? w : mapOf(p);
    loss.gradient(on, gradient);
    const velocity = velocityOf(p, gradient);
    for (let i = 0; i < out.length; i++) out[i] = (velocity[i]! - depth * weightDecay * on[i]!) / flow.learningTime;
  };
  const held = (w: Float64Array): Float64Array => (full ? w : mapOf(heldPreconditioner(w, shape, rank)));
  const start = held(Float64Array.from(map));
  const slope: Slope = (w, f0, direction, out) => {
    // within the singular values that are not 0 here: beyond the smallest the field has a kink
    const { singularValues } = heldPreconditioner(w, shape, rank);
    const here = countAbove(singularValues, 0);
    const reach = depth === 1 ? undefined : Math.min(1e-7 * maxAbs(w), (singularValues[here - 1] ?? 0) / 10);
    differenceSlope((at, to) => move(at, depth === 1 ? rank : here, to), w.length, reach)(w, f0, direction, out);
  };
  const { report, states } = integrateGauss((w, out) => move(w, rank, out), start, flow, slope);
  const maps = states.map(held);
  return { ...report, rank, endToEnd: joined(maps), losses: Float64Array.from(maps, (w) => loss.value(w)) };
}

/** The rank that the flow keeps. @throws ArgumentError when the map has a higher one than was given */
function heldRank(where: string, map: ArrayLike<number>, shape: EndToEndShape, given: number | undefined): number {
  const { inputs, outputs, depth } = shape;
  const least = Math.min(inputs, outputs);
  if (given !== undefined) requireInteger(where, 'rank', given, 1);
  const most = Math.min(given ?? least, least);
  if (depth === 1) {
    if (most < least) refuse(where, `rank must be left out for depth 1, which has no bottleneck, got ${given}`);
    return least;
  }
  const { singularValues } = heldPreconditioner(map, shape, least);
  const first = singularValues[0]!;
  if (most < least && singularValues[most]! > SLACK * first) {
    const rank = countAbove(singularValues, SLACK * first);
    refuse(where, `map must have rank <= ${most}, got rank ${rank}; no network with such a bottleneck computes it`);
  }
  return Math.min(most, countAbove(singularValues, depth * Math.max(inputs, outputs) * EPS * first));
}

function countAbove(values: Float64Array, floor: number): number {
  return values.filter((value) => value > floor).length;
}
