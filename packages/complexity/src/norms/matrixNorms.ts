import {
  requireBetween,
  requireFiniteEntries,
  requireFloatArray,
  requireInteger,
  requireNoOthers,
} from '@hyperribbon/contract';
import { type FloatArray, pow, product } from '@hyperribbon/kernels';
import { eigvalsh } from '@hyperribbon/lanczos';
import { svd } from '@hyperribbon/lanczos/svd';
import { scaledCopy } from './scaledCopy.js';

/** Norms of a matrix W (rows, columns) whose rows are output units or filters. */
export interface MatrixNorms {
  readonly rows: number;
  readonly columns: number;
  /** ‖W‖₂, the largest singular value */
  readonly spectral: number;
  /** how `spectral` is known: to rounding, as a proven upper limit, or from below by products, which makes every bound that uses it too small */
  readonly spectralIs: 'exact' | 'upper' | 'lower';
  /** descending, min(rows, columns) of them where they are listed whole; absent where only norms were computed */
  readonly singularValues?: Float64Array;
  /** ‖W‖_F */
  readonly frobenius: number;
  /** ‖Wᵀ‖_{2,1}: sum over the rows of their 2-norms */
  readonly rowSum: number;
  /** ‖W‖_{2,1}: sum over the columns of their 2-norms */
  readonly columnSum: number;
  /** the largest 2-norm of a row */
  readonly largestRow: number;
  /** ‖W‖_{1,∞}: the largest 1-norm of a row */
  readonly largestRowOne: number;
  /** ‖Wᵀ‖_{3,1.5}: the 3-norm of every row, of these the 1.5-norm */
  readonly threeOneHalf: number;
  /** singular values above `rankTolerance` times the largest; absent where they are not listed */
  readonly rank?: number;
  readonly rankTolerance?: number;
}

/** Norms of the difference to a reference, W − W⁰. */
export type DifferenceNorms = Pick<MatrixNorms, 'spectral' | 'spectralIs' | 'frobenius' | 'rowSum'>;

export interface MatrixNormsOptions {
  /** singular values above this times the largest count for the rank; in (0, 1), default 1e-3 [galanti2025] */
  readonly rankTolerance?: number;
  /** false: none are listed and no rank is given, which is five times as quick; default true */
  readonly singularValues?: boolean;
}

/** up to this many rows or columns, whichever are fewer, the singular values are those of the matrix itself; above, of its Gram matrix */
const WHOLE = 1024;

/**
 * Every norm of a matrix that bounds and measures ask for, and its singular values.
 *
 * A power of two is taken out first: entries from 1e-300 to 1e300 neither overflow nor vanish. Singular values are those of `svd`, to eps ‖W‖ each. Where
 * both sides are longer than 1,024 they are roots of the eigenvalues of W Wᵀ: the largest is as good, those below 1e-8 ‖W‖ are noise. An empty matrix and one
 * of zeros have norms 0 and rank 0.
 *
 * @param W (rows, columns) row-major, rows are output units or filters; unchanged
 * @throws ArgumentError for lengths that do not fit, entries that are not finite, and an option there is none of
 * Cost: 14 r³ flops, r the shorter side: 0.5 s for (1024, 784); with `singularValues: false` 2 m r² + 4/3 r³
 * @example
 * const { spectral, rowSum, columnSum } = matrixNorms(Float64Array.of(3, 4, 0, 0, 0, 1), 2, 3);
 * [spectral, rowSum, columnSum]; // [5, 6, 8]
 */
export function matrixNorms(
  W: FloatArray,
  rows: number,
  columns: number,
  options: MatrixNormsOptions = {},
): MatrixNorms {
  const { rankTolerance = 1e-3, singularValues: listed = true, ...others } = options;
  requireNoOthers('matrixNorms', others, 'MatrixNormsOptions');
  requireMatrix('matrixNorms', W, rows, columns);
  requireBetween('matrixNorms', 'rankTolerance', rankTolerance, 0, 1);
  const { values, scale } = scaledCopy(W);
  const sums = { rows, columns, ...entryNorms(values, rows, columns, scale) };
  if (!listed) {
    const spectral = (valuesByGram(values, rows, columns)[0] ?? 0) * scale;
    return { ...sums, spectral, spectralIs: 'exact' };
  }
  const singularValues = singularValuesOf(values, rows, columns).map((x) => x * scale);
  const spectral = singularValues[0] ?? 0;
  const rank = singularValues.reduce((count, x) => count + (x > rankTolerance * spectral ? 1 : 0), 0);
  return { ...sums, spectral, spectralIs: 'exact', singularValues, rank, rankTolerance };
}

/**
 * The norms of a difference W − W⁰ that bounds ask for: those of {@link matrixNorms}, fewer of them.
 *
 * @param W (rows, columns) row-major @param reference likewise
 * @throws ArgumentError for lengths that do not fit and entries that are not finite
 * @example differenceNorms(Float64Array.of(3, 4), Float64Array.of(3, 0), 1, 2).frobenius; // 4
 */
export function differenceNorms(W: FloatArray, reference: FloatArray, rows: number, columns: number): DifferenceNorms {
  requireMatrix('differenceNorms', W, rows, columns);
  requireFloatArray('differenceNorms', 'reference', reference, [rows, columns]);
  const { values, scale } = scaledCopy(Float64Array.from(W, (w, i) => w - reference[i]));
  const { frobenius, rowSum } = entryNorms(values, rows, columns, scale);
  const spectral = (valuesByGram(values, rows, columns)[0] ?? 0) * scale;
  return { spectral, spectralIs: 'exact', frobenius, rowSum };
}

function requireMatrix(caller: string, W: FloatArray, rows: number, columns: number): void {
  requireInteger(caller, 'rows', rows, 0);
  requireInteger(caller, 'columns', columns, 0);
  requireFloatArray(caller, 'W', W, [rows, columns]);
  requireFiniteEntries(caller, 'W', W);
}

/** @param values of order one at most @returns (min(rows, columns),) descending */
function singularValuesOf(values: Float64Array, rows: number, columns: number): Float64Array {
  const short = Math.min(rows, columns);
  if (short === 0) return new Float64Array(0);
  return short <= WHOLE ? svd(values, rows, columns).values : valuesByGram(values, rows, columns);
}

/** Roots of the eigenvalues of W Wᵀ or Wᵀ W: the largest is as good as that of an SVD, and five times as quick. */
function valuesByGram(values: Float64Array, rows: number, columns: number): Float64Array {
  const [short, k, wide] = [Math.min(rows, columns), Math.max(rows, columns), rows <= columns];
  if (short === 0) return new Float64Array(0);
  const matrices = { m: short, n: short, k, a: values, b: values, transposeA: !wide, transposeB: wide };
  const gram = product(matrices, { deterministic: true });
  return eigvalsh(gram, short, { deterministic: true }).map((x) => Math.sqrt(Math.max(0, x)));
}

/** The norms that are sums over entries. */
export type EntryNorms = Pick<
  MatrixNorms,
  'frobenius' | 'rowSum' | 'columnSum' | 'largestRow' | 'largestRowOne' | 'threeOneHalf'
>;

function entryNorms(values: Float64Array, rows: number, columns: number, scale: number): EntryNorms {
  const squares = new Float64Array(columns);
  let [frobenius, rowSum, largestRow, largestRowOne, powers] = [0, 0, 0, 0, 0];
  for (let i = 0; i < rows; i++) {
    let [one, two, three] = [0, 0, 0];
    for (let j = 0; j < columns; j++) {
      const size = Math.abs(values[i * columns + j]);
      const square = size * size;
      one += size;
      two += square;
      three += square * size;
      squares[j] += square;
    }
    const norm = Math.sqrt(two);
    frobenius += two;
    rowSum += norm;
    largestRow = Math.max(largestRow, norm);
    largestRowOne = Math.max(largestRowOne, one);
    // (Σ |w|³)^(1/3) to the power 1.5
    powers += Math.sqrt(three);
  }
  return {
    frobenius: Math.sqrt(frobenius) * scale,
    rowSum: rowSum * scale,
    columnSum: squares.reduce((sum, square) => sum + Math.sqrt(square), 0) * scale,
    largestRow: largestRow * scale,
    largestRowOne: largestRowOne * scale,
    threeOneHalf: pow(powers, 2 / 3) * scale,
  };
}
