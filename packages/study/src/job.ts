import type { Progress } from '@hyperribbon/contract';

/** What every job may use while it runs. */
export interface JobContext {
  /** aborted once the run is to end: a job returns what it has, or rejects */
  readonly signal: AbortSignal;
  /** tells how far the job is, with a few words; also where an abort from another thread is noticed: call it between units of work */
  report(progress: Progress<string>): void;
}

/** A kind of work: from plain data to plain data, so that it runs in any thread or on any machine. */
export type JobFunction = (input: never, context: JobContext) => Promise<unknown>;

/** Every kind of job that a program knows, by name; both sides of a thread import the same table. */
export type JobTable = Readonly<Record<string, JobFunction>>;

/** Names of a table's jobs. */
export type JobKind<Table extends JobTable> = keyof Table & string;

/** One piece of work: the name of its function and the function's argument. */
export type Job<Table extends JobTable, Kind extends JobKind<Table> = JobKind<Table>> = {
  readonly [K in Kind]: { readonly kind: K } & Parameters<Table[K]>[0];
}[Kind];

/** What a kind of job resolves to. */
export type JobResult<Table extends JobTable, Kind extends JobKind<Table>> = Table[Kind] extends (
  input: never,
  context: JobContext,
) => Promise<infer Result>
  ? Result
  : never;

/** Runs a job in this thread, now. @throws what the job throws */
export async function runJob<Table extends JobTable, Kind extends JobKind<Table>>(
  table: Table,
  job: Job<Table, Kind>,
  context: JobContext,
): Promise<JobResult<Table, Kind>> {
  const { kind, ...input } = job as { readonly kind: Kind };
  return (await table[kind](input as never, context)) as JobResult<Table, Kind>;
}
