import { floatArray, MemoryLimitError } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { dtypeOf, requireMatrix } from '../matrixArguments.js';
import { requireValues } from './checkParts.js';
import { transposeRows } from './compressedRows.js';
import {
  type SparseMatrix,
  sparseMatrix,
  type SymmetricOptions,
  type SymmetricSparseMatrix,
  symmetricMatrix,
} from './sparseMatrix.js';

/** What the functions here take: they see the stored entries, and the mirrored ones of a symmetric matrix in half storage. */
type AnySparse = SparseMatrix | SymmetricSparseMatrix;

const isHalf = (a: AnySparse): boolean => 'storage' in a && a.storage === 'half';

/** Calls `visit` for each entry of the whole matrix. */
function forEachEntry(a: AnySparse, visit: (i: number, j: number, value: number) => void): void {
  const half = isHalf(a);
  const { rows, offsets, indices, values } = a;
  for (let i = 0; i < rows; i++) {
    for (let p = offsets[i]; p < offsets[i + 1]; p++) {
      visit(i, indices[p], values[p]);
      if (half && indices[p] !== i) visit(indices[p], i, values[p]);
    }
  }
}

/**
 * The matrix as a dense one.
 * @param options memoryLimit, bytes, default 2 GiB
 * @returns (rows, columns) row-major
 * @throws MemoryLimitError where it would be larger
 * @example
 * toDense(sparseFromDense(Float64Array.of(1, 0, 0, 2), 2, 2)); // 1, 0, 0, 2
 */
export function toDense(a: AnySparse, { memoryLimit = 2 ** 31 }: { readonly memoryLimit?: number } = {}): FloatArray {
  const { rows, columns, values } = a;
  const bytes = rows * columns * values.BYTES_PER_ELEMENT;
  if (!(bytes <= memoryLimit))
    throw new MemoryLimitError(
      `toDense: ${rows} × ${columns} numbers are ${bytes} bytes, memoryLimit is ${memoryLimit}; raise it or keep the matrix sparse`,
      bytes,
      memoryLimit,
    );
  const dense = floatArray(dtypeOf(values), rows * columns);
  forEachEntry(a, (i, j, value) => {
    dense[i * columns + j] = value;
  });
  return dense;
}

/**
 * The sparse matrix of the entries of a dense one that are not zero.
 * @param dense (rows, columns) row-major
 * @throws ArgumentError unless it has rows · columns finite entries
 * @example
 * sparseFromDense(Float64Array.of(1, 0, 0, 2), 2, 2).nnz; // 2
 */
export function sparseFromDense(dense: FloatArray, rows: number, columns: number): SparseMatrix {
  requireMatrix('sparseFromDense', dense, rows, columns);
  requireValues('sparseFromDense', dense);
  const values = dense.filter((value) => value !== 0);
  const indices = new Int32Array(values.length);
  const offsets = new Int32Array(rows + 1);
  let p = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) if (dense[i * columns + j] !== 0) indices[p++] = j;
    offsets[i + 1] = p;
  }
  return sparseMatrix('sparseFromDense', { rows, columns, offsets, indices, values }, {});
}

/**
 * Aᵀ as a matrix of its own. (`applyTranspose` needs none.)
 * @example
 * const A = sparseFromDense(Float64Array.of(1, 5, 0, 2), 2, 2);
 * toDense(transposed(A)); // 1, 0, 5, 2
 */
export function transposed(a: SparseMatrix): SparseMatrix {
  return sparseMatrix('transposed', transposeRows(a), {});
}

/**
 * A square matrix as a symmetric operator, which eigsh takes: that it mirrors itself is checked entry by entry, exactly.
 * @throws ArgumentError naming the first place, row by row, whose mirror image is missing or differs
 * @example
 * const S = asSymmetric(sparseFromDense(Float64Array.of(2, 1, 1, 2), 2, 2));
 */
export function asSymmetric(a: SparseMatrix, options: SymmetricOptions = {}): SymmetricSparseMatrix {
  return symmetricMatrix('asSymmetric', a, 'full', options);
}

/**
 * The diagonal of a sparse matrix, zeros where no entry is.
 * @returns (min(rows, columns),) float64
 * @example
 * const A = sparseFromDense(Float64Array.of(1, 5, 0, 2), 2, 2);
 * diagonalOf(A); // 1, 2: what a Jacobi preconditioner divides by
 */
export function diagonalOf(a: AnySparse): Float64Array {
  const out = new Float64Array(Math.min(a.rows, a.columns));
  forEachEntry(a, (i, j, value) => {
    if (i === j) out[i] = value;
  });
  return out;
}

/**
 * Sums over each row.
 * @returns (rows,) float64; the degrees of a graph, for its adjacency matrix
 * @example
 * const A = sparseFromDense(Float64Array.of(1, 5, 0, 2), 2, 2);
 * rowSums(A); // 6, 2
 */
export function rowSums(a: AnySparse): Float64Array {
  const out = new Float64Array(a.rows);
  forEachEntry(a, (i, _, value) => {
    out[i] += value;
  });
  return out;
}
