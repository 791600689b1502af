import {
  requireFinite,
  requireInteger,
  requireNoOthers,
  requirePositive,
  requireSeed,
  throwIfAborted,
  watch,
  type OnProgress,
} from '@hyperribbon/contract';
import { hessian } from '@hyperribbon/curvature';
import { eigsh } from '@hyperribbon/lanczos';
import {
  type AnyExamples,
  constantSchedule,
  lossFromData,
  momentum as heavyBall,
  type Network,
  sgd,
  train,
  unflatten,
} from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import type { AffineLoss } from './affineExamples.js';
import { affineChain } from './affineChain.js';
import { kinksOf } from './kinks.js';

/** What is done to a usual start of a network: to the biases of its layers, or to all weights. */
export type BadStart =
  | { readonly kind: 'usual' }
  /** every bias raised by a number, or lowered */
  | { readonly kind: 'biases-shifted'; readonly by: number }
  /** every bias drawn uniformly from ±bound */
  | { readonly kind: 'biases-uniform'; readonly bound: number }
  /** every weight and bias one number, zero too */
  | { readonly kind: 'constant'; readonly value: number };

/** A place in weight space, as the table of bad starts shows it. */
export interface StartMeasure {
  readonly loss: number;
  readonly gradientNorm: number;
  /** of the Hessian, with the norm of its residual; what is below the second is rounding or a search that was cut short */
  readonly smallest: { readonly value: number; readonly residualNorm: number };
  /** share of units that are active on all examples or on none, for each rectifier */
  readonly settled: readonly number[];
}

export interface BadStartRow {
  readonly start: BadStart;
  readonly before: StartMeasure;
  readonly after: StartMeasure;
  readonly steps: number;
}

export interface BadStartOptions {
  /** default: as in the table of [goldblum2020], usual, ±20, U(−50, 50), U(−10, 10) */
  readonly starts?: readonly BadStart[];
  readonly loss?: AffineLoss;
  /** of the usual start, the drawn biases and the order of batches; default 0 */
  readonly seed?: number;
  /** default 100 */
  readonly epochs?: number;
  /** default 32 */
  readonly batchSize?: number;
  /** default 0.01 */
  readonly learningRate?: number;
  /** of heavy ball, default 0 */
  readonly momentum?: number;
  /** most Hessian products of one search, default 500 as in the published code */
  readonly maxMatvecs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

const usual: readonly BadStart[] = [
  { kind: 'usual' },
  { kind: 'biases-shifted', by: 20 },
  { kind: 'biases-shifted', by: -20 },
  { kind: 'biases-uniform', bound: 50 },
  { kind: 'biases-uniform', bound: 10 },
];

/**
 * Where training goes from good and bad starts: loss, gradient, the smallest eigenvalue of the Hessian and how many units are the same for all examples, before and
 * after. Biases that are large against the inputs switch units on or off for all examples alike, so that the network is affine or constant on them and
 * stays so.
 *
 * @param network of dense layers, convolutions and rectifiers
 * @throws ArgumentError for options that do not fit; AbortError
 * Cost: one training run and four eigenvalue searches for each row
 * @example
 * const net = mlp([2, 8, 2], { activation: 'relu' });
 * const x = { shape: [4, 2], data: Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1) };
 * const examples = examplesFromArrays(x, { shape: [4], data: Int32Array.of(0, 1, 1, 0) });
 * const [low] = await trainFromBadStarts(net, examples, { starts: [{ kind: 'biases-shifted', by: -20 }] });
 * low.after.settled;   // [1]: every unit is dead
 * Source: [goldblum2020, Table 1].
 */
export async function trainFromBadStarts(
  network: Network,
  examples: AnyExamples,
  options: BadStartOptions = {},
): Promise<BadStartRow[]> {
  const {
    starts = usual,
    loss: kind = 'softmax-cross-entropy',
    seed = 0,
    epochs = 100,
    batchSize = 32,
    learningRate = 0.01,
    momentum = 0,
    maxMatvecs = 500,
    signal,
    onProgress,
    ...others
  } = options;
  requireNoOthers('trainFromBadStarts', others, 'BadStartOptions');
  requirePositive('trainFromBadStarts', 'learningRate', learningRate);
  requireInteger('trainFromBadStarts', 'epochs', epochs, 1);
  requireInteger('trainFromBadStarts', 'maxMatvecs', maxMatvecs, 1);
  const loss = lossFromData({ kind });
  const measured = (params: Float64Array): Promise<StartMeasure> =>
    measure(network, params, examples, kind, maxMatvecs, signal);
  const rows: BadStartRow[] = [];
  const step = watch('trainFromBadStarts', starts.length, { signal, onProgress }, () => rows.length);
  for (const start of starts) {
    await step();
    const initial = badStart(network, start, seed);
    const run = await train(network, examples, {
      initial,
      loss,
      optimizer: momentum === 0 ? sgd() : heavyBall(momentum),
      schedule: constantSchedule(learningRate),
      epochs,
      batchSize: Math.min(batchSize, examples.count),
      seed,
      dtype: 'float64',
      ...(signal && { signal }),
    });
    throwIfAborted('trainFromBadStarts', signal);
    const before = await measured(initial);
    rows.push({ start, before, after: await measured(Float64Array.from(run.params)), steps: run.steps });
  }
  return rows;
}

/**
 * Weights of a start, usual or bad.
 *
 * @returns (size,) float64
 * @example badStart(mlp([2, 3, 2], { activation: 'relu' }), { kind: 'biases-shifted', by: 20 }, 0); // as init(0), biases 20 higher
 */
export function badStart(network: Network, start: BadStart, seed: number): Float64Array {
  const caller = 'badStart';
  requireSeed(caller, seed);
  const params = Float64Array.from(network.init(seed, 'float64'));
  if (start.kind === 'usual') return params;
  if (start.kind === 'constant') {
    requireFinite(caller, 'value', start.value);
    return params.fill(start.value);
  }
  const views = unflatten(network, params);
  affineChain(caller, network).forEach(({ bias }, index) => {
    const values = views[bias];
    if (start.kind === 'biases-shifted') {
      requireFinite(caller, 'by', start.by);
      for (let j = 0; j < values.length; j++) values[j] += start.by;
      return;
    }
    requirePositive(caller, 'bound', start.bound);
    stream({ seed, purpose: 'landscape.bad-start', index }).uniform(values);
    for (let j = 0; j < values.length; j++) values[j] = (2 * values[j] - 1) * start.bound;
  });
  return params;
}

async function measure(
  network: Network,
  params: Float64Array,
  examples: AnyExamples,
  kind: AffineLoss,
  maxMatvecs: number,
  signal: AbortSignal | undefined,
): Promise<StartMeasure> {
  const operator = hessian(network, params, examples, { dtype: 'float64', loss: lossFromData({ kind }) });
  const ends = await eigsh(operator, { k: 1, which: 'SA', tol: 1e-8, maxMatvecs, ...(signal && { signal }) });
  throwIfAborted('trainFromBadStarts', signal);
  return {
    loss: operator.loss,
    gradientNorm: operator.gradientNorm,
    smallest: { value: ends.values[0], residualNorm: ends.residualNorms[0] },
    settled: kinksOf(network, params, examples).layers,
  };
}
