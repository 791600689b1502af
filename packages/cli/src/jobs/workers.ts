import { threads, type Executor } from '@hyperribbon/study';
import type { Jobs } from './table.js';

/** Threads for the jobs of the command line. */
export function workers(count: number): Executor<Jobs> {
  // seen from src as well as from dist: the tests run from src
  return threads<Jobs>(count, { url: new URL('../../dist/jobs/worker.js', import.meta.url) });
}
