import { refuseType, requireInteger, requireOneOf } from '@hyperribbon/contract';
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

/** The two precisions, for checks. */
export const DTYPES = ['float32', 'float64'] as const;

/** Checks that op looks like an operator; returns it. @throws ArgumentError, ArgumentTypeError */
export function assertOperator(op: LinearOperator, caller: string): LinearOperator {
  if (typeof op !== 'object' || op === null || typeof op.apply !== 'function') {
    refuseType(caller, 'op', 'a LinearOperator with apply(x, out)', op);
  }
  requireInteger(caller, 'op.size', op.size, 0);
  requireOneOf(caller, 'op.dtype', op.dtype, DTYPES);
  return op;
}
