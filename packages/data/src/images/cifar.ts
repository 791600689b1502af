import { refuse } from '@hyperribbon/contract';
import { type Cifar100Options, cifar100FromBytes, cifar10FromBytes, type CifarFiles } from './cifarFromBytes.js';
import { folderReader } from './folderReader.js';
import type { ImageSetOptions, ImageSplits } from './imageSplits.js';

/** Where the files of CIFAR are: no package has them. */
export interface CifarFolder {
  /** with the files of the binary version, as they are or as .gz */
  readonly directory: string;
}

/**
 * Loads CIFAR-10 in Node, Deno or Bun from a folder of its binary version: 32 × 32 images in three colours of ten classes.
 *
 * @param options directory (data_batch_1.bin to data_batch_5.bin and test_batch.bin), limit per part, dtype
 * @returns train (the first nine tenths of the training images), prior (the last tenth) and test; pixels in [0, 1], all red ones of an image first
 * @throws ArgumentError when the files are not there, or on bad options; FormatError when they are damaged
 * Cost: 2 s and 740 MB for all of it; `limit` makes the memory smaller.
 * @example
 * const load = () => cifar10({ directory: 'cifar-10-batches-bin', limit: 1000 });
 * Source: [krizhevsky2009].
 */
export async function cifar10({ directory, ...options }: CifarFolder & ImageSetOptions): Promise<ImageSplits> {
  const names = [1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`);
  return cifar10FromBytes(await files('cifar10', directory, names, 'test_batch.bin'), options);
}

/**
 * Loads CIFAR-100 in Node, Deno or Bun from a folder of its binary version: 32 × 32 images in three colours of 100 classes in 20 superclasses.
 *
 * @param options directory (train.bin and test.bin), labels 'fine' (default) or 'coarse', limit per part, dtype
 * @returns train (the first nine tenths of the training images), prior (the last tenth) and test; pixels in [0, 1], all red ones of an image first
 * @throws ArgumentError when the files are not there, or on bad options; FormatError when they are damaged
 * Cost: 2 s and 740 MB for all of it; `limit` makes the memory smaller.
 * @example
 * const load = () => cifar100({ directory: 'cifar-100-binary', labels: 'coarse' });
 * Source: [krizhevsky2009].
 */
export async function cifar100({ directory, ...options }: CifarFolder & Cifar100Options): Promise<ImageSplits> {
  return cifar100FromBytes(await files('cifar100', directory, ['train.bin'], 'test.bin'), options);
}

async function files(caller: string, directory: string, train: readonly string[], test: string): Promise<CifarFiles> {
  if (typeof directory !== 'string' || directory === '')
    refuse(caller, 'directory must name the folder of the binary files');
  const { readFolder } = await folderReader(caller);
  const names = [...train, test];
  const advice = `the folder must hold ${names.length > 2 ? `${names[0]}, …, ` : `${names[0]} and `}${test} of the binary version, as they are or as .gz`;
  const bytes = await readFolder(caller, directory, names, advice);
  return { train: bytes.slice(0, -1), test: bytes[bytes.length - 1] };
}
