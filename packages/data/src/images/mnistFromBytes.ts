import { requireOneOf } from '@hyperribbon/contract';
import { heldImages, idxImages, idxShape, type MnistFiles } from './idxImages.js';
import {
  imageSetting,
  type ImageSetOptions,
  type ImageSplits,
  imageSplits,
  type LabelledBytes,
} from './imageSplits.js';

export interface MnistOptions extends ImageSetOptions {
  /** 'digits' (default): 10 classes; 'binary': class 0 is digits 0 to 4, class 1 is digits 5 to 9 */
  readonly task?: 'digits' | 'binary';
}

/** The three parts of MNIST: fit on train, choose priors on prior, report on test. */
export type MnistSplits = ImageSplits;

/**
 * MNIST from bytes: the way for browsers, where nothing can be read from disk. Options and result are those of `mnist`.
 *
 * @param files the four idx files, as they are or compressed by gzip
 * @throws FormatError when a file is damaged or is not one of MNIST's; ArgumentError on bad options
 * Cost: about 0.5 s for all of it.
 * @example
 * const get = async (name) => new Uint8Array(await (await fetch(name)).arrayBuffer());
 * const load = async () =>
 *   mnistFromBytes({
 *     trainImages: await get('train-images-idx3-ubyte'),
 *     trainLabels: await get('train-labels-idx1-ubyte'),
 *     testImages: await get('t10k-images-idx3-ubyte'),
 *     testLabels: await get('t10k-labels-idx1-ubyte'),
 *   });
 * Source: [lecun1998, yang2022].
 */
export function mnistFromBytes(files: MnistFiles, options: MnistOptions = {}): MnistSplits {
  const { task = 'digits', ...rest } = options;
  requireOneOf('mnist', 'task', task, ['digits', 'binary']);
  const setting = imageSetting('mnist', rest);
  const { training, testing } = idxImages('MNIST', files);
  const asked = (images: LabelledBytes): LabelledBytes =>
    task === 'digits' ? images : { ...images, classes: images.classes.map((digit) => Number(digit > 4)) };
  const classes = task === 'binary' ? 2 : 10;
  return imageSplits(`MNIST ${task}`, asked(training), asked(testing), {
    ...setting,
    held: heldImages,
    classes,
    shape: idxShape,
  });
}
