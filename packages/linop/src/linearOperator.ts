import type { Dtype, FloatArray } from '@hyperribbon/kernels';

/** A square operator known only by its products; symmetric unless stated. */
export interface LinearOperator {
  /** number of rows and columns */
  readonly size: number;
  readonly dtype: Dtype;
  /** out ← A x, every entry of out is written; must not keep or change x; both have shape (size,) */
  apply(x: FloatArray, out: FloatArray): void | Promise<void>;
  /** out ← A X for `columns` vectors stored one after another: x and out have shape (columns, size) */
  applyBlock?(x: FloatArray, out: FloatArray, columns: number): void | Promise<void>;
}

/** Checks that op looks like an operator; returns it. @throws TypeError, RangeError whose first word is `caller` */
export function assertOperator(op: LinearOperator, caller: string): LinearOperator {
  if (typeof op !== 'object' || op === null || typeof op.apply !== 'function') {
    throw new TypeError(`${caller}: op must be a LinearOperator with apply(x, out), got ${typeof op}`);
  }
  if (!Number.isInteger(op.size) || op.size < 0) {
    throw new RangeError(`${caller}: op.size must be an integer >= 0, got ${op.size}`);
  }
  if (op.dtype !== 'float32' && op.dtype !== 'float64') {
    throw new TypeError(`${caller}: op.dtype must be 'float32' or 'float64', got ${op.dtype}`);
  }
  return op;
}
