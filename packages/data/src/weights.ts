import { type FloatArray, isFloatArray, refuse, requireFiniteEntries, requireOneOf } from '@hyperribbon/contract';
import { FormatError } from './formats/formatError.js';
import type { NumericArray } from './formats/numericArray.js';
import { type NpzOptions, openNpz } from './formats/openNpz.js';
import { openSafetensors, type SafetensorsOptions } from './formats/openSafetensors.js';

/** A parameter array as training left it. */
export interface WeightArray {
  readonly shape: readonly number[];
  readonly data: FloatArray;
}

export interface WeightsOptions {
  /** what happens to what is no floating-point numbers, such as a counter of batches, names of classes, a README.txt: 'reject' (default) or 'omit' */
  readonly integers?: 'reject' | 'omit';
  /** hears what is omitted, and what it is */
  readonly onOmitted?: (name: string, what: string) => void;
}

interface OpenFile {
  readonly names: readonly string[];
  readonly others?: readonly string[];
  read(name: string): NumericArray;
}

function weightsFrom(where: string, file: OpenFile, options: WeightsOptions): Map<string, WeightArray> {
  const { integers = 'reject', onOmitted } = options;
  requireOneOf(where, 'integers', integers, ['reject', 'omit']);
  const leaveOut = (name: string, what: string): void => {
    if (integers === 'reject')
      refuse(
        where,
        `${JSON.stringify(name)} is ${what}, not floating point; say integers: 'omit' to leave such arrays out`,
      );
    onOmitted?.(name, what);
  };
  const weights = new Map<string, WeightArray>();
  for (const name of file.others ?? []) leaveOut(name, 'no npy file');
  for (const name of file.names) {
    const array = numbersOf(file, name);
    if (typeof array === 'string') leaveOut(name, array);
    else if (isFloatArray(array.data)) {
      requireFiniteEntries(where, JSON.stringify(name), array.data);
      weights.set(name, { shape: array.shape, data: array.data });
    } else leaveOut(name, array.dtype);
  }
  return weights;
}

/** An array, or why it is none of a type that is read here. */
function numbersOf(file: OpenFile, name: string): NumericArray | string {
  try {
    return file.read(name);
  } catch (error) {
    if (error instanceof FormatError && error.unsupported) return error.message;
    throw error;
  }
}

/**
 * The floating-point arrays of an npz archive by name; float16 is widened to float32.
 *
 * @throws FormatError like {@link openNpz}; ArgumentError on integer arrays unless omitted, on NaN and infinities
 * @example
 * const weights = weightsFromNpz(writeNpz({ W1: { shape: [2, 2], data: new Float32Array(4) } }));
 * weights.get('W1'); // { shape: [2, 2], data: Float32Array(4) }
 */
export function weightsFromNpz(bytes: Uint8Array, options: NpzOptions & WeightsOptions = {}): Map<string, WeightArray> {
  return weightsFrom('weightsFromNpz', openNpz(bytes, options), options);
}

/**
 * The floating-point tensors of a safetensors file by name; float8, float16 and bfloat16 are widened to float32.
 *
 * @throws FormatError like {@link openSafetensors}; ArgumentError on integer tensors unless omitted, on NaN and infinities
 * @example
 * weightsFromSafetensors(Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d)).size; // 0: an empty file
 */
export function weightsFromSafetensors(
  bytes: Uint8Array,
  options: SafetensorsOptions & WeightsOptions = {},
): Map<string, WeightArray> {
  return weightsFrom('weightsFromSafetensors', openSafetensors(bytes, options), options);
}
