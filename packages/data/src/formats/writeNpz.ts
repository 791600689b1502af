import { describe, refuse } from '@hyperribbon/contract';
import { type Zippable, zipSync } from 'fflate';
import { type WritableArray, writeNpy } from './writeNpy.js';

export interface WriteNpzOptions {
  /** deflate the members (default true); false stores them */
  readonly compress?: boolean;
}

/**
 * Writes arrays as one npz archive: numpy.load reads it. The same arrays give the same bytes (no clock is read).
 *
 * @param arrays arrays by name; names are plain: letters, digits and _ . - with / between segments
 * @param options compress (default true)
 * @returns the file
 * @throws ArgumentError when a name is not plain; what {@link writeNpy} throws when an array is malformed
 * Cost: deflate, unless stored, and two copies.
 * @example
 * const file = writeNpz({ W1: { shape: [784, 10], data: new Float32Array(7840) } }, { compress: false });
 * Source: [zip-appnote, numpy-npy].
 */
export function writeNpz(
  arrays: ReadonlyMap<string, WritableArray> | Readonly<Record<string, WritableArray>>,
  options: WriteNpzOptions = {},
): Uint8Array {
  const { compress = true } = options;
  // a Map of another realm is none by instanceof, and has no own properties
  const entries = isMap(arrays) ? [...arrays] : Object.entries(arrays);
  const files: Zippable = Object.create(null) as Zippable;
  const level = compress ? 6 : 0;
  for (const [name, array] of entries) {
    if (
      !/^[\w.-]+(\/[\w.-]+)*$/.test(name) ||
      name.length > 200 ||
      name.split('/').some((part: string) => part === '.' || part === '..')
    ) {
      refuse('writeNpz', `a name must be letters, digits, _ . - and / between segments, got ${describe(name)}`);
    }
    files[`${name}.npy`] = [writeNpy(array), { level, mtime: new Date(1980, 0, 1) }];
  }
  return zipSync(files);
}

function isMap<T>(arrays: ReadonlyMap<string, T> | Readonly<Record<string, T>>): arrays is ReadonlyMap<string, T> {
  return Object.prototype.toString.call(arrays) === '[object Map]';
}
