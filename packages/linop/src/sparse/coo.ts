import { refuse } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import type { EngineOption } from './boundRows.js';
import { type IndexArray, requireIndices, requireSizes, requireValues } from './checkParts.js';
import { type CompressedRows, groupByRow, rowOfEntries, sortRows, sumRepeated } from './compressedRows.js';
import { requireSymmetricOptions } from './csr.js';
import {
  type Given,
  type SparseMatrix,
  sparseMatrix,
  type SymmetricOptions,
  type SymmetricSparseMatrix,
  symmetricMatrix,
} from './sparseMatrix.js';

/** A matrix of entries in any order; entries of one place are added. */
export interface CooParts {
  readonly rows: number;
  readonly columns: number;
  /** (nnz,), the row of each entry, from 0 */
  readonly rowIndices: IndexArray;
  /** (nnz,), its column */
  readonly columnIndices: IndexArray;
  /** (nnz,), finite; their type gives the dtype */
  readonly values: FloatArray;
}

/**
 * The operator of a matrix given by entries (COO) in any order; those of one place are added in their order, in float64.
 *
 * @param parts rows, columns, rowIndices, columnIndices, values
 * @param options as for csr; that a matrix mirrors itself is checked after the addition
 * @returns the operator, as csr makes it
 * @throws ArgumentError, ArgumentTypeError naming argument, index and value; also where a sum overflows; MemoryLimitError past 4 GiB
 * Cost: four passes over the entries, two copies for a moment; products as csr.
 * @example
 * const [rowIndices, columnIndices] = [Int32Array.of(1, 0, 1), Int32Array.of(2, 0, 2)];
 * const A = coo({ rows: 2, columns: 3, rowIndices, columnIndices, values: Float64Array.of(1, 5, 2) });
 * A.nnz; // 2: A₁₂ = 1 + 2
 * Source: [saad2003, §3.4].
 */
export function coo(parts: CooParts, options: { readonly symmetric: Given } & SymmetricOptions): SymmetricSparseMatrix;
export function coo(parts: CooParts, options?: EngineOption): SparseMatrix;
export function coo(
  parts: CooParts,
  options: { readonly symmetric?: Given } & SymmetricOptions = {},
): SparseMatrix | SymmetricSparseMatrix {
  requireSizes('coo', parts);
  requireSymmetricOptions('coo', options);
  const { rows, columns, rowIndices, columnIndices, values } = parts;
  requireValues('coo', values);
  requireIndices('coo', 'rowIndices', rowIndices, values.length, rows);
  requireIndices('coo', 'columnIndices', columnIndices, values.length, columns);
  const a = sumRepeated(sortRows(groupByRow(rows, columns, rowIndices, columnIndices, values)));
  requireFiniteSums(a);
  const { symmetric, ...rest } = options;
  return symmetric === undefined ? sparseMatrix('coo', a, rest) : symmetricMatrix('coo', a, symmetric, rest);
}

function requireFiniteSums(a: CompressedRows): void {
  const p = a.values.findIndex((value) => !Number.isFinite(value));
  if (p < 0) return;
  const i = a.offsets.findIndex((offset) => offset > p) - 1;
  refuse('coo', `the values of row ${i}, column ${a.indices[p]} add up to ${a.values[p]}; scale the matrix`);
}

/**
 * The entries of a sparse matrix, row by row.
 * @returns parts that coo takes, copies
 * @example
 * const A = sparseFromDense(Float64Array.of(0, 5, 7, 0), 2, 2);
 * toCoo(A).rowIndices; // 0, 1; of what is stored: the upper triangle where storage is 'half'
 */
export function toCoo(a: CompressedRows): CooParts {
  const { rows, columns } = a;
  return { rows, columns, rowIndices: rowOfEntries(a), columnIndices: a.indices.slice(), values: a.values.slice() };
}
