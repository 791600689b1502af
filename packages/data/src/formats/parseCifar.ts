import { refuse, requireOneOf } from '@hyperribbon/contract';
import { FormatError, requireBytes } from './formatError.js';
import { gunzip, type GunzipOptions, isGzip } from './gunzip.js';
import type { NumericArray } from './numericArray.js';

/** A file of CIFAR: images (count, 3, 32, 32) and the class of each. */
export interface CifarBatch {
  readonly images: NumericArray;
  readonly labels: NumericArray;
}

export interface CifarOptions extends GunzipOptions {
  /** which of the two sets it is; default what the length says, CIFAR-10 where it could be either */
  readonly classes?: 10 | 100;
  /** of CIFAR-100: the 100 classes (default) or the 20 superclasses */
  readonly labels?: 'fine' | 'coarse';
}

const pixels = 3 * 32 * 32;

/**
 * Reads a file of the binary version of CIFAR-10 or CIFAR-100: for each image one byte of label (CIFAR-100: coarse, then fine), then
 * 3072 bytes of pixels, all red ones first.
 *
 * @param file the whole file, data_batch_1.bin, test_batch.bin, train.bin, test.bin, as it is or compressed by gzip
 * @param options which set, which labels
 * @throws FormatError when the length is no multiple of 3073 or 3074 bytes, or a label is above 9 (99, or 19 where it is coarse); ArgumentError
 * for coarse labels of CIFAR-10
 * Cost: one copy.
 * @example
 * parseCifar(new Uint8Array(2 * 3073)).images.shape; // [2, 3, 32, 32]
 * Source: [krizhevsky2009].
 */
export function parseCifar(file: Uint8Array, options: CifarOptions = {}): CifarBatch {
  const { classes, labels: which = 'fine', ...limits } = options;
  requireBytes('parseCifar', file);
  requireOneOf('parseCifar', 'labels', which, ['fine', 'coarse']);
  if (classes !== undefined && classes !== 10 && classes !== 100)
    refuse('parseCifar', `classes must be 10 or 100, got ${String(classes)}`);
  const bytes = isGzip(file) ? gunzip(file, limits) : file;
  const lead = labelBytes(bytes.length, classes);
  if (which === 'coarse' && lead === 1) refuse('parseCifar', 'coarse labels are of CIFAR-100; this is CIFAR-10');
  const count = bytes.length / (lead + pixels);
  const images = new Uint8Array(count * pixels);
  const labels = new Uint8Array(count);
  const place = which === 'coarse' ? 0 : lead - 1;
  for (let i = 0; i < count; i++) {
    const from = i * (lead + pixels);
    labels[i] = bytes[from + place];
    images.set(bytes.subarray(from + lead, from + lead + pixels), i * pixels);
  }
  const most = lead === 1 ? 9 : which === 'coarse' ? 19 : 99;
  const odd = labels.findIndex((label) => label > most);
  if (odd >= 0) throw new FormatError('cifar', `label ${odd} is ${labels[odd]}; classes go from 0 to ${most}`);
  return {
    images: { dtype: 'uint8', shape: [count, 3, 32, 32], data: images },
    labels: { dtype: 'uint8', shape: [count], data: labels },
  };
}

/** Bytes before the pixels of each image. */
function labelBytes(length: number, classes: 10 | 100 | undefined): number {
  const sizes = classes === undefined ? [1, 2] : [classes === 10 ? 1 : 2];
  const lead = sizes.find((size) => length > 0 && length % (size + pixels) === 0);
  if (lead !== undefined) return lead;
  const [set, each] =
    classes === undefined
      ? ['CIFAR', '3073 each (CIFAR-100: 3074)']
      : [`CIFAR-${classes}`, `${pixels + sizes[0]} each`];
  throw new FormatError('cifar', `the file has ${length} bytes; images of ${set} take ${each}, without a header`);
}
