import { typedArrayName } from '@hyperribbon/contract';
import type { Network } from '../network.js';
import type { NamedArray } from './namedArray.js';

/** A network and its arrays under its own names, in its own orientation. */
export interface ReadArrays {
  readonly network: Network;
  readonly parts: ReadonlyMap<string, NamedArray>;
  readonly notes: readonly string[];
}

/** Values of the type that some data have. */
export function like(data: NamedArray['data'], values: readonly number[]): NamedArray['data'] {
  return typedArrayName(data) === 'Float64Array' ? Float64Array.from(values) : Float32Array.from(values);
}

export function transposed({ shape: [rows, columns], data }: NamedArray): NamedArray {
  const turned = Array.from({ length: rows * columns }, (_, k) =>
    Number(data[(k % rows) * columns + Math.floor(k / rows)]),
  );
  return { shape: [columns, rows], data: like(data, turned) };
}
