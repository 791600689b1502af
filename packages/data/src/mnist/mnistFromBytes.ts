import { requireInteger, requireOneOf } from '@hyperribbon/contract';
import { type DataSet, makeExamples } from '../examples/examples.js';
import { scaledBytes } from '../examples/examplesFromArrays.js';
import { FormatError } from '../formats/formatError.js';
import { parseIdx } from '../formats/parseIdx.js';

export interface MnistOptions {
  /** 'digits' (default): 10 classes; 'binary': class 0 is digits 0 to 4, class 1 is digits 5 to 9 */
  readonly task?: 'digits' | 'binary';
  /** at most this many examples of each part, an integer >= 1; default all */
  readonly limit?: number;
  /** of the inputs, byte / 255 (default 'float32') */
  readonly dtype?: 'float32' | 'float64';
}

/** The four idx files of MNIST, decompressed. */
export interface MnistFiles {
  readonly trainImages: Uint8Array;
  readonly trainLabels: Uint8Array;
  readonly testImages: Uint8Array;
  readonly testLabels: Uint8Array;
}

/** The three parts of MNIST: fit on train, choose priors on prior, report on test. */
export interface MnistSplits {
  readonly train: DataSet;
  readonly prior: DataSet;
  readonly test: DataSet;
}

interface Raw {
  readonly pixels: Uint8Array;
  readonly digits: Uint8Array;
}

const TRAIN = 55_000;

function readPair(which: string, images: Uint8Array, labels: Uint8Array, count: number): Raw {
  const x = parseIdx(images);
  const y = parseIdx(labels);
  if (x.dtype !== 'uint8' || x.shape.join() !== `${count},28,28`) {
    throw new FormatError(
      'idx',
      `the ${which} images of MNIST are uint8 (${count}, 28, 28), these are ${x.dtype} (${x.shape.join(', ')})`,
    );
  }
  if (y.dtype !== 'uint8' || y.shape.join() !== `${count}`) {
    throw new FormatError(
      'idx',
      `the ${which} labels of MNIST are uint8 (${count},), these are ${y.dtype} (${y.shape.join(', ')})`,
    );
  }
  const digits = y.data as Uint8Array;
  const odd = digits.findIndex((digit) => digit > 9);
  if (odd >= 0) throw new FormatError('idx', `label ${odd} of the ${which} images is ${digits[odd]}, not a digit`);
  return { pixels: x.data as Uint8Array, digits };
}

/**
 * MNIST from bytes: the way for browsers, where nothing can be read from disk. Options and result are those of `mnist`.
 *
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
  const { task = 'digits', limit = Infinity, dtype = 'float32' } = options;
  requireOneOf('mnist', 'task', task, ['digits', 'binary']);
  requireOneOf('mnist', 'dtype', dtype, ['float32', 'float64']);
  if (limit !== Infinity) requireInteger('mnist', 'limit', limit, 1);
  const training = readPair('training', files.trainImages, files.trainLabels, 60_000);
  const testing = readPair('test', files.testImages, files.testLabels, 10_000);
  const part = (raw: Raw, which: string, from: number, all: number): DataSet => {
    const count = Math.min(all, limit);
    const inputs = scaledBytes(raw.pixels.subarray(from * 784, (from + count) * 784), dtype);
    const labels = Int32Array.from(raw.digits.subarray(from, from + count), (digit) =>
      task === 'binary' ? Number(digit > 4) : digit,
    );
    return makeExamples(
      `MNIST ${task}, ${which} images ${from} to ${from + count - 1}`,
      inputs,
      labels,
      task === 'binary' ? 2 : 10,
    );
  };
  return {
    train: part(training, 'training', 0, TRAIN),
    prior: part(training, 'training', TRAIN, 5_000),
    test: part(testing, 'test', 0, 10_000),
  };
}
