import { heldImages, idxImages, idxShape, type MnistFiles } from './idxImages.js';
import { imageSetting, type ImageSetOptions, type ImageSplits, imageSplits } from './imageSplits.js';

/** What classes 0 to 9 of Fashion-MNIST are [xiao2017, Table 2]. */
export const fashionMnistClasses: readonly string[] = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];

/**
 * Fashion-MNIST from bytes: the way for browsers, where nothing can be read from disk. Options and result are those of `fashionMnist`.
 *
 * @param files the four idx files, as they are or compressed by gzip, as they are published
 * @throws FormatError when a file is damaged or is not one of the set's; ArgumentError on bad options
 * Cost: about 1 s for all of it.
 * @example
 * const get = async (name) => new Uint8Array(await (await fetch(name)).arrayBuffer());
 * const load = async () =>
 *   fashionMnistFromBytes({
 *     trainImages: await get('train-images-idx3-ubyte.gz'),
 *     trainLabels: await get('train-labels-idx1-ubyte.gz'),
 *     testImages: await get('t10k-images-idx3-ubyte.gz'),
 *     testLabels: await get('t10k-labels-idx1-ubyte.gz'),
 *   });
 * Source: [xiao2017].
 */
export function fashionMnistFromBytes(files: MnistFiles, options: ImageSetOptions = {}): ImageSplits {
  const setting = imageSetting('fashionMnist', options);
  const { training, testing } = idxImages('Fashion-MNIST', files);
  return imageSplits('Fashion-MNIST', training, testing, {
    ...setting,
    held: heldImages,
    classes: 10,
    shape: idxShape,
  });
}
