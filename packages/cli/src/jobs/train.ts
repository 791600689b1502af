import type { Dtype, FloatArray, KernelInfo } from '@hyperribbon/kernels';
import {
  cosineSchedule,
  networkFromData,
  train,
  type EpochRecord,
  type Examples,
  type NetworkData,
} from '@hyperribbon/nn';
import { trainingText } from '../output/trainingText.js';
import { runEvaluate, type EvaluateResult } from './evaluate.js';
import type { JobContext } from '@hyperribbon/study';

/** Training by Adam with a cosine schedule; with an anchor, the "decayed" run of the analytic bound [yang2022]. */
export interface TrainJob {
  readonly network: NetworkData;
  readonly train: Examples;
  readonly test: Examples;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: { readonly from: number; readonly to: number };
  readonly seed: number;
  readonly dtype: Dtype;
  readonly deterministic: boolean;
  /** start from these weights instead of the seeded initialisation */
  readonly initial?: FloatArray;
  /** adds g‖w − at‖² with g = factor × current learning rate */
  readonly anchor?: { readonly at: FloatArray; readonly factor: number };
}

export interface TrainResult extends EvaluateResult {
  readonly params: FloatArray;
  readonly initial: FloatArray;
  readonly history: readonly EpochRecord[];
  readonly finished: boolean;
  readonly reason: string;
  readonly seconds: number;
  readonly kernels: KernelInfo;
}

/** Trains, then measures loss and error on all training and test examples at the final weights. */
export async function runTrain(job: TrainJob, context: JobContext): Promise<TrainResult> {
  const network = networkFromData(job.network);
  const { dtype, deterministic } = job;
  const run = await train(network, job.train, {
    epochs: job.epochs,
    batchSize: job.batchSize,
    schedule: cosineSchedule(job.learningRate.from, job.learningRate.to),
    seed: job.seed,
    dtype,
    deterministic,
    validation: job.test,
    signal: context.signal,
    ...(job.initial ? { initial: job.initial } : {}),
    ...(job.anchor ? { anchor: { at: job.anchor.at, strengthPerLearningRate: job.anchor.factor } } : {}),
    onProgress: (progress) => context.report({ ...progress, detail: trainingText(progress, job.epochs) }),
  });
  // without the signal: what an interrupted run reached is measured too
  const { final } = await runEvaluate({ ...job, params: run.params });
  return {
    params: run.params,
    initial: run.initial,
    history: run.history,
    final,
    finished: run.finished,
    reason: run.reason,
    seconds: run.seconds,
    kernels: run.kernels,
  };
}
