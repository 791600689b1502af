import { refuseType, typedArrayName } from '@hyperribbon/contract';
import type { ElementType } from './program.js';

/** The numbers of one tensor: what goes into functions of arrays and comes out of them. */
export type DataArray = Float32Array | Float64Array | Int32Array;

const dtypes: Readonly<Record<string, ElementType | undefined>> = {
  Float32Array: 'float32',
  Float64Array: 'float64',
  Int32Array: 'int32',
};

/** The element type of an array of this realm or another; undefined for everything else. */
export function dtypeOf(data: unknown): ElementType | undefined {
  return dtypes[typedArrayName(data)];
}

/** @throws ArgumentTypeError unless `data` is one of the three kinds of arrays */
export function requireDtype(caller: string, name: string, data: unknown): ElementType {
  return dtypeOf(data) ?? refuseType(caller, name, 'a Float32Array, Float64Array or Int32Array', data);
}

/** @throws ArgumentTypeError unless `data` is an array of this type and length */
export function requireArray(caller: string, name: string, data: unknown, dtype: ElementType, length: number): void {
  if (dtypeOf(data) !== dtype || (data as DataArray).length !== length)
    refuseType(caller, name, `${dtype} of length ${length}`, data);
}
