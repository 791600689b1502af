import { requireInteger, requireNoOthers, requirePositive, requireSeed } from '@hyperribbon/contract';
import { hessian } from '@hyperribbon/curvature';
import { adam, type AnyExamples, cosineSchedule, lossFromData, type Network, train } from '@hyperribbon/nn';
import type { AffineLoss } from './affineExamples.js';

/** A point with a smaller loss, found by training from a seeded start. */
export interface BetterPoint {
  /** (size,) float64 */
  readonly params: Float64Array;
  readonly loss: number;
  readonly how: string;
}

export interface BetterPointOptions {
  readonly loss?: AffineLoss;
  /** default 0 */
  readonly seed?: number;
  /** default 200 */
  readonly epochs?: number;
  /** default 100, or all examples where there are fewer */
  readonly batchSize?: number;
  /** of Adam, falling as half a cosine to a hundredth; default 3e-3 */
  readonly learningRate?: number;
  readonly signal?: AbortSignal;
}

/**
 * Trains a network from a seeded start: what a constructed minimum is compared with.
 *
 * @returns the last weights and their loss over all examples, in float64; whether it is smaller is for the caller to see
 * @throws ArgumentError as train; AbortError
 * Cost: `epochs` passes over the examples
 * @example
 * const net = mlp([2, 8, 2], { activation: 'relu' });
 * const x = { shape: [4, 2], data: Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1) };
 * const examples = examplesFromArrays(x, { shape: [4], data: Int32Array.of(0, 1, 1, 0) });
 * (await betterPoint(net, examples, { epochs: 300 })).loss < Math.LN2; // true
 */
export async function betterPoint(
  network: Network,
  examples: AnyExamples,
  {
    loss = 'softmax-cross-entropy',
    seed = 0,
    epochs = 200,
    batchSize = Math.min(100, examples.count),
    learningRate = 3e-3,
    signal,
    ...others
  }: BetterPointOptions = {},
): Promise<BetterPoint> {
  const caller = 'betterPoint';
  requireNoOthers(caller, others, 'BetterPointOptions');
  requireSeed(caller, seed);
  requireInteger(caller, 'epochs', epochs, 1);
  requireInteger(caller, 'batchSize', batchSize, 1);
  requirePositive(caller, 'learningRate', learningRate);
  const kind = lossFromData({ kind: loss });
  const { params } = await train(network, examples, {
    loss: kind,
    optimizer: adam(),
    schedule: cosineSchedule(learningRate, learningRate / 100),
    epochs,
    batchSize,
    seed,
    dtype: 'float64',
    ...(signal && { signal }),
  });
  const weights = Float64Array.from(params);
  const how = `Adam from seed ${seed}, ${epochs} epochs in batches of ${batchSize}, learning rate ${learningRate} falling to a hundredth`;
  return { params: weights, loss: hessian(network, weights, examples, { dtype: 'float64', loss: kind }).loss, how };
}
