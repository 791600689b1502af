import type { ChunkedRun } from './linearizedPlan.js';

/** Adds `clear` to a run. */
export function chunkedRun(run: Omit<ChunkedRun, 'clear'>): ChunkedRun {
  const { outputs } = run;
  return {
    ...run,
    clear() {
      for (let i = 0; i < outputs.length; i++) outputs[i]!.fill(0);
    },
  };
}
