import { parentPort, workerData } from 'node:worker_threads';
import { enableExperimentalSimd } from '@hyperribbon/kernels';
import type { Job } from './job.js';
import { runJob } from './runJob.js';
import type { FromWorker } from './messages.js';

// flags are the process's, but each thread chooses its own kernels
enableExperimentalSimd();

// The thread's whole life: one job after another, each with an abort flag in shared memory, because a worker that
// computes does not read messages.
const stopFlag = new Int32Array(workerData as SharedArrayBuffer);
const post = (message: FromWorker): void => parentPort!.postMessage(message);

parentPort!.on('message', (job: Job) => {
  const controller = new AbortController();
  let lastReport = 0;
  const report = (fraction: number, detail: string): void => {
    if (Atomics.load(stopFlag, 0) === 1) controller.abort();
    const now = performance.now();
    if (now - lastReport < 50) return;
    lastReport = now;
    post({ type: 'progress', fraction, detail });
  };
  runJob(job, { signal: controller.signal, report }).then(
    (result) => post({ type: 'result', result }),
    (error: unknown) => {
      const fault = error instanceof Error ? error : new Error(String(error));
      post({ type: 'error', name: fault.name, message: fault.message, stack: fault.stack ?? '' });
    },
  );
});
