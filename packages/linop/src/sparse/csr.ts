import { refuse, requireOneOf, requireOnly, requireOptions } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import type { EngineOption } from './boundRows.js';
import { type IndexArray, requireIndices, requireOffsets, requireSizes, requireValues } from './checkParts.js';
import { findRepeated, sortRows } from './compressedRows.js';
import {
  type Given,
  type SparseMatrix,
  sparseMatrix,
  type SymmetricOptions,
  type SymmetricSparseMatrix,
  symmetricMatrix,
} from './sparseMatrix.js';

/** A matrix of compressed rows: row i has the entries offsets[i] ≤ p < offsets[i + 1]. */
export interface CsrParts {
  readonly rows: number;
  readonly columns: number;
  /** (rows + 1,), from 0 to the number of entries */
  readonly offsets: IndexArray;
  /** (nnz,), the column of each entry, from 0; in any order within a row */
  readonly indices: IndexArray;
  /** (nnz,), finite; their type gives the dtype */
  readonly values: FloatArray;
}

/**
 * The operator of a matrix of compressed rows (CSR), which is copied. Everything is checked: sizes, offsets, that columns are in range and come
 * once a row, that values are finite.
 *
 * @param parts rows, columns, offsets, indices, values
 * @param options symmetric: 'full' where all entries are given (that they mirror each other is checked exactly), 'lower' or 'upper' where
 * one triangle with the diagonal is; the result is then a LinearOperator, which `eigsh` takes, else a RectangularOperator for `svds`. storage:
 * 'full' or 'half', see {@link SymmetricOptions}
 * @returns the operator, with the sorted arrays as views of its memory
 * @throws ArgumentError, ArgumentTypeError naming argument, index and value; MemoryLimitError past 4 GiB
 * Cost: 12 bytes an entry in float64 (8 in float32) and 8 vectors; 2 flops an entry and product, sums in float64 over ascending columns, the
 * same bits in every runtime.
 * @example
 * const offsets = Int32Array.of(0, 1, 3);
 * const A = csr({ rows: 2, columns: 2, offsets, indices: Int32Array.of(0, 0, 1), values: Float64Array.of(2, 1, 2) }, { symmetric: 'lower' });
 * const out = new Float64Array(2);
 * A.apply(Float64Array.of(1, 1), out); // out holds 3, 3: all of [[2, 1], [1, 2]] took part
 * Source: [saad2003, §3.4].
 */
export function csr(parts: CsrParts, options: { readonly symmetric: Given } & SymmetricOptions): SymmetricSparseMatrix;
export function csr(parts: CsrParts, options?: EngineOption): SparseMatrix;
export function csr(
  parts: CsrParts,
  options: { readonly symmetric?: Given } & SymmetricOptions = {},
): SparseMatrix | SymmetricSparseMatrix {
  requireSizes('csr', parts);
  const { rows, columns, offsets, indices, values } = parts;
  requireSymmetricOptions('csr', options);
  requireValues('csr', values);
  requireOffsets('csr', offsets, rows, values.length);
  requireIndices('csr', 'indices', indices, values.length, columns);
  const a = sortRows({ rows, columns, offsets: asInt32(offsets), indices: asInt32(indices), values });
  const repeated = findRepeated(a);
  if (repeated !== undefined)
    refuse('csr', `row ${repeated.row} has column ${a.indices[repeated.p]} twice; coo adds entries of one place`);
  const { symmetric, ...rest } = options;
  return symmetric === undefined ? sparseMatrix('csr', a, rest) : symmetricMatrix('csr', a, symmetric, rest);
}

/** Checks the options that csr and coo share. @throws ArgumentError */
export function requireSymmetricOptions(
  caller: string,
  options: { readonly symmetric?: Given } & SymmetricOptions,
): void {
  requireOptions(caller, options);
  requireOnly(caller, options, ['symmetric', 'storage', 'engine']);
  const { symmetric, storage } = options;
  if (symmetric !== undefined) requireOneOf(caller, 'symmetric', symmetric, ['full', 'lower', 'upper']);
  if (storage !== undefined) requireOneOf(caller, 'storage', storage, ['full', 'half']);
  if (storage !== undefined && symmetric === undefined)
    refuse(caller, `storage is for symmetric matrices; say symmetric: 'full', 'lower' or 'upper'`);
}

/** checked to lie below 2³¹ */
function asInt32(indices: IndexArray): Int32Array {
  return new Int32Array(indices.buffer, indices.byteOffset, indices.length);
}
