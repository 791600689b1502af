import { ArgumentError } from '@hyperribbon/contract';

/**
 * What reads folders, loaded when it is needed: a page that hands bytes over never loads it.
 *
 * @throws ArgumentError where there is no file system
 */
export async function folderReader(caller: string): Promise<typeof import('./readFolder.js')> {
  try {
    return await import('./readFolder.js');
  } catch (error) {
    throw new ArgumentError(
      `${caller}: needs a file system; in a browser, fetch the files and call ${caller}FromBytes`,
      { cause: error },
    );
  }
}
