import { refuse, requireFloatArray, requireOneOf } from '@hyperribbon/contract';
import { type FloatArray, product } from '@hyperribbon/kernels';
import { eigvalsh } from '@hyperribbon/lanczos';
import { svd } from '@hyperribbon/lanczos/svd';
import { scaledCopy } from '../norms/scaledCopy.js';

/** How the filters of a convolution become matrices. */
export type FilterReading = 'slices' | 'filters';

/** The matrices of a weight array, one after the other. */
export interface WeightMatrices {
  /** longer and shorter side */
  readonly N: number;
  readonly M: number;
  /** of every matrix as it lies in memory */
  readonly rows: number;
  readonly columns: number;
  /** matrices: 1, or the places of a kernel */
  readonly blocks: number;
  /** every matrix is multiplied by this: √(blocks/2) for slices */
  readonly scale: number;
  /** (rows, columns) row-major copy of one, before scaling */
  block(index: number): Float64Array;
}

/**
 * The matrices of an array (out, in), or of filters (out, in, …kernel): one (out, in) slice for each place of the kernel, times √(places/2), as WeightWatcher
 * pools them; or with 'filters' the one matrix (out, in · places).
 *
 * @param shape at least two axes @param data row-major
 * @throws ArgumentError for fewer axes and lengths that do not fit
 * @example weightMatrices([8, 4, 3, 3], new Float32Array(288)).blocks; // 9
 * Source: [weightwatcher]
 */
export function weightMatrices(
  shape: readonly number[],
  data: FloatArray,
  reading: FilterReading = 'slices',
): WeightMatrices {
  requireOneOf('weightMatrices', 'reading', reading, ['slices', 'filters']);
  if (shape.length < 2) refuse('weightMatrices', `shape must have at least two axes, got (${shape.join(', ')})`);
  requireFloatArray('weightMatrices', 'data', data, [...shape]);
  const places = shape.slice(2).reduce((count, length) => count * length, 1);
  const sliced = reading === 'slices' && shape.length > 2;
  const rows = shape[0];
  const columns = sliced ? shape[1] : shape[1] * places;
  const blocks = sliced ? places : 1;
  return {
    N: Math.max(rows, columns),
    M: Math.min(rows, columns),
    rows,
    columns,
    blocks,
    scale: sliced ? Math.sqrt(places / 2) : 1,
    block: (index) => Float64Array.from({ length: rows * columns }, (_, i) => data[i * blocks + index]),
  };
}

/** up to this many the singular values are those of the matrix itself; above, roots of the eigenvalues of its Gram matrix */
const WHOLE = 768;

/** Squares of singular values. */
export interface WeightSpectrum {
  /** (blocks · M,) ascending, of WᵀW, not divided by N */
  readonly eigenvalues: Float64Array;
  /** singular values above s₁ N eps, 2⁻²⁶ s₁ where they come from Gram matrices */
  readonly rank: number;
  readonly rankTolerance: number;
}

/**
 * Eigenvalues of WᵀW of all matrices, pooled.
 *
 * @param exact false: by Gram matrices throughout, which is faster and leaves eigenvalues below 1e-15 of the largest as noise
 * Cost: 14 M³ flops a matrix, or 2 N M² + 4/3 M³ by Gram matrices (M above 768, or not exact); one matrix at a time
 * @example weightSpectrum(weightMatrices([2, 2], Float64Array.of(3, 0, 0, 4))).eigenvalues; // [9, 16]
 */
export function weightSpectrum(matrices: WeightMatrices, exact = true): WeightSpectrum {
  const { N, M, rows, columns, blocks, scale, block } = matrices;
  const singular = new Float64Array(blocks * M);
  const whole = exact && M <= WHOLE;
  for (let i = 0; i < blocks; i++) {
    const values = block(i);
    singular.set(whole ? svd(values, rows, columns).values : gramValues(values, rows, columns), i * M);
  }
  singular.sort();
  const rankTolerance = whole ? N * Number.EPSILON : 2 ** -26;
  const largest = singular.length === 0 ? 0 : singular[singular.length - 1];
  const rank = singular.reduce((count, s) => count + (s > rankTolerance * largest ? 1 : 0), 0);
  return { eigenvalues: singular.map((s) => s * scale * (s * scale)), rank, rankTolerance };
}

/** @returns (min(rows, columns),) singular values, descending */
export function gramValues(entries: Float64Array, rows: number, columns: number): Float64Array {
  const { values, scale } = scaledCopy(entries);
  const wide = rows <= columns;
  const [n, k] = wide ? [rows, columns] : [columns, rows];
  if (n === 0) return new Float64Array(0);
  const gram = product({ m: n, n, k, a: values, b: values, transposeA: !wide, transposeB: wide });
  return eigvalsh(gram, n).map((x) => Math.sqrt(Math.max(0, x)) * scale);
}
