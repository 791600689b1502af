import { refuse, requireNoOthers } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import {
  type AnyExamples,
  isTargeted,
  logits,
  type Network,
  requireAnyExamples,
  requireWeights,
} from '@hyperribbon/nn';
import { euclideanNorm } from '../inputs/euclideanNorm.js';
import type { SlopeBound } from './sharpnessTypes.js';

export interface SlopeBoundOptions {
  /** true: the same bits in every runtime. Default false */
  readonly deterministic?: boolean;
}

/**
 * The slope that a network must have somewhere, for what it fits: with e_i = ‖f(x_i) − y_i‖, for all i ≠ j,
 *
 *     max_k (‖J f(x_k)‖ + V_k) ≥ (‖y_i − y_j‖ − e_i − e_j) / ‖x_i − x_j‖
 *
 * where balls of variations V_k cover the segment between the two. The right side grows as the errors fall: training that lowers the loss forces the Jacobian up. It is a
 * necessity and no dynamics. From the mean loss l of half squares alone, e_i + e_j ≤ 2 √(N l): positive once l < ‖y_i − y_j‖² / (4 N). Labels smoothed by α scale what is
 * demanded by 1 − α.
 *
 * A reconstruction of the source's lower bound, which is known to tighten as the loss falls; the factor 2 √(N l) is derived here.
 *
 * @param params flat weights (size,)
 * @param examples labels stand for unit vectors
 * @returns with `standing: 'reconstructed'`; values ≤ 0 say nothing
 * @throws ArgumentError for weights and examples that do not fit, among them examples with weights
 * Cost: one pass, and N² (features + outputs) flops
 * @example
 * const net = mlp([1, 3, 1], { activation: 'tanh' });
 * const examples = { inputs: Float64Array.of(0.2, 0.8), targets: Float64Array.of(0, 1), count: 2, features: 1, outputs: 1 };
 * const { value, vacuous } = slopeBound(net, net.init(1), examples);
 * Source: [macdonald2023]
 */
export function slopeBound(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  { deterministic = false, ...others }: SlopeBoundOptions = {},
): SlopeBound {
  const caller = 'slopeBound';
  requireNoOthers(caller, others, 'SlopeBoundOptions');
  requireWeights(caller, 'params', network, params, 'float64');
  requireAnyExamples(caller, network, examples, 'float64', 'any');
  if (examples.weights !== undefined) refuse(caller, 'examples must not have weights: all of them count the same');
  const { count, features, inputs } = examples;
  const k = network.classes;
  const outputs = logits(network, params, examples, { dtype: 'float64', deterministic });
  const targets = targetsOf(examples, k);
  const errors = new Float64Array(count);
  const [dy, dx] = [new Float64Array(k), new Float64Array(features)];
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < k; c++) dy[c] = outputs[i * k + c] - targets[i * k + c];
    errors[i] = euclideanNorm(dy);
  }
  const all = euclideanNorm(errors);
  // 2 √(N l) with l = all² / (2 N)
  const fromAll = Math.SQRT2 * all;
  let [value, fromLoss, furthest, repeated] = [-Infinity, -Infinity, 0, 0];
  let pair: readonly [number, number] | undefined;
  for (let i = 0; i < count; i++)
    for (let j = 0; j < i; j++) {
      for (let d = 0; d < features; d++) dx[d] = inputs[i * features + d] - inputs[j * features + d];
      const distance = euclideanNorm(dx);
      if (distance === 0) {
        repeated++;
        continue;
      }
      for (let c = 0; c < k; c++) dy[c] = targets[i * k + c] - targets[j * k + c];
      const apart = euclideanNorm(dy);
      const slope = (apart - errors[i] - errors[j]) / distance;
      if (!(slope <= value)) {
        value = slope;
        pair = [j, i];
      }
      fromLoss = Math.max(fromLoss, (apart - fromAll) / distance);
      furthest = Math.max(furthest, apart);
    }
  return {
    value,
    ...(pair && { pair }),
    vacuous: !(value > 0),
    fromLoss,
    loss: (all * all) / (2 * count),
    positiveBelow: (furthest * furthest) / (4 * count),
    repeated,
    standing: 'reconstructed',
    source: 'macdonald2023',
    assumptions: ['balls around the examples cover the segment between the two'],
  };
}

/** (count, k) targets, labels as unit vectors */
function targetsOf(examples: AnyExamples, k: number): FloatArray {
  if (isTargeted(examples)) return examples.targets;
  const targets = new Float64Array(examples.count * k);
  for (let i = 0; i < examples.count; i++) targets[i * k + examples.labels[i]] = 1;
  return targets;
}
