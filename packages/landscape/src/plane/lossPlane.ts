import {
  floatArray,
  type OnProgress,
  refuse,
  requireInteger,
  requireLength,
  requireNoOthers,
  requireOneOf,
  throwIfAborted,
} from '@hyperribbon/contract';
import { constant } from '@hyperribbon/autodiff';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import {
  type AnyExamples,
  bufferValues,
  createEvaluator,
  type ParameterTensors,
  type LossData,
  lossFromData,
  type Network,
  requireWeights,
} from '@hyperribbon/nn';
import type { PlaneTrajectory } from './footpoints.js';
import { planeEvaluator } from './planeEvaluator.js';
import type { LossPlane, PlanePoint } from './planeTypes.js';
import { planPlane, type PlaneOptions, type PlanePlan } from './planPlane.js';

export interface PlaneRowsOptions {
  /** rows [from, to) of the plane; default all */
  readonly from?: number;
  readonly to?: number;
  /** of one example, default softmax cross-entropy */
  readonly loss?: LossData;
  /** default float32 */
  readonly dtype?: Dtype;
  readonly deterministic?: boolean;
  /** buffers of batch norms stay as they are (default), or every point has the statistics of each 1,000 examples at its own weights */
  readonly batchNorm?: 'fixed' | 'recomputed';
  readonly signal?: AbortSignal;
  /** hears points that are done */
  readonly onProgress?: OnProgress<string>;
}

/**
 * Mean losses at the points of rows of a plane: several threads may share a plane.
 *
 * @param params (size,) weights at the centre
 * @returns (to − from) rows of xs.length; Infinity where the loss, or a number on the way to it, overflows
 * @throws AbortError once `signal` is aborted; ArgumentError for rows that there are not, statistics of a network that has none or draws numbers
 * Cost: a forward pass over the examples for each point
 */
export async function planeRows(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  { directions, xs, ys }: Pick<PlanePlan, 'directions' | 'xs' | 'ys'>,
  { from = 0, to = ys.length, batchNorm = 'fixed', dtype = 'float32', ...rest }: PlaneRowsOptions = {},
): Promise<Float64Array> {
  const { loss = { kind: 'softmax-cross-entropy' }, deterministic = false, signal, onProgress, ...unknown } = rest;
  requireNoOthers('planeRows', unknown, 'PlaneRowsOptions');
  requireInteger('planeRows', 'to', to, 1, ys.length);
  requireInteger('planeRows', 'from', from, 0, to - 1);
  requireOneOf('planeRows', 'batchNorm', batchNorm, ['fixed', 'recomputed']);
  requireWeights('planeRows', 'params', network, params, 'float64');
  const measured = batchNorm === 'recomputed' ? withOwnStatistics(network) : network;
  const rowsMix = batchNorm === 'recomputed';
  const evaluator = planeEvaluator(measured, params, directions, examples, {
    loss: lossFromData(loss),
    dtype,
    deterministic,
    rowsMix,
  });
  const losses = new Float64Array((to - from) * xs.length);
  for (let row = from, k = 0; row < to; row++)
    for (const x of xs) {
      throwIfAborted('planeRows', signal);
      losses[k++] = await evaluator.lossAt(x, ys[row], signal);
      onProgress?.({ done: k, of: losses.length, detail: `${k} of ${losses.length} points of the plane` });
    }
  return losses;
}

async function lossAt(
  evaluator: ReturnType<typeof createEvaluator>,
  weights: FloatArray,
  signal: AbortSignal | undefined,
): Promise<number> {
  if (!weights.every((w) => Number.isFinite(w))) return Infinity;
  const { loss } = await evaluator.evaluate(weights, { signal });
  return Number.isFinite(loss) ? loss : Infinity;
}

/** The network in training mode, as a network without buffers. */
function withOwnStatistics(network: Network): Network {
  const { applyTraining, buffers = [], draws = 0, ...rest } = network;
  if (buffers.length === 0 || applyTraining === undefined)
    refuse('planeRows', `batchNorm 'recomputed' needs batch norms, ${network.name} has none: leave it off`);
  if (draws > 0)
    refuse('planeRows', `batchNorm 'recomputed' is for networks that draw nothing, ${network.name} has dropout`);
  const values = bufferValues(network, 'float64');
  return {
    ...rest,
    apply(params, x) {
      const own = buffers.map(({ name, shape }) => [name, constant(floatArray(x.dtype as Dtype, values[name]), shape)]);
      return applyTraining(params, x, { buffers: Object.fromEntries(own) as ParameterTensors }).logits;
    },
  };
}

export interface LossPlaneOptions
  extends PlaneOptions,
    Omit<PlaneRowsOptions, 'from' | 'to' | 'signal' | 'onProgress'> {}

/**
 * The mean loss over a plane of weights, L(w + x d₁ + y d₂): random directions with the norms of filters [li2018], eigenvectors of the Hessian,
 * or the principal directions of a run, whose way is drawn in it. Seeds, eigenvalues with residuals, norms and angle of the directions are
 * part of the result: enough to make the picture again.
 *
 * A plane shows two of many directions. Random ones see a run as a point, almost: what they leave out is `distance` of the trajectory.
 *
 * @param params (size,) weights at the centre
 * @param examples that the loss is the mean over
 * @throws AbortError once `signal` is aborted; ArgumentError for directions that are zero or parallel, a trajectory that spans no plane
 * @example
 * const net = mlp([2, 3, 2], { activation: 'tanh' });
 * const examples = examplesFromArrays({ shape: [2, 2], data: Float32Array.of(0, 1, 1, 0) }, { shape: [2], data: Int32Array.of(0, 1) });
 * const { xs, ys, loss } = await lossPlane(net, net.init(1), examples, { size: 11, seed: 3 });
 * loss[5 * xs.length + 5]; // at the weights themselves
 *
 * Cost: size² forward passes over the examples, and some 10 to 40 Hessian-vector products for axes of the Hessian
 */
export async function lossPlane(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  { dtype, deterministic, batchNorm, ...options }: LossPlaneOptions = {},
): Promise<LossPlane> {
  const { loss, signal, onProgress } = options;
  const plan = await planPlane(network, params, examples, options);
  const rows: PlaneRowsOptions = {
    ...(loss && { loss }),
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
    ...(dtype && { dtype }),
    ...(deterministic !== undefined && { deterministic }),
    ...(batchNorm && { batchNorm }),
  };
  const losses = await planeRows(network, params, examples, plan, rows);
  return planeOf(network, params, examples, plan, { ...rows, losses, trajectory: options.trajectory });
}

/**
 * Puts a plane together from the losses of all its rows, and measures its centre and the points of the trajectory.
 *
 * @param losses ys.length rows of xs.length
 */
export async function planeOf(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  plan: PlanePlan,
  {
    losses,
    trajectory,
    loss = { kind: 'softmax-cross-entropy' },
    dtype = 'float32',
    deterministic = false,
    batchNorm = 'fixed',
    signal,
  }: Pick<PlaneRowsOptions, 'loss' | 'dtype' | 'deterministic' | 'batchNorm' | 'signal'> & {
    readonly losses: Float64Array;
    readonly trajectory?: PlaneTrajectory | undefined;
  },
): Promise<LossPlane> {
  const { axes, cosine, xs, ys, trajectory: points } = plan;
  requireLength('planeOf', 'losses', losses, [ys.length, xs.length]);
  const measured = batchNorm === 'recomputed' ? withOwnStatistics(network) : network;
  const evaluator = createEvaluator(measured, examples, { loss: lossFromData(loss), dtype, deterministic });
  const along: PlanePoint[] = [];
  for (const [t, point] of (points ?? []).entries())
    along.push({
      ...point,
      ...(trajectory && { loss: await lossAt(evaluator, floatArray(dtype, trajectory.records[t]), signal) }),
    });
  return {
    axes,
    cosine,
    xs,
    ys,
    loss: losses,
    centre: await lossAt(evaluator, floatArray(dtype, params), signal),
    examples: examples.count,
    batchNorm: (network.buffers ?? []).length === 0 ? 'none' : batchNorm,
    ...(points && { trajectory: along }),
  };
}
