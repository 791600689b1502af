import { FormatError } from '../formats/formatError.js';
import { parseIdx } from '../formats/parseIdx.js';
import type { LabelledBytes } from './imageSplits.js';

/** The four idx files of MNIST or of a set in its place, as they are or compressed by gzip. */
export interface MnistFiles {
  readonly trainImages: Uint8Array;
  readonly trainLabels: Uint8Array;
  readonly testImages: Uint8Array;
  readonly testLabels: Uint8Array;
}

/** What the files are called, in the order of {@link MnistFiles}. */
export const idxNames = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
] as const;

export function filesOf([trainImages, trainLabels, testImages, testLabels]: readonly Uint8Array[]): MnistFiles {
  return { trainImages, trainLabels, testImages, testLabels };
}

/** Of one image. */
export const idxShape: readonly number[] = [1, 28, 28];

/** Training images that nothing is fitted to, at the end: to choose priors on. */
export const heldImages = 5_000;

/** The 60,000 training and the 10,000 test images of a set. @throws FormatError for files of another type or shape, and a label above 9 */
export function idxImages(
  set: string,
  files: MnistFiles,
): { readonly training: LabelledBytes; readonly testing: LabelledBytes } {
  return {
    training: pair(set, 'training', files.trainImages, files.trainLabels, 60_000),
    testing: pair(set, 'test', files.testImages, files.testLabels, 10_000),
  };
}

function pair(set: string, which: string, images: Uint8Array, labels: Uint8Array, count: number): LabelledBytes {
  const [x, y] = [parseIdx(images), parseIdx(labels)];
  if (x.dtype !== 'uint8' || x.shape.join() !== `${count},28,28`) {
    throw new FormatError(
      'idx',
      `the ${which} images of ${set} are uint8 (${count}, 28, 28), these are ${x.dtype} (${x.shape.join(', ')})`,
    );
  }
  if (y.dtype !== 'uint8' || y.shape.join() !== `${count}`) {
    throw new FormatError(
      'idx',
      `the ${which} labels of ${set} are uint8 (${count},), these are ${y.dtype} (${y.shape.join(', ')})`,
    );
  }
  const classes = y.data as Uint8Array;
  const odd = classes.findIndex((label) => label > 9);
  if (odd >= 0)
    throw new FormatError('idx', `label ${odd} of the ${which} images is ${classes[odd]}; classes go from 0 to 9`);
  return { pixels: x.data as Uint8Array, classes };
}
