import type { FloatArray } from '@hyperribbon/kernels';
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
  if (integers !== 'reject' && integers !== 'omit') {
    throw new TypeError(`${where}: integers must be 'reject' or 'omit', got ${String(integers)}`);
  }
  const weights = new Map<string, WeightArray>();
  for (const [name, { shape, data, dtype }] of arrays) {
    if (data instanceof Float32Array || data instanceof Float64Array) {
      for (let i = 0; i < data.length; i++) {
        if (!(Math.abs(data[i]) < Infinity))
          throw new RangeError(`${where}: weights must be finite, got ${data[i]} in ${JSON.stringify(name)} at ${i}`);
      }
      weights.set(name, { shape, data });
    } else if (integers === 'reject') {
      throw new TypeError(
        `${where}: ${JSON.stringify(name)} is ${dtype}, not floating point; say integers: 'omit' to leave such arrays out`,
      );
    }
  }
  return weights;
}

/**
 * The floating-point arrays of an npz archive by name; float16 is widened to float32.
 *
 * @throws FormatError like {@link parseNpz}; TypeError on integer arrays unless omitted; RangeError on NaN and infinities
 */
export function weightsFromNpz(bytes: Uint8Array, options: NpzOptions & WeightsOptions = {}): Map<string, WeightArray> {
  return weightsFrom('weightsFromNpz', parseNpz(bytes, options), options);
}

/**
 * The floating-point tensors of a safetensors file by name; float16 and bfloat16 are widened to float32.
 *
 * @throws FormatError like {@link parseSafetensors}; TypeError on integer tensors unless omitted; RangeError on NaN and infinities
 */
export function weightsFromSafetensors(
  bytes: Uint8Array,
  options: SafetensorsOptions & WeightsOptions = {},
): Map<string, WeightArray> {
  return weightsFrom('weightsFromSafetensors', parseSafetensors(bytes, options).tensors, options);
}
