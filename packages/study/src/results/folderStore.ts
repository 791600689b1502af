import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, refuse } from '@hyperribbon/contract';
import { decodeResult } from './resultBytes.js';
import { ConflictError, type ResultStore, sameBytes } from './resultStore.js';

const ENDING = '.result';

/**
 * A store in a folder that several processes or machines share, each result a file.
 *
 * A result is written under a name of its own, flushed, and then linked to the name of its job, which the file system does at once or not at all: a process that is killed leaves at most a file that nobody
 * reads. The first one stays. A file that is not whole (a disk that was full, a copy cut short) is set aside and counts as missing. Clocks are not looked at. The file system must have hard links, as those of Linux, macOS and Windows and NFS have.
 *
 * @param folder made where it is missing
 * @throws the file system's own errors
 * @example
 * const store = folderStore('results');
 */
export function folderStore(folder: string): ResultStore {
  if (typeof folder !== 'string' || folder === '')
    refuse('folderStore', `folder must be the path of a folder, got ${describe(folder)}`);
  const fileOf = (id: string): string => join(folder, `${id.replace(/^sha256:/u, '')}${ENDING}`);
  const read = async (id: string): Promise<Uint8Array | undefined> => {
    const bytes = await readFile(fileOf(id)).catch(missing);
    if (bytes === undefined) return undefined;
    try {
      decodeResult(id, bytes);
      return bytes;
    } catch {
      await rename(fileOf(id), `${fileOf(id)}.${randomUUID()}.broken`).catch(missing);
      return undefined;
    }
  };
  return {
    read,
    async write(id, bytes) {
      decodeResult(id, bytes);
      await mkdir(folder, { recursive: true });
      const own = join(folder, `${randomUUID()}.part`);
      const file = await open(own, 'wx');
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      try {
        for (;;) {
          if (await link(own, fileOf(id)).then(() => true, exists)) return;
          const before = await read(id);
          if (before === undefined) continue;
          if (!sameBytes(before, bytes)) throw new ConflictError(id);
          return;
        }
      } finally {
        await unlink(own);
      }
    },
    async list() {
      const names = (await readdir(folder).catch(missing)) ?? [];
      const ids = names
        .filter((name) => name.endsWith(ENDING))
        .map((name) => `sha256:${name.slice(0, -ENDING.length)}`);
      return ids.sort();
    },
  };
}

function missing(error: unknown): undefined {
  if ((error as { code?: string }).code === 'ENOENT') return undefined;
  throw error;
}

function exists(error: unknown): false {
  if ((error as { code?: string }).code === 'EEXIST') return false;
  throw error;
}
