import {
  floatArray,
  type FloatArray,
  refuse,
  requireBetween,
  requireFiniteEntries,
  requireFloatArray,
  requireInteger,
} from '@hyperribbon/contract';
import { svd } from '@hyperribbon/lanczos/svd';

/** Directions that the rows of a matrix span. */
export interface RowBasis {
  /** (rank, columns), orthonormal rows */
  readonly basis: Float64Array;
  readonly rank: number;
  /** (min(rows, columns),) of the matrix with rows of unit length, descending */
  readonly singularValues: Float64Array;
}

/**
 * An orthonormal basis of what the rows of a matrix span, its rank found.
 *
 * Rows are brought to unit length; singular values above `tolerance` times the largest count. A QR factorisation has as many columns as rows, whatever their rank: with
 * weights that sum to zero one column is rounding, and projecting it out takes an arbitrary direction away.
 *
 * @param W (rows, columns) row-major; rows of zeros have no direction
 * @param tolerance in (0, 1), default 1e-6
 * @returns rank 0 and no basis for a matrix of zeros
 * @throws ArgumentError for lengths that do not fit and numbers that are not finite
 * Cost: a singular value decomposition
 * @example rowBasis(Float64Array.of(1, 0, 0, 2, 0, 0), 2, 3).rank; // 1
 */
export function rowBasis(W: FloatArray, rows: number, columns: number, tolerance: number = 1e-6): RowBasis {
  requireInteger('rowBasis', 'rows', rows, 1);
  requireInteger('rowBasis', 'columns', columns, 1);
  requireFloatArray('rowBasis', 'W', W, [rows, columns]);
  requireFiniteEntries('rowBasis', 'W', W);
  requireBetween('rowBasis', 'tolerance', tolerance, 0, 1);
  const unit = Float64Array.from(W);
  for (let i = 0; i < rows; i++) toUnitLength(unit.subarray(i * columns, (i + 1) * columns));
  const { values, v } = svd(unit, rows, columns, { vectors: true });
  const rank = values.filter((value) => value > tolerance * values[0]).length;
  return { basis: v.slice(0, rank * columns), rank, singularValues: values };
}

function toUnitLength(row: Float64Array): void {
  const most = row.reduce((found, x) => Math.max(found, Math.abs(x)), 0);
  if (most === 0) return;
  // the largest first: squares of 1e±200 are no numbers
  for (let j = 0; j < row.length; j++) row[j] /= most;
  const length = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
  for (let j = 0; j < row.length; j++) row[j] /= length;
}

/**
 * X − X Q Qᵀ: rows without what lies in the span of a basis.
 *
 * @param inputs (count, features), unchanged
 * @param basis (rank, features), orthonormal rows, such as those of {@link rowBasis}
 * @returns (count, features) in the precision of the inputs
 * @throws ArgumentError for lengths that do not fit and numbers that are not finite
 * Cost: 8 · rank flops per number: what rounding left of the span is taken off in a second pass
 * @example projectOut(Float64Array.of(1, 2), Float64Array.of(1, 0), 2); // [0, 2]
 */
export function projectOut<A extends FloatArray>(inputs: A, basis: FloatArray, features: number): A {
  requireInteger('projectOut', 'features', features, 1);
  requireFloatArray('projectOut', 'inputs', inputs);
  requireFloatArray('projectOut', 'basis', basis);
  requireFiniteEntries('projectOut', 'inputs', inputs);
  requireFiniteEntries('projectOut', 'basis', basis);
  for (const [name, { length }] of Object.entries({ inputs, basis }))
    if (length % features !== 0)
      refuse('projectOut', `${name} must hold rows of features=${features} numbers, got ${length} in all`);
  const out = floatArray(inputs.BYTES_PER_ELEMENT === 8 ? 'float64' : 'float32', inputs.length) as A;
  const row = new Float64Array(features);
  for (let from = 0; from < inputs.length; from += features) {
    for (let j = 0; j < features; j++) row[j] = inputs[from + j];
    removeSpan(row, basis);
    removeSpan(row, basis);
    out.set(row, from);
  }
  return out;
}

function removeSpan(row: Float64Array, basis: FloatArray): void {
  const D = row.length;
  for (let from = 0; from < basis.length; from += D) {
    let along = 0;
    for (let j = 0; j < D; j++) along += basis[from + j] * row[j];
    for (let j = 0; j < D; j++) row[j] -= along * basis[from + j];
  }
}
