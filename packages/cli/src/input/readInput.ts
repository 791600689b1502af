import { readFile } from 'node:fs/promises';
import { UsageError } from '../usageError.js';

/** The bytes of a file the user named. */
export async function readInput(file: string, option: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code;
    throw new UsageError(`${option}: cannot read ${file} (${why}). Check the path.`);
  }
}
