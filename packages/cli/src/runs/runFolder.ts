import { existsSync, readdirSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { sha256 } from '@hyperribbon/contract/digest';
import { planText } from '@hyperribbon/study';
import { requireWritableFolder, writeWhole } from '../output/writeFiles.js';
import { UsageError } from '../usageError.js';
import { differencesText } from './differencesText.js';
import {
  isAtWork,
  newRecord,
  readRecord,
  recordFile,
  recordText,
  writeRecord,
  type RunIdentity,
  type RunRecord,
} from './runRecord.js';

/** What a person asked for. */
export interface FolderRequest {
  /** the folder that was typed; absent: the first of `byDefault`, `byDefault-2`, … that is free */
  readonly out?: string | undefined;
  readonly byDefault: string;
  /** go on with this very run, whatever became of it */
  readonly resume?: boolean;
  /** remove the files of the run that is there */
  readonly force: boolean;
  /** files by which an unfinished run can go on, each with what it is called: to go on takes `resume` */
  readonly keeps?: readonly string[];
}

type Files = Iterable<readonly [name: string, content: string | Uint8Array]>;

/** How a run ended, as its record tells it. */
type Ended = 'interrupted' | 'failed' | 'complete';

/** A folder that belongs to one run. */
export interface RunFolder {
  readonly path: string;
  /** Puts the results there, all of them or none that a reader would take for whole, and takes away what an earlier attempt left. */
  finish(files: Files, status: Ended): void;
}

/** Files by which one knows that some run wrote here, though nothing tells which. */
const telling = ['report.json', 'report.html', 'certificate.json', 'posterior.npz', 'checkpoint.npz', 'prior.npz'];

/**
 * Runs `body` in a folder of its own: an empty or new one, or the one where the same run began before and did not end. What another run left
 * is never written over, unless the person says `--force`.
 *
 * @throws UsageError before any work, saying whose the folder is and what can be done; what `body` throws, after a folder in which nothing was
 * left is taken away again
 */
export async function inRunFolder<T>(
  request: FolderRequest,
  identity: RunIdentity,
  commandLine: string,
  body: (folder: RunFolder) => Promise<T>,
): Promise<T> {
  const record = newRecord(identity, commandLine, request.keeps ?? []);
  const { path, before, replaces } = chosen(request, record);
  const made = !existsSync(path);
  requireWritableFolder(path, '--out');
  if (replaces !== undefined) removeFiles(path, replaces);
  const begun = { ...record, files: before?.files ?? {} };
  if (before === undefined && replaces === undefined) claim(path, begun);
  else writeRecord(path, begun);
  let finishing = false;
  try {
    return await body({
      path,
      finish(results, status) {
        finishing = true;
        finish(path, begun, results, status);
      },
    });
  } catch (error) {
    if (!finishing) leave(path, begun, before?.status === 'complete' ? before.status : endedBy(error), made);
    throw error;
  }
}

interface Choice {
  readonly path: string;
  /** of an earlier attempt at the same run, which goes on */
  readonly before?: RunRecord;
  /** of the run whose files are to go */
  readonly replaces?: RunRecord;
}

/** Makes the record where there is none: of two runs that begin at the same time one is told. */
function claim(path: string, record: RunRecord): void {
  try {
    writeFileSync(join(path, recordFile), recordText(record), { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    throw new UsageError(`--out: another run has just begun in ${path}. Name another folder.`);
  }
}

/** How a study ended. */
export function endOf({
  complete,
  reason,
}: {
  readonly complete: boolean;
  readonly reason?: string | undefined;
}): Ended {
  if (complete) return 'complete';
  return reason === 'interrupted' ? reason : 'failed';
}

function endedBy(error: unknown): Ended {
  return error instanceof Error && error.name === 'AbortError' ? 'interrupted' : 'failed';
}

function chosen(request: FolderRequest, wanted: RunRecord): Choice {
  if (request.out !== undefined) {
    if (request.out === '-') throw new UsageError('--out: the results are several files; name a folder');
    return admitted(request.out, request, wanted);
  }
  const there = numbered(request.byDefault);
  const own = there.findLast((path) => safely(() => readRecord(path, '--out'))?.id === wanted.id);
  if (request.resume === true) return admitted(own ?? there.at(-1) ?? request.byDefault, request, wanted);
  const unfinished = own !== undefined && readRecord(own, '--out')?.status !== 'complete';
  if (unfinished) return admitted(own, request, wanted);
  if (request.force) return admitted(there.at(-1) ?? request.byDefault, request, wanted);
  return { path: free(request.byDefault, there.length) };
}

/** The folders of a default name that exist, in the order of their numbers. */
function numbered(name: string): readonly string[] {
  const there: string[] = [];
  while (existsSync(withNumber(name, there.length + 1))) there.push(withNumber(name, there.length + 1));
  return there;
}

function withNumber(name: string, number: number): string {
  return number === 1 ? name : `${name}-${number}`;
}

/** The last of them if nobody wrote there, else the next one. */
function free(name: string, there: number): string {
  const last = withNumber(name, Math.max(1, there));
  return there > 0 && isTaken(last) ? withNumber(name, there + 1) : last;
}

function isTaken(path: string): boolean {
  return safely(() => readRecord(path, '--out')) !== undefined || unrecorded(path) || !safely(() => readdirSync(path));
}

/** Whether a folder has files that only runs write, and no record. */
function unrecorded(path: string): boolean {
  return telling.some((name) => existsSync(join(path, name)));
}

/** A folder that this run may have. @throws UsageError: whose it is, and what can be done */
function admitted(path: string, { resume = false, force }: FolderRequest, wanted: RunRecord): Choice {
  const before = readRecord(path, resume ? '--resume' : '--out');
  if (before === undefined) {
    if (unrecorded(path))
      throw new UsageError(
        `--out: ${path} has files of a run and no record of which. Remove them or name another folder.`,
      );
    if (resume) throw new UsageError(`--resume: ${path} holds no run. Leave --resume off to start anew.`);
    return { path };
  }
  if (isAtWork(before))
    throw new UsageError(`--out: ${path} is being written by process ${before.process}. Name another folder.`);
  const same = before.id === wanted.id;
  if (same && (resume || (before.status !== 'complete' && !hasKept(path, before)))) return { path, before };
  if (force && !resume) return { path, replaces: before };
  if (resume) {
    const differences = differencesText(planText(before.identity), planText(wanted.identity));
    throw new UsageError(`--resume: ${path} is of a run with other options:${differences}`);
  }
  throw new UsageError(`--out: ${path} holds ${description(path, before, same)}`);
}

function hasKept(path: string, { keeps }: RunRecord): boolean {
  return keeps.some((name) => existsSync(join(path, name)));
}

function description(path: string, { status, commandLine, started, keeps }: RunRecord, same: boolean): string {
  const whose = same ? 'this very run' : `another run (${commandLine}, ${started.slice(0, 10)})`;
  if (same && status !== 'complete') {
    const kept = keeps.filter((name) => existsSync(join(path, name))).join(' and ');
    return `${whose}, not finished, with ${kept}: --resume goes on, --force starts anew.`;
  }
  return `${whose}${status === 'complete' ? ', complete' : ''}. Name another folder, or --force to replace it.`;
}

function finish(path: string, record: RunRecord, files: Files, status: RunRecord['status']): void {
  const results = new Map(files);
  const digests = Object.fromEntries(Array.from(results, ([name, content]) => [name, digestOf(content)]));
  // first what will be there: who finds other files knows that the end was not reached
  writeRecord(path, { ...record, files: { ...record.files, ...digests }, status: 'writing' });
  for (const [name, content] of results) writeWhole(join(path, name), content);
  for (const name of Object.keys(record.files))
    if (!results.has(name)) rmSync(join(path, basename(name)), { force: true });
  writeRecord(path, { ...record, files: digests, status });
}

/** What remains of a run that ended by an error: its record where there is something of it, else nothing. */
function leave(path: string, record: RunRecord, status: RunRecord['status'], made: boolean): void {
  const something = Object.keys(record.files).length > 0 || hasKept(path, record);
  if (something) writeRecord(path, { ...record, status });
  else {
    rmSync(join(path, recordFile), { force: true });
    if (made && readdirSync(path).length === 0) rmdirSync(path);
  }
}

/** Takes away what a run wrote, and nothing else. */
function removeFiles(path: string, { files, keeps }: RunRecord): void {
  for (const name of [...Object.keys(files), ...keeps]) rmSync(join(path, basename(name)), { force: true });
}

/** `sha256:` and 64 digits. */
export function digestOf(content: string | Uint8Array): string {
  return `sha256:${sha256(typeof content === 'string' ? new TextEncoder().encode(content) : content)}`;
}

/** undefined where `read` throws */
function safely<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
