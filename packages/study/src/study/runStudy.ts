import { AbortError, describe, type OnProgress, refuse, requireInteger, requireOptions } from '@hyperribbon/contract';
import type { Executor } from '../executors/executor.js';
import type { Job, JobKind, JobTable } from '../job.js';
import { planDigest } from '../plan/planText.js';
import { decodeResult, encodeResult } from '../results/resultBytes.js';
import type { ResultStore } from '../results/resultStore.js';

/**
 * The name of a job: of its kind, its input (arrays by their bits) and the version of what computes it. Jobs of one name have one result.
 *
 * @example
 * jobId({ kind: 'square', x: 3 }, '1.0').slice(0, 7); // 'sha256:'
 */
export function jobId(job: { readonly kind: string }, version: string): string {
  return planDigest({ job, version });
}

export interface StudyOptions {
  readonly store: ResultStore;
  /** of the program, and of all that results depend on beside the jobs' inputs */
  readonly version: string;
  /** how often a job that fails is tried; default 3 */
  readonly tries?: number;
  /** ends the study: jobs under way are lost, whole results stay */
  readonly signal?: AbortSignal;
  /** hears of results as they come, those that were there counted in */
  readonly onProgress?: OnProgress<StudyDetail>;
}

export interface StudyDetail {
  /** results that were there when the study began */
  readonly found: number;
  readonly failed: number;
}

export interface FailedJob {
  readonly id: string;
  /** the first place of the job in the list */
  readonly index: number;
  readonly tries: number;
  /** what the last try threw */
  readonly why: string;
}

export interface StudyReport {
  /** ids of the jobs in their order */
  readonly ids: readonly string[];
  /** distinct jobs with a result; those of them that were there before */
  readonly done: number;
  readonly found: number;
  readonly failed: readonly FailedJob[];
  /** distinct jobs without a result that did not fail: the study was ended */
  readonly missing: number;
  readonly complete: boolean;
}

/**
 * Computes the jobs of a list that have no result yet. A study that was ended, or killed, goes on by being run again: what it has is in the store.
 *
 * @param jobs plain data; equal ones are computed once
 * @param executor where they run; results do not depend on it
 * @returns always a report: a job that fails again and again leaves the others
 * @throws ConflictError where two computations of a job differ; errors of the store
 * @example
 * const table = { square: async ({ x }) => ({ y: x * x }) };
 * const jobs = [1, 2, 3].map((x) => ({ kind: 'square', x }));
 * const store = memoryStore();
 * const { done, complete } = await runStudy(jobs, here(table), { store, version: '1' });
 */
export async function runStudy<Table extends JobTable, Kind extends JobKind<Table>>(
  jobs: readonly Job<Table, Kind>[],
  executor: Executor<Table>,
  options: StudyOptions,
): Promise<StudyReport> {
  requireOptions('runStudy', options, 'an object with store and version');
  const { store, version, tries = 3, signal, onProgress } = options;
  if (typeof version !== 'string' || version === '')
    refuse('runStudy', `version must be a text that changes with what results depend on, got ${describe(version)}`);
  requireInteger('runStudy', 'tries', tries, 1);
  const ids = jobs.map((job) => jobId(job, version));
  const first = new Map<string, number>();
  ids.forEach((id, index) => {
    if (!first.has(id)) first.set(id, index);
  });
  const failed: FailedJob[] = [];
  let [found, done] = [0, 0];
  const tell = (): void =>
    onProgress?.({ done, of: first.size, detail: { found, failed: failed.length }, secondsLeft: undefined });
  const open: [string, number][] = [];
  for (const [id, index] of first) {
    if ((await store.read(id)) === undefined) open.push([id, index]);
    else found += 1;
  }
  done = found;
  tell();
  const compute = async ([id, index]: [string, number]): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      try {
        const result = await executor.run<Kind>(jobs[index], signal === undefined ? {} : { signal });
        if (signal?.aborted === true) return;
        await store.write(id, encodeResult(id, result));
        done += 1;
        return tell();
      } catch (error) {
        if (error instanceof AbortError || signal?.aborted === true) return;
        if ((error as Error).name === 'ConflictError') throw error;
        if (attempt < tries) continue;
        failed.push({ id, index, tries, why: error instanceof Error ? error.message : String(error) });
        return tell();
      }
    }
  };
  await Promise.all(open.map(compute));
  failed.sort((a, b) => a.index - b.index);
  const missing = first.size - done - failed.length;
  return { ids, done, found, failed, missing, complete: done === first.size };
}

/**
 * The result of a job, or undefined where there is none.
 * @throws ResultFormatError where the store holds something else
 */
export async function resultOf(store: ResultStore, id: string): Promise<unknown> {
  const bytes = await store.read(id);
  return bytes === undefined ? undefined : decodeResult(id, bytes);
}
