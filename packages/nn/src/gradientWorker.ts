import { interval } from '@hyperribbon/contract';
import { answerRequests, type Replied } from '@hyperribbon/contract/threads';
import { enableExperimentalSimd } from '@hyperribbon/kernels';
import type { FromGradientWorker, ToGradientWorker } from './training/gradientWorkers.js';
import { bindTask, type MicroRunner } from './training/microBatches.js';

let runner: MicroRunner | undefined;

answerRequests<ToGradientWorker, FromGradientWorker>((message, tell) =>
  message.type === 'bind' ? bind(message) : step(message, tell),
);

function bind({ task }: ToGradientWorker & { type: 'bind' }): Replied<FromGradientWorker> {
  // V8's flags are the process's and set already; the choice of tiles is this thread's
  if (task.wideTiles) enableExperimentalSimd();
  runner = bindTask(task);
  return { reply: { kernels: runner.kernels } };
}

function step(
  { share, sums }: ToGradientWorker & { type: 'step' },
  tell: (detail: undefined) => void,
): Replied<FromGradientWorker> {
  if (runner === undefined) throw new TypeError('gradientWorker: a step was asked for before a task was bound');
  const due = interval();
  const run = runner.run(share, sums);
  let next = run.next();
  for (; next.done !== true; next = run.next()) if (due()) tell(undefined);
  return { reply: next.value, transfer: next.value.sums.map(({ buffer }) => buffer as ArrayBuffer) };
}
