import { open } from 'node:fs/promises';
import { FormatError, gunzip, isGzip } from '@hyperribbon/data';
import { UsageError } from '../usageError.js';

/** Asked for at once: a single read gives at most 2 GiB. */
const most = 2 ** 30;

/** The bytes of a file the user named; files beyond 2 GiB too, as long as they fit into memory. */
export async function readInput(file: string, option: string, piece: number = most): Promise<Uint8Array> {
  try {
    const handle = await open(file);
    try {
      const found = await handle.stat();
      // what has no size, such as a pipe, is read to its end
      if (!found.isFile()) return await handle.readFile();
      const bytes = new Uint8Array(found.size);
      let at = 0;
      for (let read = -1; at < bytes.length && read !== 0; at += read)
        ({ bytesRead: read } = await handle.read(bytes, at, Math.min(piece, bytes.length - at), at));
      return bytes.subarray(0, at);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new UsageError(`${option}: cannot read ${file} (${reasonOf(error)}). Check the path.`);
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  if (error instanceof RangeError) return 'it is larger than memory can hold';
  return code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code;
}

/** What a gzip file holds; bytes of anything else as they are. At most 2 GiB: a small file may say that it holds anything. */
export function unzipped(bytes: Uint8Array, file: string, option: string): Uint8Array {
  if (!isGzip(bytes)) return bytes;
  try {
    return gunzip(bytes);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const large = error.message.includes('memoryLimit');
    throw new UsageError(
      `${option}: ${file} is compressed and ${large ? 'holds more than 2 GiB; decompress it first' : `damaged: ${error.message.slice('gzip: '.length)}`}`,
      { cause: error },
    );
  }
}
