import { ArgumentError } from '@hyperribbon/contract';
import type { MnistFiles } from './mnistFromBytes.js';

/** Bundlers for browsers put this in the place of mnistFiles.ts (field "browser" of package.json). */
export function readMnistFiles(): Promise<MnistFiles> {
  return Promise.reject(
    new ArgumentError('mnist: needs a file system; in a browser, fetch the four idx files and call mnistFromBytes'),
  );
}
