import { runJob, type JobTable } from '../job.js';
import type { Executor } from './executor.js';
import { Slots } from './slots.js';

/**
 * An executor that runs one job after the other in this thread.
 *
 * @param table functions of the jobs
 * @example
 * const table = { double: async ({ x }: { readonly x: number }) => 2 * x };
 * await here(table).run({ kind: 'double', x: 21 }); // 42
 */
export function here<Table extends JobTable>(table: Table): Executor<Table> {
  const slots = new Slots(1);
  return {
    run: (job, { onProgress, onStart, priority, signal = new AbortController().signal } = {}) =>
      slots.run(
        async () => {
          onStart?.();
          return await runJob(table, job, { signal, report: (progress) => onProgress?.(progress) });
        },
        { priority, signal },
      ),
    close: async () => undefined,
  };
}
