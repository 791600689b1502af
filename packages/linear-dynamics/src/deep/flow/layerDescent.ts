import { refuse, requireInteger, requirePositive } from '@hyperribbon/contract';
import type { DescentReason } from '@hyperribbon/contract/reasons';
import { balanceDrift } from '../balance.js';
import { chainField } from './chainField.js';
import type { DeepLinearNet } from '../deepLinearNet.js';
import { flatDecays, joined, unflatten } from './flatWeights.js';
import { type GradientFlowOptions, requireFits } from './gradientFlow.js';

/** What plain descent of all layers is told. */
export interface LayerDescentOptions extends Pick<GradientFlowOptions, 'loss' | 'weightDecay'> {
  /** η > 0 in W_j ← W_j − η dL/dW_j */
  readonly learningRate: number;
  readonly steps: number;
  /** steps at which to record, ascending integers in [0, steps] (default: first and last) */
  readonly record?: readonly number[];
}

/** Networks and losses at the recorded steps, and how the descent ended. */
export interface LayerDescentReport {
  readonly steps: Float64Array;
  readonly losses: Float64Array;
  readonly states: readonly DeepLinearNet[];
  /** max |B_j − B_j(0)| of the last record: O(η) per unit of time, against 0 for the flow */
  readonly balanceDrift: number;
  /** false when a loss is not finite */
  readonly converged: boolean;
  readonly reason: DescentReason;
}

/**
 * Plain gradient descent of all layers at once: what gradientFlow is the limit of, η steps being η units of its time.
 *
 * From a start whose flow ends at a saddle it leaves that saddle late, by rounding, and cannot tell: see the roundingShares of gradientFlow.
 * @param net initial weights
 * @returns loss and network at the recorded steps; `diverged` when a loss is no longer finite (halve learningRate)
 * @throws ArgumentError when net and loss do not fit, or an option is out of range
 * Cost: one gradient a step. Textbook.
 * @example layerDescent(deepLinearNet([1, 1], [[0]]), { loss: squareLoss({ inputs: 1, outputs: 1, inputOutput: [3] }), learningRate: 0.5, steps: 1 }).losses // [4.5, 1.125]
 */
export function layerDescent(net: DeepLinearNet, options: LayerDescentOptions): LayerDescentReport {
  const where = 'layerDescent';
  const { loss, learningRate, steps, weightDecay = 0, record = [0, steps] } = options;
  requireFits(where, net, loss);
  requirePositive(where, 'learningRate', learningRate);
  requireInteger(where, 'steps', steps, 0);
  record.forEach((at, i) => {
    requireInteger(where, `record[${i}]`, at, 0);
    if (at > steps || (i > 0 && at < record[i - 1]!)) {
      refuse(where, `record must ascend within [0, ${steps}], got record[${i}]=${at}`);
    }
  });
  const { perWeight } = flatDecays(where, net, weightDecay);
  const chain = chainField(net.widths, loss);
  const flat = joined(net.weights);
  const slope = new Float64Array(flat.length);
  const losses: number[] = [];
  const states: DeepLinearNet[] = [];
  let next = 0;
  for (let step = 0; step <= steps; step++) {
    chain.gradient(flat, slope);
    for (; next < record.length && record[next] === step; next++) {
      losses.push(loss.value(chain.map.slice()));
      states.push(unflatten(net.widths, flat));
    }
    if (step === steps) break;
    for (let i = 0; i < flat.length; i++) flat[i]! -= learningRate * (slope[i]! + perWeight[i]! * flat[i]!);
  }
  const converged = losses.every(Number.isFinite);
  return {
    steps: Float64Array.from(record),
    losses: Float64Array.from(losses),
    states,
    balanceDrift: converged && states.length > 0 ? balanceDrift(states[states.length - 1]!, net) : NaN,
    converged,
    reason: converged ? 'done' : 'diverged',
  };
}
