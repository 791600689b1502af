/** Bundlers for browsers put this in the place of readFolder.ts (field "browser" of package.json). */
import { ArgumentError } from '@hyperribbon/contract';

/** Nowhere: reading it says why. */
export function packageFolder(): string {
  return '';
}

export function readFolder(caller: string): Promise<Uint8Array[]> {
  return Promise.reject(
    new ArgumentError(`${caller}: needs a file system; in a browser, fetch the files and call ${caller}FromBytes`),
  );
}
