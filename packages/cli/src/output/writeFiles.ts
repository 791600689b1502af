import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../usageError.js';
import { placeOf } from './placeOf.js';

/** Refuses early, before hours of work, a folder that could not be made or written. Makes nothing. */
export function requireFolderPlace(folder: string, option: string): string {
  const path = resolve(folder);
  try {
    let there = path;
    while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
    if (!statSync(there).isDirectory()) throw new Error(there === path ? 'it is a file' : `${there} is a file`);
    accessSync(there, constants.W_OK);
  } catch (error) {
    throw new UsageError(`${option}: cannot write to ${path} (${reason(error)}). Name a folder that you may write to.`);
  }
  return path;
}

/** Makes a folder if it is missing. @throws UsageError where it cannot be written */
export function requireWritableFolder(folder: string, option: string): string {
  const path = requireFolderPlace(folder, option);
  mkdirSync(path, { recursive: true });
  return path;
}

/** Refuses early a file that cannot be written. @returns the path to hand to {@link writeWhole}; `-` stays what it is */
export function requireWritableFile(file: string, option: string): string {
  const refused = (why: string): UsageError =>
    new UsageError(`${option}: cannot write ${file} (${why}). Name a file that you may write.`);
  let place;
  try {
    place = placeOf(file);
    if (place.kind === 'device' || (place.kind === 'file' && place.mode !== undefined))
      accessSync(place.path, constants.W_OK);
  } catch (error) {
    throw refused(reason(error));
  }
  if (place.kind === 'folder') throw new UsageError(`${option}: ${place.path} is a folder. Name a file.`);
  if (place.kind === 'stream') {
    if (place.descriptor === 0) throw refused('it is standard input');
    return file === '-' ? file : resolve(file);
  }
  if (place.kind === 'file') requireWritableFolder(dirname(place.path), option);
  return resolve(file);
}

/**
 * Writes a file through a temporary neighbour and a rename: a reader never sees half of it. Links, devices, pipes and the streams of this
 * process are written to and stay what they are; `-` is standard output.
 */
export function writeWhole(file: string, content: string | Uint8Array): void {
  try {
    const place = placeOf(file);
    if (place.kind === 'stream') writeStream(place.descriptor, content);
    else if (place.kind === 'file') replaceFile(place.path, content, place.mode);
    else writeFileSync(place.path, content);
  } catch (error) {
    throw new UsageError(`cannot write ${file} (${reason(error)}). ${remedy(error)}`);
  }
}

function replaceFile(file: string, content: string | Uint8Array, mode: number | undefined): void {
  const temporary = join(dirname(file), `.${basename(file)}.${process.pid}.tmp`);
  try {
    writeFileSync(temporary, content);
    if (mode !== undefined) chmodSync(temporary, mode);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function writeStream(descriptor: number, content: string | Uint8Array): void {
  if (descriptor === 1) process.stdout.write(content);
  else if (descriptor === 2) process.stderr.write(content);
  else writeFileSync(descriptor, content);
}

/** What the file system's answers mean. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: 'you have no permission',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  ENOENT: 'its folder is not there',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is full',
  ENOTDIR: 'a part of its path is a file',
  EPERM: 'it is not permitted',
  EROFS: 'the disk can only be read',
};

function reason(error: unknown): string {
  return reasons[codeOf(error)] ?? (codeOf(error) || (error instanceof Error ? error.message : String(error)));
}

function remedy(error: unknown): string {
  return ['ENOSPC', 'EDQUOT'].includes(codeOf(error)) ? 'Free some space.' : 'Choose another place.';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** A record as JSON, whole. */
export function writeJson(file: string, record: object): void {
  writeWhole(file, `${JSON.stringify(record, null, 1)}\n`);
}
