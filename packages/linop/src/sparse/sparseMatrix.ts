import type { FloatArray, KernelInfo } from '@hyperribbon/kernels/sparse';
import { floatArray, refuse } from '@hyperribbon/contract';
import type { LinearOperator } from '../linearOperator.js';
import { dtypeOf } from '../matrixArguments.js';
import type { RectangularOperator } from '../rectangularOperator.js';
import { bindRows, type EngineOption } from './boundRows.js';
import { requireSymmetric, requireTriangle } from './checkParts.js';
import { type CompressedRows, transposeRows } from './compressedRows.js';

/**
 * A rows × columns matrix of compressed rows, columns ascending, one entry a place; explicit zeros count as entries. The arrays are views of
 * the memory in which the kernels multiply: not to be written to.
 */
export interface SparseMatrix extends CompressedRows, RectangularOperator {
  /** entries that are stored */
  readonly nnz: number;
  readonly kernels: KernelInfo;
  apply(x: FloatArray, out: FloatArray): void;
  applyTranspose(y: FloatArray, out: FloatArray): void;
  /** out (count, rows) ← A X for `count` vectors X (count, columns); four at a time in one pass over the matrix */
  applyBlock(x: FloatArray, out: FloatArray, count: number): void;
}

/** A symmetric sparse matrix: what eigsh takes. The arrays hold the whole matrix or its upper triangle, as `storage` says. */
export interface SymmetricSparseMatrix extends CompressedRows, LinearOperator {
  /** entries of the whole matrix that are not left out as zeros */
  readonly nnz: number;
  /** full: all entries; half: those on and above the diagonal */
  readonly storage: 'full' | 'half';
  readonly kernels: KernelInfo;
  apply(x: FloatArray, out: FloatArray): void;
  applyBlock(x: FloatArray, out: FloatArray, count: number): void;
}

export interface SymmetricOptions extends EngineOption {
  /** 'full' (default): each entry off the diagonal is stored twice; 'half': once, with products of the same bits that write as often as they read */
  readonly storage?: 'full' | 'half';
}

/** Which entries of a symmetric matrix are given: all, or those of one triangle with the diagonal. */
export type Given = 'full' | 'lower' | 'upper';

/** The operator of canonical rows. */
export function sparseMatrix(caller: string, a: CompressedRows, options: EngineOption): SparseMatrix {
  const { product, products, transposed, mirrored: _mirrored, ...bound } = bindRows(caller, a, options);
  return {
    ...bound,
    nnz: bound.indices.length,
    dtype: dtypeOf(bound.values),
    apply: product,
    applyTranspose: transposed,
    applyBlock: products,
  };
}

/** The operator of a symmetric matrix of which `a`, canonical, holds what `given` says. @throws ArgumentError unless it is so, exactly */
export function symmetricMatrix(
  caller: string,
  a: CompressedRows,
  given: Given,
  { storage = 'full', ...engine }: SymmetricOptions,
): SymmetricSparseMatrix {
  if (a.rows !== a.columns)
    refuse(caller, `a symmetric matrix must be square, got ${a.rows} rows, ${a.columns} columns`);
  const mirror = transposeRows(a);
  if (given === 'full') requireSymmetric(caller, a, mirror);
  else requireTriangle(caller, a, given);
  const upper = given === 'full' ? upperTriangle(a) : given === 'upper' ? a : mirror;
  let onDiagonal = 0;
  for (let i = 0; i < upper.rows; i++)
    if (upper.offsets[i] < upper.offsets[i + 1] && upper.indices[upper.offsets[i]] === i) onDiagonal++;
  const nnz = 2 * upper.indices.length - onDiagonal;
  const kept = storage === 'half' ? upper : given === 'full' ? a : joined(upper);
  const { product, products, transposed: _transposed, mirrored, ...bound } = bindRows(caller, kept, engine);
  const n = a.rows;
  return {
    ...bound,
    size: n,
    nnz,
    storage,
    dtype: dtypeOf(bound.values),
    apply: storage === 'half' ? mirrored : product,
    applyBlock:
      storage === 'full'
        ? products
        : (x, out, count) => {
            for (let c = 0; c < count; c++) mirrored(x.subarray(c * n, (c + 1) * n), out.subarray(c * n, (c + 1) * n));
          },
  };
}

/** The entries on and above the diagonal, for ascending columns. */
function upperTriangle({ rows, columns, offsets, indices, values }: CompressedRows): CompressedRows {
  const starts = new Int32Array(rows + 1);
  const kept = new Int32Array(indices.length);
  const numbers = floatArray(dtypeOf(values), indices.length);
  let length = 0;
  for (let i = 0; i < rows; i++) {
    for (let p = offsets[i]; p < offsets[i + 1]; p++) {
      if (indices[p] < i) continue;
      kept[length] = indices[p];
      numbers[length++] = values[p];
    }
    starts[i + 1] = length;
  }
  return { rows, columns, offsets: starts, indices: kept.slice(0, length), values: numbers.slice(0, length) };
}

/** U + Uᵀ − diag U with ascending columns: per row the entries of Uᵀ below the diagonal, then those of U. */
function joined(upper: CompressedRows): CompressedRows {
  const lower = transposeRows(upper);
  const n = upper.rows;
  const offsets = new Int32Array(n + 1);
  const below = (i: number): number => {
    const end = lower.offsets[i + 1];
    return end > lower.offsets[i] && lower.indices[end - 1] === i ? end - 1 : end;
  };
  for (let i = 0; i < n; i++)
    offsets[i + 1] = offsets[i] + (below(i) - lower.offsets[i]) + (upper.offsets[i + 1] - upper.offsets[i]);
  const indices = new Int32Array(offsets[n]);
  const values = floatArray(dtypeOf(upper.values), indices.length);
  let at = 0;
  const take = (from: CompressedRows, start: number, end: number): void => {
    for (let p = start; p < end; p++, at++) {
      indices[at] = from.indices[p];
      values[at] = from.values[p];
    }
  };
  for (let i = 0; i < n; i++) {
    take(lower, lower.offsets[i], below(i));
    take(upper, upper.offsets[i], upper.offsets[i + 1]);
  }
  return { rows: n, columns: n, offsets, indices, values };
}
