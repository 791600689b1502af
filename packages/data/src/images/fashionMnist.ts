import { fashionMnistFromBytes } from './fashionMnistFromBytes.js';
import { folderReader } from './folderReader.js';
import { filesOf, idxNames } from './idxImages.js';
import type { ImageSetOptions, ImageSplits } from './imageSplits.js';

export interface FashionMnistOptions extends ImageSetOptions {
  /** folder with the four idx files, as they are or as .gz; default /usr/share/datasets/fashion-mnist, where Debian and Ubuntu put them */
  readonly directory?: string;
}

/** Of the package dataset-fashion-mnist. */
const debianFolder = '/usr/share/datasets/fashion-mnist';

/**
 * Loads Fashion-MNIST in Node, Deno or Bun: 28 × 28 grey images of ten kinds of clothes, in the files and the split of MNIST. No npm package has
 * the files; `apt install dataset-fashion-mnist` has, or name a folder.
 *
 * @param options directory, limit per part, dtype
 * @returns train (the first 55 000 training images), prior (the last 5000) and test (10 000), pixels in [0, 1]
 * @throws ArgumentError when the files are not there, or on bad options; FormatError when they are damaged
 * Cost: 1.5 s and 220 MB for all of it; `limit` makes the memory smaller.
 * @example
 * const load = () => fashionMnist({ limit: 1000 }); // (await load()).train.count is 1000
 * Source: [xiao2017].
 */
export async function fashionMnist(options: FashionMnistOptions = {}): Promise<ImageSplits> {
  const { directory = debianFolder, ...rest } = options;
  const { readFolder } = await folderReader('fashionMnist');
  const advice =
    'the folder must hold the four idx files, as they are or as .gz: install dataset-fashion-mnist (Debian, Ubuntu), or pass a directory with them';
  return fashionMnistFromBytes(filesOf(await readFolder('fashionMnist', directory, idxNames, advice)), rest);
}
