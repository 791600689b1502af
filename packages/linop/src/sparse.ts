// The entry @hyperribbon/linop/sparse: matrices of compressed rows as operators.
export type { CompressedRows } from './sparse/compressedRows.js';
export type { IndexArray } from './sparse/checkParts.js';
export type { EngineOption } from './sparse/boundRows.js';
export type { Given, SparseMatrix, SymmetricOptions, SymmetricSparseMatrix } from './sparse/sparseMatrix.js';
export { csr, type CsrParts } from './sparse/csr.js';
export { coo, type CooParts, toCoo } from './sparse/coo.js';
export { asSymmetric, diagonalOf, rowSums, sparseFromDense, toDense, transposed } from './sparse/conversions.js';
export type { ShardOptions } from './sparse/rowShards.js';
export { inThreads, type InThreads } from './sparse/inThreads.js';
