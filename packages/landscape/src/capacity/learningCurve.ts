import { type OnProgress, refuse, requireInteger, requireNoOthers, requireSeed } from '@hyperribbon/contract';
import { type AnyExamples, evaluate, examplesAt, type Network, train, type TrainOptions } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import type { LearningCurvePoint } from './learningCapacity.js';

/** What a training of a curve may be told: seed, samples and starts are the curve's. */
export type CurveTraining = Omit<TrainOptions, 'seed' | 'signal' | 'onProgress' | 'hooks' | 'resume' | 'initial'>;

export interface LearningCurveOptions {
  /** examples of a training, ascending integers from 1 to as many as the pool has */
  readonly counts: readonly number[];
  /** trainings of each size, on other samples and from other starts; default 5 */
  readonly repeats?: number;
  /** of samples and starts; default 0 */
  readonly seed?: number;
  /** how each network is trained; as a function of the number of examples, such as epochs that are as many steps for all */
  readonly training?: CurveTraining | ((count: number) => CurveTraining);
  /** points that are known: a size with as many losses as repeats is not trained again, and one with fewer goes on */
  readonly known?: readonly LearningCurvePoint[];
  readonly signal?: AbortSignal;
  /** hears trainings that are done */
  readonly onProgress?: OnProgress<string>;
}

/**
 * Held-out losses of networks trained on more and more examples: what {@link learningCapacity} reads.
 *
 * Repeat r has a permutation of the pool of its own, stream (seed, 'landscape/learning-curve', r), and every size takes its first N: samples are nested, so
 * that slopes see less of the noise of sampling. It starts from network.init(seed + r).
 *
 * @param pool examples that samples are taken from
 * @param heldOut examples that losses are measured on
 * @returns as many points as there are counts; after an abort those that are begun, which `known` takes
 * @throws ArgumentError for counts that do not ascend or that the pool does not have
 * Cost: counts × repeats trainings
 * @example
 * const curve = await learningCurve(net, digits.train, digits.test, { counts: [10, 20], repeats: 2, training: { epochs: 5 } });
 * learningCapacity(curve)[0].energy.mean;
 */
export async function learningCurve(
  network: Network,
  pool: AnyExamples,
  heldOut: AnyExamples,
  { counts, repeats = 5, seed = 0, training = {}, known = [], signal, onProgress, ...others }: LearningCurveOptions,
): Promise<readonly LearningCurvePoint[]> {
  requireNoOthers('learningCurve', others, 'LearningCurveOptions');
  requireInteger('learningCurve', 'repeats', repeats, 1);
  requireSeed('learningCurve', seed);
  requireInteger('learningCurve', 'counts.length', counts.length, 1);
  counts.forEach((count, i) => {
    requireInteger('learningCurve', `counts[${i}]`, count, 1, pool.count);
    if (i > 0 && count <= counts[i - 1])
      refuse('learningCurve', `counts must ascend, got ${counts[i - 1]} before ${count}`);
  });
  const points: LearningCurvePoint[] = [];
  for (const count of counts) {
    const losses = [...(known.find((point) => point.count === count)?.losses ?? [])].slice(0, repeats);
    for (let repeat = losses.length; repeat < repeats; repeat++) {
      const loss = await heldOutLoss(repeat, count);
      if (loss === undefined) break;
      losses.push(loss);
      const done = points.length * repeats + losses.length;
      onProgress?.({ done, of: counts.length * repeats, detail: `${count} examples, repeat ${losses.length}` });
    }
    if (losses.length > 0) points.push({ count, losses });
    if (signal?.aborted === true) break;
  }
  return points;

  /** undefined if it was aborted */
  async function heldOutLoss(repeat: number, count: number): Promise<number | undefined> {
    if (signal?.aborted === true) return undefined;
    const order = stream({ seed, purpose: 'landscape/learning-curve', index: repeat }).permutation(pool.count);
    const asked = typeof training === 'function' ? training(count) : training;
    const run = await train(network, examplesAt(pool, order.subarray(0, count)), {
      ...asked,
      batchSize: Math.min(asked.batchSize ?? 500, count),
      seed: seed + repeat,
      ...(signal && { signal }),
    });
    if (run.reason === 'aborted') return undefined;
    const { loss, dtype, deterministic } = asked;
    const options = { ...(loss && { loss }), ...(dtype && { dtype }), ...(deterministic && { deterministic }) };
    return (await evaluate(run.network, run.params, heldOut, options)).loss;
  }
}
