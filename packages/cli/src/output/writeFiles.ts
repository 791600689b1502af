import { accessSync, constants, existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../usageError.js';

/** Refuses early, before hours of work, a folder that cannot be written. Creates it if it is missing. */
export function requireWritableFolder(folder: string, option: string): string {
  const path = resolve(folder);
  try {
    if (existsSync(path) && !statSync(path).isDirectory()) throw new Error('it is a file');
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw new UsageError(`${option}: cannot write to ${path} (${reason(error)}). Name a folder that you may write to.`);
  }
  return path;
}

/** Refuses early a file that cannot be created. */
export function requireWritableFile(file: string, option: string): string {
  const path = resolve(file);
  if (existsSync(path) && statSync(path).isDirectory()) {
    throw new UsageError(`${option}: ${path} is a folder. Name a file.`);
  }
  requireWritableFolder(dirname(path), option);
  return path;
}

/** Writes through a temporary neighbour and a rename: a reader never sees half a file. */
export function writeWhole(file: string, content: string | Uint8Array): void {
  const temporary = join(dirname(file), `.${basename(file)}.${process.pid}.tmp`);
  try {
    writeFileSync(temporary, content);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new UsageError(`cannot write ${file} (${reason(error)}). Free some space or choose another place.`);
  }
}

function reason(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : String(error);
}

/** A record as JSON, whole. */
export function writeJson(file: string, record: object): void {
  writeWhole(file, `${JSON.stringify(record, null, 1)}\n`);
}
