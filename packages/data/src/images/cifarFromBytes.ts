import { refuse, refuseType, requireOneOf } from '@hyperribbon/contract';
import { type CifarOptions, parseCifar } from '../formats/parseCifar.js';
import {
  imageSetting,
  type ImageSetOptions,
  type ImageSplits,
  imageSplits,
  type LabelledBytes,
} from './imageSplits.js';

/** The binary files of CIFAR-10 (five for training) or CIFAR-100 (one), as they are or compressed by gzip. */
export interface CifarFiles {
  readonly train: readonly Uint8Array[];
  readonly test: Uint8Array;
}

export interface Cifar100Options extends ImageSetOptions {
  /** the 100 classes (default) or the 20 superclasses */
  readonly labels?: 'fine' | 'coarse';
}

/**
 * CIFAR-10 from bytes: the way for browsers, where nothing can be read from disk. Options and result are those of `cifar10`.
 *
 * @param files data_batch_1.bin to data_batch_5.bin in this order, and test_batch.bin
 * @throws FormatError when a file is damaged or no file of CIFAR-10; ArgumentError on bad options
 * Cost: one pass over the bytes and one over the numbers: 740 MB in float32 for all of it.
 * @example
 * const batch = new Uint8Array(20 * 3073); // 20 black images of class 0
 * const { train, prior, test } = cifar10FromBytes({ train: [batch], test: batch });
 * console.log(train.count, prior.count, test.count); // 18 2 20
 * Source: [krizhevsky2009].
 */
export function cifar10FromBytes(files: CifarFiles, options: ImageSetOptions = {}): ImageSplits {
  return fromBatches('cifar10', 'CIFAR-10', files, options, { classes: 10 }, 10);
}

/**
 * CIFAR-100 from bytes: the way for browsers, where nothing can be read from disk. Options and result are those of `cifar100`.
 *
 * @param files train.bin and test.bin
 * @throws FormatError when a file is damaged or no file of CIFAR-100; ArgumentError on bad options
 * Cost: one pass over the bytes and one over the numbers: 740 MB in float32 for all of it.
 * @example
 * const batch = new Uint8Array(20 * 3074);
 * console.log(cifar100FromBytes({ train: [batch], test: batch }, { labels: 'coarse' }).train.classes); // 20
 * Source: [krizhevsky2009].
 */
export function cifar100FromBytes(files: CifarFiles, options: Cifar100Options = {}): ImageSplits {
  const { labels = 'fine', ...rest } = options;
  requireOneOf('cifar100', 'labels', labels, ['fine', 'coarse']);
  const [set, classes] = labels === 'fine' ? ['CIFAR-100', 100] : ['CIFAR-100 coarse', 20];
  return fromBatches('cifar100', set, files, rest, { classes: 100, labels }, classes);
}

/** The prior part is a tenth: 5,000 of 50,000. */
const heldShare = 10;

function fromBatches(
  caller: string,
  set: string,
  { train, test }: CifarFiles,
  options: ImageSetOptions,
  format: CifarOptions,
  classes: number,
): ImageSplits {
  const setting = imageSetting(caller, options);
  if (!Array.isArray(train)) refuseType(caller, 'train', 'a list of files', train);
  if (train.length === 0) refuse(caller, 'train holds no file');
  const training = joined(train.map((file) => bytesOf(file, format)));
  const count = training.classes.length;
  if (count < 2) refuse(caller, `the training files hold ${count} image; a part of them is the prior, so give more`);
  const held = Math.max(1, Math.floor(count / heldShare));
  return imageSplits(set, training, bytesOf(test, format), { ...setting, held, classes, shape: [3, 32, 32] });
}

function bytesOf(file: Uint8Array, format: CifarOptions): LabelledBytes {
  const { images, labels } = parseCifar(file, format);
  return { pixels: images.data as Uint8Array, classes: labels.data as Uint8Array };
}

function joined(batches: readonly LabelledBytes[]): LabelledBytes {
  const concatenated = (arrays: readonly Uint8Array[]): Uint8Array => {
    const whole = new Uint8Array(arrays.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const array of arrays) {
      whole.set(array, at);
      at += array.length;
    }
    return whole;
  };
  return {
    pixels: concatenated(batches.map(({ pixels }) => pixels)),
    classes: concatenated(batches.map(({ classes }) => classes)),
  };
}
