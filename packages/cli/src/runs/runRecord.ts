import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as is from '@hyperribbon/contract/decode';
import { planDigest, planText } from '@hyperribbon/study';
import { writeWhole } from '../output/writeFiles.js';
import { UsageError } from '../usageError.js';
import { version } from '../version.js';

/** Tells whose a folder is. */
export const recordFile = 'run.json';

/**
 * What makes a run the one it is: its command with every option that its results depend on, and the digests of its data and weights. Plain
 * data; typed arrays are known by their digests.
 */
export interface RunIdentity {
  readonly command: string;
  readonly [part: string]: unknown;
}

const plain: is.Decoder<Readonly<Record<string, unknown>>> = (value, path) => {
  if (typeof value !== 'object' || value === null) throw new is.Mismatch(path, 'an object', value);
  return value as Readonly<Record<string, unknown>>;
};

const record = is.object({
  schema: is.oneOf('hyperribbon/run'),
  version: is.oneOf(1),
  /** digest of the identity */
  id: is.text,
  identity: plain,
  /** what was typed, and when (ISO 8601) */
  commandLine: is.text,
  started: is.text,
  /** of the process that writes here, while it does */
  process: is.count,
  /** writing: its results are on their way; running with a process that has gone: it died */
  status: is.oneOf('running', 'writing', 'interrupted', 'failed', 'complete'),
  /** files of its results with their SHA-256 */
  files: is.recordOf(is.text),
  /** files that it keeps to go on from */
  keeps: is.arrayOf(is.text),
});

/** Whose a folder is, and what of it is there. */
export type RunRecord = is.DecodedBy<typeof record>;

/** The record of a run that begins. */
export function newRecord(identity: RunIdentity, commandLine: string, keeps: readonly string[]): RunRecord {
  const whole = { ...identity, version };
  return {
    schema: 'hyperribbon/run',
    version: 1,
    id: planDigest(whole),
    identity: JSON.parse(planText(whole)) as Record<string, unknown>,
    commandLine,
    started: new Date().toISOString(),
    process: process.pid,
    status: 'running',
    files: {},
    keeps,
  };
}

/** The record in a folder; undefined where there is none. @throws UsageError for one that cannot be read */
export function readRecord(folder: string, option: string): RunRecord | undefined {
  const file = join(folder, recordFile);
  if (!existsSync(file)) return undefined;
  try {
    return is.decode(`${option}: ${file}`, record, readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof is.RecordFormatError) throw new UsageError(`${error.message}. Name another folder.`);
    throw error;
  }
}

export function writeRecord(folder: string, record: RunRecord): void {
  writeWhole(join(folder, recordFile), recordText(record));
}

export function recordText(record: RunRecord): string {
  return `${JSON.stringify(record, null, 1)}\n`;
}

/** Whether the process of a record is still at work. */
export function isAtWork({ status, process: id }: RunRecord): boolean {
  if ((status !== 'running' && status !== 'writing') || id === process.pid) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // a process of somebody else is one
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
