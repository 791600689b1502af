import type { FloatArray } from '@hyperribbon/kernels';

/** A square operator known only by its products; symmetric unless stated. */
export interface LinearOperator {
  /** number of rows and columns */
  readonly size: number;
  readonly dtype: 'float32' | 'float64';
  /** out ← A x; must not keep or change x; both have shape (size,) */
  apply(x: FloatArray, out: FloatArray): void | Promise<void>;
  /** out ← A X for `columns` vectors stored one after another: x and out have shape (columns, size) */
  applyBlock?(x: FloatArray, out: FloatArray, columns: number): void | Promise<void>;
}
