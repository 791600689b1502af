import {
  refuse,
  refuseType,
  requireFloatArray,
  requireInteger,
  requireOptions,
  typedArrayName,
} from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import type { CompressedRows } from './compressedRows.js';

/** Columns, rows or offsets of entries. */
export type IndexArray = Int32Array | Uint32Array;

/** most rows, columns and entries: indices are int32 */
const MOST = 2 ** 31 - 1;

/** Checks the sizes of a matrix. @throws ArgumentError, ArgumentTypeError */
export function requireSizes(caller: string, parts: { readonly rows: number; readonly columns: number }): void {
  requireOptions(caller, parts, 'the parts of a matrix', 'parts');
  requireInteger(caller, 'rows', parts.rows, 0, MOST);
  requireInteger(caller, 'columns', parts.columns, 0, MOST);
}

/** Checks an array of indices; an entry outside [0, below) is named. @throws ArgumentError, ArgumentTypeError */
export function requireIndices(caller: string, name: string, value: unknown, length: number, below: number): void {
  requireIndexArray(caller, name, value);
  if (value.length !== length) refuse(caller, `${name} must have one entry per value, ${length}, got ${value.length}`);
  for (let p = 0; p < length; p++) {
    if (value[p] < 0 || value[p] >= below)
      refuse(
        caller,
        `${name} must lie in [0, ${below}), got ${name}[${p}]=${value[p]}; count from 0, and is the size of the matrix right?`,
      );
  }
}

/** Checks values: floats, finite, not too many. @throws ArgumentError, ArgumentTypeError */
export function requireValues(caller: string, values: unknown): asserts values is FloatArray {
  requireFloatArray(caller, 'values', values);
  if (values.length > MOST) refuse(caller, `values must have at most ${MOST} entries, got ${values.length}`);
  for (let p = 0; p < values.length; p++) {
    if (!Number.isFinite(values[p]))
      refuse(caller, `values must be finite, got values[${p}]=${values[p]}; remove or repair it`);
  }
}

/** Checks offsets: rows + 1 of them, from 0 to the number of entries, none below the one before. @throws ArgumentError, ArgumentTypeError */
export function requireOffsets(caller: string, offsets: unknown, rows: number, entries: number): void {
  requireIndexArray(caller, 'offsets', offsets);
  if (offsets.length !== rows + 1)
    refuse(caller, `offsets must have rows + 1 = ${rows + 1} entries, got ${offsets.length}`);
  if (offsets[0] !== 0) refuse(caller, `offsets must start at 0, got offsets[0]=${offsets[0]}`);
  for (let i = 0; i < rows; i++) {
    if (offsets[i + 1] < offsets[i])
      refuse(caller, `offsets must not descend, got offsets[${i}]=${offsets[i]}, offsets[${i + 1}]=${offsets[i + 1]}`);
  }
  if (offsets[rows] !== entries)
    refuse(
      caller,
      `offsets must end at the number of values, ${entries}, got offsets[${rows}]=${offsets[rows]}; cut the arrays to what is used`,
    );
}

/**
 * Where a square matrix of ascending columns differs from its transpose.
 * @throws ArgumentError naming the first place in `a`, row by row, whose mirror image is missing or differs
 */
export function requireSymmetric(caller: string, a: CompressedRows, mirror: CompressedRows): void {
  for (let i = 0; i < a.rows; i++) {
    const [end, mirrorEnd] = [a.offsets[i + 1], mirror.offsets[i + 1]];
    // offsets agree up to the first difference
    for (let p = a.offsets[i]; p < end || p < mirrorEnd; p++) {
      const own = p < end ? a.indices[p] : Infinity;
      const other = p < mirrorEnd ? mirror.indices[p] : Infinity;
      if (own === other && a.values[p] === mirror.values[p]) continue;
      const j = Math.min(own, other);
      const [value, mirrored] = [own === j ? a.values[p] : 'no entry', other === j ? mirror.values[p] : 'no entry'];
      refuse(
        caller,
        `the matrix must be symmetric, got A[${i}, ${j}]=${value} and A[${j}, ${i}]=${mirrored}; take (A + Aᵀ) / 2, or give one triangle`,
      );
    }
  }
}

/** Entries on one side of the diagonal only. @throws ArgumentError naming the first that is not */
export function requireTriangle(caller: string, a: CompressedRows, triangle: 'lower' | 'upper'): void {
  for (let i = 0; i < a.rows; i++) {
    for (let p = a.offsets[i]; p < a.offsets[i + 1]; p++) {
      const j = a.indices[p];
      if (triangle === 'lower' ? j > i : j < i)
        refuse(
          caller,
          `entries must lie in the ${triangle} triangle, got one in row ${i}, column ${j}; with both triangles say symmetric: 'full'`,
        );
    }
  }
}

function requireIndexArray(caller: string, name: string, value: unknown): asserts value is IndexArray {
  const type = typedArrayName(value);
  if (type !== 'Int32Array' && type !== 'Uint32Array') refuseType(caller, name, 'an Int32Array or Uint32Array', value);
}
