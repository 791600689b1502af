import { type EdgeCheckpoint, type EdgeRecord, watchDescent } from '@hyperribbon/landscape/dynamics';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import {
  type Examples,
  lossFromData,
  type LossData,
  type NetworkData,
  type Optimizer,
  type TrainHook,
} from '@hyperribbon/nn';
import type { JobContext } from '@hyperribbon/study';
import { edgeText } from '../../output/edgeText.js';
import { trainable } from '../train.js';

/** Descent whose curvature is watched, with its way through the space of weights. */
export interface WatchDescentJob {
  readonly network: NetworkData;
  readonly examples: Examples;
  readonly loss: LossData;
  readonly optimizer: Optimizer;
  readonly learningRate: number;
  readonly steps: number;
  readonly batchSize: number;
  readonly every: number;
  readonly pairs: number;
  /** norms of the input-output Jacobian at every moment */
  readonly jacobian: boolean;
  /** share of the gradient in the top eigenvectors, as many as outputs */
  readonly topShare: boolean;
  /** (size,) */
  readonly initial: FloatArray;
  readonly seed: number;
  readonly dtype: Dtype;
  readonly deterministic: boolean;
  /** where an earlier attempt stopped */
  readonly resume?: DescentState;
}

/** Weights at some moments of a run. */
interface Kept {
  readonly steps: number[];
  readonly records: FloatArray[];
}

/** Where a run stands, as plain data. */
export interface DescentState extends Kept {
  readonly checkpoint: EdgeCheckpoint;
}

export interface WatchDescentResult {
  readonly record: EdgeRecord;
  /** the weights at the end */
  readonly params: FloatArray;
  readonly reason: 'finished' | 'aborted' | 'diverged';
  readonly trajectory: { readonly steps: readonly number[]; readonly records: readonly FloatArray[] };
  readonly state: DescentState;
}

/** Weight vectors that are kept, and moments at which batches are measured: what a picture can show. */
const most = 40;

/** Steps between weight vectors that are kept: a multiple of those between moments. */
export function keptEvery(steps: number, every: number): number {
  return every * Math.max(1, Math.ceil(steps / every / most));
}

/** Watches curvature, and keeps weights for planes; batch sharpness is measured where steps see batches. */
export async function runWatchDescent(
  job: WatchDescentJob,
  { signal, report }: JobContext,
): Promise<WatchDescentResult> {
  const { network: data, examples, loss, jacobian, topShare, resume, ...options } = job;
  const { steps, every, batchSize } = job;
  const kept: Kept = { steps: [...(resume?.steps ?? [])], records: [...(resume?.records ?? [])] };
  const now = { every: keptEvery(steps, every) };
  const went = await watchDescent(trainable(data), examples, {
    ...options,
    loss: lossFromData(loss),
    ...(batchSize < examples.count && { batchSharpness: now }),
    ...(topShare && { topShare: now }),
    ...(jacobian && { jacobian: { every } }),
    hooks: [keeper(job, kept)],
    ...(resume && { resume: resume.checkpoint }),
    signal,
    onProgress: (progress) => report({ ...progress, detail: edgeText(progress.detail) }),
  });
  const { record, params, reason, checkpoint } = went;
  return { record, params, reason, trajectory: kept, state: { ...kept, checkpoint } };
}

/** Keeps copies of the weights at the start, at the end, and at moments between. */
function keeper({ steps: of, every }: WatchDescentJob, { steps, records }: Kept): TrainHook {
  const stride = keptEvery(of, every);
  return {
    onStep({ steps: done, weights }) {
      const wanted = (done % stride === 0 || done === of) && done <= of;
      if (!wanted || done <= (steps.at(-1) ?? -1) || !weights.every((w) => Number.isFinite(w))) return;
      steps.push(done);
      records.push(weights.slice());
    },
  };
}
