import type { OnProgress } from '@hyperribbon/contract';
import type { Job, JobKind, JobResult, JobTable } from '../job.js';

export interface JobOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress<string>;
  /** the job runs now */
  readonly onStart?: () => void;
  /** of the waiting jobs the one with the highest priority goes first, the oldest of equals; default 0 */
  readonly priority?: number;
}

/**
 * Where jobs run. Each way is one file beside this one; what they share is that a job is plain data, that its bits do not depend on where
 * it runs, and how an abort ends it: a job that runs returns what it has or rejects, one that still waits rejects with AbortError.
 */
export interface Executor<Table extends JobTable> {
  run<Kind extends JobKind<Table>>(job: Job<Table, Kind>, options?: JobOptions): Promise<JobResult<Table, Kind>>;
  /** Frees what the executor holds; jobs under way are lost. */
  close(): Promise<void>;
}
