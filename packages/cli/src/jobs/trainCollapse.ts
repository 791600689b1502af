import { type CollapseMoment, recordCollapse } from '@hyperribbon/complexity';
import { type Examples, networkFromData } from '@hyperribbon/nn';
import type { JobContext } from '@hyperribbon/study';
import { head } from '../input/splits.js';
import { collapseOrWhy } from './collapse.js';
import { runTrain, type TrainJob, type TrainResult } from './train.js';

/** Training under which the neural collapse of the last features is recorded, epoch by epoch. */
export interface TrainCollapseJob extends Omit<TrainJob, 'hooks' | 'train'> {
  readonly train: Examples;
  /** the first so many training examples are those whose collapse is measured */
  readonly collapseExamples: number;
}

export interface TrainCollapseResult extends TrainResult {
  readonly moments: readonly Pick<CollapseMoment, 'epochs' | 'collapse'>[];
  /** why nothing was recorded */
  readonly notRecorded?: string;
}

/** A network whose outputs are not those of an affine map is trained all the same. */
export async function runTrainCollapse(
  { collapseExamples, ...job }: TrainCollapseJob,
  context: JobContext,
): Promise<TrainCollapseResult> {
  const examples = head(job.train, collapseExamples);
  const network = networkFromData(job.network);
  const before = collapseOrWhy(network, network.init(job.seed ?? 0, 'float64'), examples);
  const recorder = recordCollapse(examples);
  const hooks = 'collapse' in before ? [recorder] : [];
  const result = await runTrain({ ...job, hooks }, context);
  const moments = recorder.moments.map(({ epochs, collapse }) => ({ epochs, collapse }));
  return { ...result, moments, ...('collapse' in before ? {} : { notRecorded: before.notMeasured }) };
}
