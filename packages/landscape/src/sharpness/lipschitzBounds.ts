import {
  refuse,
  requireFiniteEntries,
  requireInteger,
  requireNoOthers,
  requirePositive,
  requireSeed,
  throwIfAborted,
} from '@hyperribbon/contract';
import { exp, type FloatArray, log } from '@hyperribbon/kernels';
import { type AnyExamples, type Network, requireAnyExamples, requireWeights } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { euclideanNorm } from '../inputs/euclideanNorm.js';
import { exampleJacobians, spectralNorm } from './exampleJacobians.js';
import type { LipschitzBounds } from './sharpnessTypes.js';

export interface LipschitzBoundsOptions {
  /** of the balls around the examples, above 0; `coveringRadius` gives one under which they cover the support */
  readonly radius: number;
  /** (m, features) where the variation is looked at; default: `probes` points drawn uniformly from each ball */
  readonly points?: FloatArray;
  /** at least 1, default 4 */
  readonly probes?: number;
  /** of the draws, default 0 */
  readonly seed?: number;
  /** true: the same bits in every runtime. Default false */
  readonly deterministic?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * The Lipschitz constant of a network on a convex set Q that balls B_i around the examples cover:
 *
 *     max_i ‖J f(x_i)‖ ≤ Lip(f | Q) ≤ max_i (‖J f(x_i)‖ + V_i),   V_i = sup_{x in B_i} ‖J f(x) − J f(x_i)‖
 *
 * The supremum is taken over points, so that `upper` is no certificate: a steeper place between the points is not seen. The lower half needs a Q with interior.
 *
 * A reconstruction of the form that is known of the source; there the local variation is never measured.
 *
 * @param params flat weights (size,)
 * @param examples whose answers are not looked at
 * @returns with `standing: 'reconstructed'`
 * @throws ArgumentError for options and points that do not fit; AbortError once `signal` is aborted
 * Cost: `outputs` products for all examples and points; a singular value for each pair within the radius
 * @example
 * const net = mlp([1, 3, 1], { activation: 'tanh' });
 * const examples = { inputs: Float64Array.of(0.2, 0.8), targets: Float64Array.of(0, 1), count: 2, features: 1, outputs: 1 };
 * const { lower, upper } = await lipschitzBounds(net, net.init(1), examples, { radius: 0.3, points: Float64Array.of(0, 0.5, 1) });
 * Source: [macdonald2023]
 */
export async function lipschitzBounds(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  { radius, points, probes, seed = 0, deterministic = false, signal, ...others }: LipschitzBoundsOptions,
): Promise<LipschitzBounds> {
  const caller = 'lipschitzBounds';
  requireNoOthers(caller, others, 'LipschitzBoundsOptions');
  requireWeights(caller, 'params', network, params, 'float64');
  requireAnyExamples(caller, network, examples, 'float64', 'any');
  requirePositive(caller, 'radius', radius);
  requireSeed(caller, seed);
  if (probes !== undefined) requireInteger(caller, 'probes', probes, 1);
  if (points !== undefined && probes !== undefined)
    refuse(caller, 'probes are drawn where no points are given; leave one of the two out');
  const { features, count } = examples;
  if (points !== undefined) {
    if (points.length === 0 || points.length % features !== 0)
      refuse(caller, `points must hold rows of ${features} numbers, got ${points.length} numbers`);
    requireFiniteEntries(caller, 'points', points);
  }
  const looked = points ?? pointsInBalls(examples, radius, probes ?? 4, seed);
  const own = exampleJacobians(network, params, examples.inputs, { deterministic });
  throwIfAborted(caller, signal);
  const there = exampleJacobians(network, params, looked, { deterministic });
  throwIfAborted(caller, signal);
  const normOf = (all: Float64Array, i: number): number => {
    const length = network.classes * features;
    return spectralNorm(all.slice(i * length, (i + 1) * length), network.classes, features, deterministic);
  };
  const norms = Float64Array.from({ length: count }, (_, i) => normOf(own, i));
  const m = looked.length / features;
  const atPoints = Float64Array.from({ length: m }, (_, p) => normOf(there, p)).reduce((a, b) => Math.max(a, b), 0);
  const { variation, uncovered } = variations(examples, looked, { own, there, radius, deterministic });
  return {
    lower: norms.reduce((a, b) => Math.max(a, b), 0),
    upper: norms.reduce((most, norm, i) => Math.max(most, norm + variation[i]), 0),
    atPoints,
    variation,
    radius,
    points: m,
    uncovered,
    standing: 'reconstructed',
    source: 'macdonald2023',
    assumptions: [
      'the balls cover a convex set with interior',
      `Jacobians vary no more within a ball than at the ${m} points that were looked at`,
    ],
  };
}

/** V_i of every example over the points in its ball, from the Jacobians of both */
function variations(
  { inputs, features, count }: AnyExamples,
  points: FloatArray,
  {
    own,
    there,
    radius,
    deterministic,
  }: {
    readonly own: Float64Array;
    readonly there: Float64Array;
    readonly radius: number;
    readonly deterministic: boolean;
  },
): { readonly variation: Float64Array; readonly uncovered: number } {
  const length = own.length / count;
  const variation = new Float64Array(count);
  const [between, apart] = [new Float64Array(features), new Float64Array(length)];
  let uncovered = 0;
  for (let p = 0; p < points.length / features; p++) {
    let inside = false;
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < features; j++) between[j] = points[p * features + j] - inputs[i * features + j];
      if (!(euclideanNorm(between) <= radius)) continue;
      inside = true;
      for (let j = 0; j < length; j++) apart[j] = there[p * length + j] - own[i * length + j];
      variation[i] = Math.max(variation[i], spectralNorm(apart, length / features, features, deterministic));
    }
    if (!inside) uncovered++;
  }
  return { variation, uncovered };
}

/** (count · probes, features) uniform in each ball: direction of a Gaussian, length r u^{1/d} */
function pointsInBalls(
  { inputs, features, count }: AnyExamples,
  radius: number,
  probes: number,
  seed: number,
): Float64Array {
  const points = new Float64Array(count * probes * features);
  const rounding = 1 - 4 * Number.EPSILON * Math.sqrt(features);
  for (let i = 0; i < count; i++) {
    const draws = stream({ seed, purpose: 'ball-points', index: i });
    for (let probe = 0; probe < probes; probe++) {
      const direction = draws.normal(new Float64Array(features));
      const [u] = draws.uniform(new Float64Array(1));
      const length = (rounding * radius * (u === 0 ? 0 : exp(log(u) / features))) / euclideanNorm(direction);
      for (let j = 0; j < features; j++)
        points[(i * probes + probe) * features + j] = inputs[i * features + j] + length * direction[j];
    }
  }
  return points;
}
