import { Stopped } from '../analysis/analysisRun.js';
import type { Job, JobResult } from '../jobs/job.js';
import type { WorkerPool } from '../jobs/workerPool.js';
import type { ProgressLines, Step } from '../output/progressLines.js';

/** One job of a step that consists of several. */
export interface GroupedJob<J extends Job> {
  readonly job: J;
  /** its share of the step's work, in any unit */
  readonly weight: number;
  /** stands before the job's own words in the progress line */
  readonly label?: string;
}

export interface GroupOptions<J extends Job> {
  readonly priority?: number;
  /** hears each result as it comes, also while the run is being stopped */
  readonly onResult?: (result: JobResult<J>, index: number) => void;
  /** the sentence that ends the step */
  readonly summary: (results: readonly JobResult<J>[]) => string;
  /** what the progress line says beside the jobs' own words: "23 of 52 runs" */
  readonly counted?: (done: number, total: number) => string;
}

/** Steps of a study: each a group of jobs under one progress line, with its time, and named as missing until it is done. */
export class JobGroups {
  readonly #pool: WorkerPool;
  readonly #progress: ProgressLines;
  readonly #stopped: () => boolean;
  readonly #open = new Set<string>();
  readonly #timings: { step: string; seconds: number }[] = [];

  constructor(pool: WorkerPool, progress: ProgressLines, stopped: () => boolean) {
    this.#pool = pool;
    this.#progress = progress;
    this.#stopped = stopped;
  }

  /** Steps that are planned: named as missing until they are done. */
  plan(...steps: readonly string[]): void {
    for (const step of steps) this.#open.add(step);
  }

  get missing(): readonly string[] {
    return [...this.#open];
  }

  get timings(): readonly { readonly step: string; readonly seconds: number }[] {
    return this.#timings;
  }

  /**
   * Runs the jobs of a step on the pool's threads, in their order.
   * @returns their results in the same order
   * @throws Stopped once the user has stopped the run, after every job that had begun has ended
   */
  async run<J extends Job>(
    name: string,
    jobs: readonly GroupedJob<J>[],
    { priority = 0, onResult, summary, counted }: GroupOptions<J>,
  ): Promise<readonly JobResult<J>[]> {
    if (this.#stopped()) throw new Stopped(name);
    const total = jobs.reduce((sum, { weight }) => sum + weight, 0);
    const fractions = new Float64Array(jobs.length);
    let step: Step | undefined;
    let started = 0;
    let finished = 0;
    const show = (detail: string): void => {
      const done = jobs.reduce((sum, { weight }, i) => sum + weight * fractions[i], 0);
      const head = counted === undefined ? '' : `${counted(finished, jobs.length)}${detail === '' ? '' : ', '}`;
      step?.update({ fraction: total > 0 ? done / total : 0, detail: head + detail });
    };
    const settled = await Promise.allSettled(
      jobs.map(async ({ job, label }, i) => {
        const result = await this.#pool.run(job, {
          priority,
          onStart: () => {
            if (step === undefined) started = performance.now();
            step ??= this.#progress.start(name);
          },
          onProgress: (fraction, detail) => {
            fractions[i] = fraction;
            show([label, detail].filter((part) => part !== undefined && part !== '').join(', '));
          },
        });
        fractions[i] = 1;
        finished++;
        onResult?.(result, i);
        show('');
        return result;
      }),
    );
    if (this.#stopped()) {
      step?.stopped(counted === undefined ? 'stopped' : `stopped after ${counted(finished, jobs.length)}`);
      throw new Stopped(name);
    }
    for (const outcome of settled) if (outcome.status === 'rejected') throw outcome.reason;
    const results = settled.map((outcome) => (outcome as PromiseFulfilledResult<JobResult<J>>).value);
    step?.done(summary(results));
    this.#timings.push({ step: name, seconds: (performance.now() - started) / 1000 });
    this.#open.delete(name);
    return results;
  }
}

/** What the work gives; undefined where the user stopped it. */
export async function unlessStopped<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Stopped) return undefined;
    throw error;
  }
}

/** Waits for all of it, also where some fails: then the first fault is thrown. */
export async function together<A, B>(first: Promise<A>, second: Promise<B>): Promise<readonly [A, B]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}
