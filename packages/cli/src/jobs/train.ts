import { lossFromData, networkFromData, train, type TrainOptions, type TrainReport } from '@hyperribbon/nn';
import type { JobContext } from '@hyperribbon/study';
import { trainingText } from '../output/trainingText.js';
import { runEvaluate, type EvaluateJob, type EvaluateResult } from './evaluate.js';

type Asked = 'batchSize' | 'schedule' | 'seed' | 'initial' | 'anchor';

/** Training by Adam; with an anchor, the "decayed" run of the analytic bound [yang2022]. */
export interface TrainJob extends Omit<EvaluateJob, 'params'>, Pick<TrainOptions, Asked> {
  readonly epochs: number;
}

export type TrainResult = EvaluateResult & Omit<TrainReport, 'checkpoint'>;

/** Trains, then measures loss and error on all training and test examples at the final weights. */
export async function runTrain(job: TrainJob, { signal, report }: JobContext): Promise<TrainResult> {
  const { network, train: examples, test: validation, loss, ...options } = job;
  const { checkpoint: _checkpoint, ...run } = await train(networkFromData(network), examples, {
    ...options,
    ...(validation === undefined ? {} : { validation }),
    ...(loss === undefined ? {} : { loss: lossFromData(loss) }),
    signal,
    onProgress: (progress) => report({ ...progress, detail: trainingText(progress, job.epochs) }),
  });
  // without the signal: what an interrupted run reached is measured too
  return { ...run, ...(await runEvaluate({ ...job, params: run.params })) };
}
