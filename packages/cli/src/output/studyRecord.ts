import { kernelInfo } from '@hyperribbon/kernels';
import { studySchema, studyVersion, type Setting, type Study } from '@hyperribbon/report';
import { version } from '../version.js';

/** How a run of steps ended. */
export interface RunState {
  readonly status: Study['status'];
  /** wall-clock time of the whole run */
  readonly seconds: number;
  readonly timings: readonly { readonly step: string; readonly seconds: number }[];
}

/** The record of a study, whichever command made it. */
export function studyRecord(
  { setting, ...content }: Pick<Study, 'kind' | 'title' | 'sections' | 'notes'> & { readonly setting: Setting },
  { status, seconds, timings }: RunState,
): Study {
  return {
    schema: studySchema,
    version: studyVersion,
    created: new Date().toISOString(),
    status,
    setting: { ...setting, seconds, timings },
    ...content,
  };
}

/** What every plan of a study says of itself. */
export interface StudiedRun {
  readonly dataset: string;
  readonly task: string;
  readonly seed?: number;
  readonly deterministic?: boolean;
  readonly workers?: number;
  /** what became of the inputs before anything else */
  readonly standardize?: string;
  readonly commandLine: string;
}

/** What was asked for and what it runs on; what only one study knows comes with `more`. */
export function runSetting(
  { dataset, task, seed, deterministic = false, workers, standardize, commandLine }: StudiedRun,
  more: Pick<Setting, 'options'> & Partial<Setting>,
): Setting {
  const { bun, deno, node } = process.versions;
  const threads = workers === undefined ? '' : `, ${workers} ${workers === 1 ? 'worker' : 'workers'}`;
  const runtime = bun !== undefined ? `bun ${bun}` : deno === undefined ? `node ${node}` : `deno ${deno}`;
  return {
    dataset,
    task,
    ...(seed === undefined ? {} : { seed }),
    deterministic,
    kernels: { ...kernelInfo({ deterministic }) },
    runtime: `${runtime}, ${process.platform} ${process.arch}${threads}`,
    versions: { hyperribbon: version },
    ...more,
    options: { command: commandLine, ...(standardize === undefined ? {} : { standardize }), ...more.options },
  };
}
