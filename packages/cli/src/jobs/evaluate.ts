import type { JobContext } from '@hyperribbon/study';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import {
  type AnyExamples,
  evaluate,
  type LossData,
  lossFromData,
  networkFromData,
  type NetworkData,
} from '@hyperribbon/nn';

/** Loss and error of given weights on all training and test examples. */
export interface EvaluateJob {
  readonly network: NetworkData;
  readonly params: FloatArray;
  readonly train: AnyExamples;
  /** absent: there is nothing to test with */
  readonly test?: AnyExamples | undefined;
  /** default softmax cross-entropy */
  readonly loss?: LossData;
  readonly dtype: Dtype;
  readonly deterministic: boolean;
}

export interface EvaluateResult {
  readonly final: {
    readonly trainLoss: number;
    /** NaN where examples have targets */
    readonly trainError: number;
    readonly testLoss?: number;
    readonly testError?: number;
  };
}

/** Cost: one forward pass over all examples. */
export async function runEvaluate(job: EvaluateJob, context?: JobContext): Promise<EvaluateResult> {
  const network = networkFromData(job.network);
  const { dtype, deterministic } = job;
  const loss = job.loss === undefined ? {} : { loss: lossFromData(job.loss) };
  const options = { dtype, deterministic, ...loss, ...(context ? { signal: context.signal } : {}) };
  const train = await evaluate(network, job.params, job.train, options);
  const final = { trainLoss: train.loss, trainError: train.error };
  if (job.test === undefined) return { final };
  const { loss: testLoss, error: testError } = await evaluate(network, job.params, job.test, options);
  return { final: { ...final, testLoss, testError } };
}
