import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { stream } from '@hyperribbon/random';
import type { ParameterSpec } from './network.js';
import { sizeOf, totalSize } from './parameterLayout.js';

/** A parameter and the number of inputs that reach one unit of its layer. */
export interface InitialisedParameter extends ParameterSpec {
  /** fan-in of the layer; or the one value the array starts at (batch norm: 1 and 0) */
  readonly start: { readonly fanIn: number } | { readonly constant: number };
}

/**
 * Flat weights, uniform on ±1/√fan_in, array i from the stream (seed, 'init', i).
 *
 * Numbers are always drawn as float64, so that a float32 start is the rounded float64 start.
 */
export function uniformInit(
  parameters: readonly InitialisedParameter[],
  seed: number,
  dtype: Dtype = 'float32',
): FloatArray {
  const size = totalSize(parameters);
  const out = dtype === 'float64' ? new Float64Array(size) : new Float32Array(size);
  let offset = 0;
  parameters.forEach(({ shape, start }, index) => {
    const length = sizeOf(shape);
    if ('constant' in start) {
      out.fill(start.constant, offset, offset + length);
    } else {
      const draws = new Float64Array(length);
      stream({ seed, purpose: 'init', index }).uniform(draws);
      const bound = 1 / Math.sqrt(start.fanIn);
      for (let i = 0; i < length; i++) out[offset + i] = (2 * draws[i] - 1) * bound;
    }
    offset += length;
  });
  return out;
}
