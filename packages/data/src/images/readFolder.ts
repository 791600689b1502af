/** The only file of the package that touches a file system; imported when a set of images is asked for, never before. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ArgumentError } from '@hyperribbon/contract';

/** Where npm put a package, seen from this one and from the program that runs; undefined where it is not installed. */
export function packageFolder(name: string): string | undefined {
  for (const from of [import.meta.url, join(process.cwd(), 'index.js')]) {
    try {
      return dirname(createRequire(from).resolve(`${name}/package.json`));
    } catch {
      // the next place, or nowhere
    }
  }
  return undefined;
}

/**
 * Files of a folder, each as it is or, where there is none of its name, with .gz behind it.
 *
 * @param advice what the folder must hold and where to get it
 * @throws ArgumentError naming the first that cannot be read
 */
export function readFolder(
  caller: string,
  directory: string,
  names: readonly string[],
  advice: string,
): Promise<Uint8Array[]> {
  return Promise.all(
    names.map(async (name) => {
      const path = join(directory, name);
      try {
        return await readFile(path).catch((error: unknown) =>
          isAbsent(error) ? readFile(`${path}.gz`) : reject(error),
        );
      } catch (error) {
        throw new ArgumentError(`${caller}: cannot read ${path}${isAbsent(error) ? ' or its .gz' : ''}; ${advice}`, {
          cause: error,
        });
      }
    }),
  );
}

const isAbsent = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

const reject = (error: unknown): never => {
  throw error;
};
