import { AbortError, sentenceOf, type Progress } from '@hyperribbon/contract';
import type { Executor } from '../executors/executor.js';
import type { Job, JobKind, JobResult, JobTable } from '../job.js';
import { sharedLine, type StepLine, type StepLines } from './stepLine.js';

export interface StudyRunOptions {
  /** ends the run: steps under way keep what they have, the others do not begin */
  readonly signal: AbortSignal;
  readonly lines: StepLines;
}

/** One job of a step. */
export interface StepJob<Table extends JobTable, Kind extends JobKind<Table>> {
  readonly job: Job<Table, Kind>;
  /** its share of the step's work, in any unit; default 1 */
  readonly weight?: number;
  /** stands before the job's own words in the line */
  readonly label?: string;
}

export interface StepOptions<Result> {
  /** name of the step in the record, where it is not the title */
  readonly step?: string;
  readonly priority?: number;
  /** hears each result as it comes, also while the run is being stopped; `seconds` since the job began */
  readonly onResult?: (result: Result, index: number, seconds: number) => void;
  /** the sentence that ends the line */
  readonly summary?: (results: readonly Result[]) => string;
  /** what the line says beside the jobs' own words: "23 of 52 runs" */
  readonly counted?: (done: number, total: number) => string;
}

/** How a run stands: part of its record. */
export interface RunStatus {
  readonly complete: boolean;
  /** planned steps that are not done */
  readonly missing: readonly string[];
  /** steps that failed, and why; what needs them is missing too */
  readonly failed?: readonly FailedStep[];
  /** why the run is not complete, where it was stopped or a step failed */
  readonly reason?: 'interrupted' | 'a step failed';
}

export interface FailedStep {
  readonly step: string;
  /** what went wrong, without the name of a function */
  readonly why: string;
}

export interface StepTime {
  readonly step: string;
  readonly seconds: number;
}

/**
 * The steps of a long run: each has a line while it runs, its time in the record, and is named as missing until it is done. What ends early
 * leaves what is true: finished steps are in the record, the others are missing. A step that fails leaves the others: see {@link part}.
 *
 * @example
 * const table = { square: async ({ x }: { readonly x: number }) => x * x };
 * const quiet = { start: () => ({ update: () => {}, done: () => {}, stopped: () => {} }) };
 * const run = new StudyRun(here(table), { signal: new AbortController().signal, lines: quiet });
 * run.plan('squares', 'a sum');
 * await run.jobs('squares', [2, 3].map((x) => ({ job: { kind: 'square', x } }))); // [4, 9]
 * run.status; // { complete: false, missing: ['a sum'] }
 */
export class StudyRun<Table extends JobTable> {
  readonly signal: AbortSignal;
  readonly #executor: Executor<Table>;
  readonly #lines: StepLines;
  readonly #open = new Set<string>();
  readonly #times: StepTime[] = [];
  /** what failing steps threw, with the innermost step that it ended */
  readonly #failures = new Map<unknown, string>();
  readonly #began = performance.now();

  constructor(executor: Executor<Table>, { signal, lines }: StudyRunOptions) {
    this.signal = signal;
    this.#executor = executor;
    this.#lines = lines;
  }

  /** Steps that are to come: named as missing until they are done. */
  plan(...steps: readonly string[]): void {
    for (const step of steps) this.#open.add(step);
  }

  get status(): RunStatus {
    const missing = [...this.#open];
    const failed = Array.from(this.#failures, ([error, step]) => ({ step, why: whyOf(error) }));
    return {
      complete: missing.length === 0 && failed.length === 0,
      missing,
      ...(failed.length > 0 ? { failed, reason: 'a step failed' } : {}),
      ...(this.signal.aborted ? { reason: 'interrupted' } : {}),
    };
  }

  /** What failing steps threw, in their order. */
  get failures(): readonly unknown[] {
    return [...this.#failures.keys()];
  }

  /** wall-clock time of each finished step, in the order in which they ended */
  get timings(): readonly StepTime[] {
    return this.#times;
  }

  /** wall-clock time so far */
  get seconds(): number {
    return secondsSince(this.#began);
  }

  /**
   * A part of the run that may fail alone: other parts go on, and the run's status tells why.
   *
   * @param name stands for the step in the status where the part fails outside its own steps
   * @returns what `body` gives; undefined where it failed or was stopped
   */
  async part<T>(name: string, body: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await body();
    } catch (error) {
      if (!(error instanceof AbortError)) this.#fail(name, error);
      return undefined;
    }
  }

  /** A step that is more than its jobs: done when `body` is. @throws what `body` throws, AbortError once the run is stopped */
  async step<T>(name: string, body: () => T | Promise<T>): Promise<T> {
    this.#assertGoing(name);
    const began = performance.now();
    try {
      const value = await body();
      this.#assertGoing(name);
      this.#finish(name, began);
      return value;
    } catch (error) {
      if (!(error instanceof AbortError)) this.#fail(name, error);
      throw error;
    }
  }

  /**
   * A step in this thread, under a line. It runs after an abort too: whoever is asked to stop may still have to tell what there is.
   *
   * @param body its `report` moves the line
   * @param options `whole` tells a result that is all that was asked for (default) from one that ended early and leaves the step missing
   */
  async work<T>(
    title: string,
    body: (report: (progress: Progress<string>) => void) => T | Promise<T>,
    options: {
      readonly step?: string;
      readonly summary?: (value: T) => string;
      readonly whole?: (value: T) => boolean;
    } = {},
  ): Promise<T> {
    const { step: name = title, summary, whole = () => true } = options;
    const line = this.#lines.start(title);
    const began = performance.now();
    const value = await this.#endingEarly(name, line, () => body((progress) => line.update(progress)));
    const sentence = summary?.(value) ?? '';
    if (whole(value)) line.done(sentence);
    else line.stopped(sentence === '' ? 'stopped early' : sentence);
    if (whole(value)) this.#finish(name, began);
    return value;
  }

  /** A step of one job. @returns its result; @throws as {@link jobs} */
  async job<Kind extends JobKind<Table>>(
    title: string,
    job: Job<Table, Kind>,
    options: StepOptions<JobResult<Table, Kind>> = {},
  ): Promise<JobResult<Table, Kind>> {
    const [result] = await this.jobs<Kind>(title, [{ job }], options);
    return result;
  }

  /**
   * Runs the jobs of a step, as many at a time as the executor has room for, in their order.
   *
   * @returns their results in the same order
   * @throws AbortError once the run is stopped, after every job that had begun has ended; what the first failing job threw, after the others
   * have ended
   */
  async jobs<Kind extends JobKind<Table>>(
    title: string,
    jobs: readonly StepJob<Table, Kind>[],
    options: StepOptions<JobResult<Table, Kind>> = {},
  ): Promise<readonly JobResult<Table, Kind>[]> {
    const { step: name = title, priority = 0, onResult, summary, counted } = options;
    this.#assertGoing(name);
    const line = sharedLine(() => this.#lines.start(title), jobs, counted);
    const settled = await Promise.allSettled(
      jobs.map(async ({ job }, i) => {
        let began = 0;
        const result = await this.#executor.run<Kind>(job, {
          priority,
          signal: this.signal,
          onStart: () => {
            began = performance.now();
            line.begin();
          },
          onProgress: (progress) => line.update(i, progress),
        });
        onResult?.(result, i, secondsSince(began));
        line.finished(i);
        return result;
      }),
    );
    if (this.signal.aborted) {
      line.stopped();
      throw new AbortError(name, this.signal);
    }
    const failed = settled.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) {
      line.failed(whyOf(failed.reason));
      this.#fail(name, failed.reason);
      throw failed.reason;
    }
    const results = settled.map((outcome) => (outcome as PromiseFulfilledResult<JobResult<Table, Kind>>).value);
    line.done(summary?.(results) ?? '');
    this.#finish(name, line.began());
    return results;
  }

  #finish(name: string, began: number): void {
    this.#times.push({ step: name, seconds: secondsSince(began) });
    this.#open.delete(name);
  }

  #fail(name: string, error: unknown): void {
    // who hears of it again, further out, adds nothing
    if (!this.#failures.has(error)) this.#failures.set(error, name);
  }

  /** Ends the line of work that throws. */
  async #endingEarly<T>(name: string, line: StepLine, work: () => T | Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const stopped = error instanceof AbortError;
      if (!stopped) this.#fail(name, error);
      line.stopped(stopped ? 'stopped' : `failed: ${whyOf(error)}`);
      throw error;
    }
  }

  #assertGoing(name: string): void {
    if (this.signal.aborted) throw new AbortError(name, this.signal);
  }
}

/** One line on what was thrown. */
function whyOf(error: unknown): string {
  return sentenceOf(error).split('\n')[0];
}

function secondsSince(began: number): number {
  return (performance.now() - began) / 1000;
}
