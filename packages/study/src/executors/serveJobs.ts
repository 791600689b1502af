import { interval, type Progress } from '@hyperribbon/contract';
import { answerRequests } from '@hyperribbon/contract/threads';
import { runJob, type Job, type JobTable } from '../job.js';
import { unpack } from './arrays.js';
import { errorData, type FromJobThread, type ToJobThread } from './messages.js';

/** ms between two reports of a job: a screen shows no more. */
const reportEvery = 50;

/**
 * Makes this thread run the jobs that a {@link threads} executor sends, one after the other. Call it once, at the end of the script that the
 * executor starts.
 *
 * @param table functions of the jobs, the same as on the other side
 */
export function serveJobs(table: JobTable): void {
  const kept = new Map<string, ArrayBufferView>();
  let controller = new AbortController();
  answerRequests<ToJobThread, FromJobThread, Progress<string>>(async (message, tell) => {
    if (message.type === 'stop') {
      controller.abort();
      return undefined;
    }
    controller = new AbortController();
    const { stopFlag } = message;
    for (const [digest, array] of message.arrays) kept.set(digest, array);
    const due = interval(reportEvery);
    const report = (progress: Progress<string>): void => {
      if (stopFlag !== undefined && Atomics.load(stopFlag, 0) === 1) controller.abort();
      if (due()) tell(progress);
    };
    try {
      const job = unpack(message.job, (digest) => kept.get(digest) as never) as Job<JobTable>;
      return { reply: { type: 'result', result: await runJob(table, job, { signal: controller.signal, report }) } };
    } catch (error) {
      return { reply: { type: 'error', error: errorData(error) } };
    }
  });
}
