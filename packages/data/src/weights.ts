import { type FloatArray, isFloatArray, refuse, requireFiniteEntries, requireOneOf } from '@hyperribbon/contract';
import type { NumericArray } from './formats/numericArray.js';
import { type NpzOptions, parseNpz } from './formats/parseNpz.js';
import { parseSafetensors, type SafetensorsOptions } from './formats/parseSafetensors.js';

/** A parameter array as training left it. */
export interface WeightArray {
  readonly shape: readonly number[];
  readonly data: FloatArray;
}

export interface WeightsOptions {
  /** what happens to integer and bool arrays, such as a counter of batches: 'reject' (default) or 'omit' */
  readonly integers?: 'reject' | 'omit';
}

function weightsFrom(
  where: string,
  arrays: ReadonlyMap<string, NumericArray>,
  options: WeightsOptions,
): Map<string, WeightArray> {
  const { integers = 'reject' } = options;
  requireOneOf(where, 'integers', integers, ['reject', 'omit']);
  const weights = new Map<string, WeightArray>();
  for (const [name, { shape, data, dtype }] of arrays) {
    if (isFloatArray(data)) {
      requireFiniteEntries(where, JSON.stringify(name), data);
      weights.set(name, { shape, data });
    } else if (integers === 'reject') {
      refuse(
        where,
        `${JSON.stringify(name)} is ${dtype}, not floating point; say integers: 'omit' to leave such arrays out`,
      );
    }
  }
  return weights;
}

/**
 * The floating-point arrays of an npz archive by name; float16 is widened to float32.
 *
 * @throws FormatError like {@link parseNpz}; ArgumentError on integer arrays unless omitted, on NaN and infinities
 * @example
 * const weights = weightsFromNpz(writeNpz({ W1: { shape: [2, 2], data: new Float32Array(4) } }));
 * weights.get('W1'); // { shape: [2, 2], data: Float32Array(4) }
 */
export function weightsFromNpz(bytes: Uint8Array, options: NpzOptions & WeightsOptions = {}): Map<string, WeightArray> {
  return weightsFrom('weightsFromNpz', parseNpz(bytes, options), options);
}

/**
 * The floating-point tensors of a safetensors file by name; float16 and bfloat16 are widened to float32.
 *
 * @throws FormatError like {@link parseSafetensors}; ArgumentError on integer tensors unless omitted, on NaN and infinities
 * @example
 * weightsFromSafetensors(Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d)).size; // 0: an empty file
 */
export function weightsFromSafetensors(
  bytes: Uint8Array,
  options: SafetensorsOptions & WeightsOptions = {},
): Map<string, WeightArray> {
  return weightsFrom('weightsFromSafetensors', parseSafetensors(bytes, options).tensors, options);
}
