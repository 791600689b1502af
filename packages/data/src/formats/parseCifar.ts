import { FormatError, requireBytes } from './formatError.js';
import type { NumericArray } from './numericArray.js';

/** A file of CIFAR: images (count, 3, 32, 32) and the class of each. */
export interface CifarBatch {
  readonly images: NumericArray;
  readonly labels: NumericArray;
}

const pixels = 3 * 32 * 32;

/**
 * Reads a file of the binary version of CIFAR-10 or CIFAR-100: for each image one byte of label (CIFAR-100: coarse, then fine), then
 * 3072 bytes of pixels, all red ones first. CIFAR-100 gives the fine labels.
 *
 * @param bytes the whole file: data_batch_1.bin, test_batch.bin, train.bin, test.bin
 * @throws FormatError when the length is no multiple of 3073 or 3074 bytes, or a label is above 9 (99)
 * Cost: one copy.
 * @example
 * parseCifar(new Uint8Array(2 * 3073)).images.shape; // [2, 3, 32, 32]
 * Source: [krizhevsky2009].
 */
export function parseCifar(bytes: Uint8Array): CifarBatch {
  requireBytes('parseCifar', bytes);
  const lead = [1, 2].find((size) => bytes.length > 0 && bytes.length % (size + pixels) === 0);
  if (lead === undefined)
    throw new FormatError(
      'cifar',
      `the file has ${bytes.length} bytes; images of CIFAR take 3073 each (CIFAR-100: 3074), without a header`,
    );
  const count = bytes.length / (lead + pixels);
  const images = new Uint8Array(count * pixels);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const from = i * (lead + pixels);
    labels[i] = bytes[from + lead - 1];
    images.set(bytes.subarray(from + lead, from + lead + pixels), i * pixels);
  }
  const most = lead === 1 ? 9 : 99;
  const odd = labels.findIndex((label) => label > most);
  if (odd >= 0) throw new FormatError('cifar', `label ${odd} is ${labels[odd]}; classes go from 0 to ${most}`);
  return {
    images: { dtype: 'uint8', shape: [count, 3, 32, 32], data: images },
    labels: { dtype: 'uint8', shape: [count], data: labels },
  };
}
