import type { ElementType } from '../program.js';

/** What goes into a planned function and comes out of it. */
export type DataArray = Float32Array | Float64Array | Int32Array;

/** A new array of an element type. */
export function dataArray(dtype: ElementType, length: number): DataArray {
  if (dtype === 'float32') return new Float32Array(length);
  return dtype === 'float64' ? new Float64Array(length) : new Int32Array(length);
}

/** The element type of an array. */
export function elementTypeOf(data: DataArray): ElementType {
  if (data instanceof Float32Array) return 'float32';
  return data instanceof Float64Array ? 'float64' : 'int32';
}
