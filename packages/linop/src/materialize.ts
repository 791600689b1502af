import { floatArray, requireOptions, watch, type WatchOptions } from '@hyperribbon/contract';
import { guardOperator } from './guarded.js';
import { assertOperator, type LinearOperator } from './linearOperator.js';

export interface MaterializeOptions extends WatchOptions {
  /** first word of error messages; default 'materialize' */
  readonly caller?: string;
}

/**
 * Builds the matrix of an operator, column by column: entry [i * n + j] is eᵢᵀ A eⱼ.
 *
 * @returns (n, n) row-major in float64
 * @throws NonFiniteError, OperatorError as any product; AbortError
 * Cost: n products, n² numbers.
 * @example
 * await materialize(diagonal(Float64Array.of(1, 2))); // [1, 0, 0, 2]
 */
export async function materialize(op: LinearOperator, options: MaterializeOptions = {}): Promise<Float64Array> {
  requireOptions('materialize', options);
  const { caller = 'materialize', signal } = options;
  assertOperator(op, caller);
  const n = op.size;
  const guard = guardOperator(op, 1, caller, signal);
  const a = new Float64Array(n * n);
  const unit = floatArray(op.dtype, n);
  const between = watch(caller, n, options, () => guard.matvecs);
  for (let j = 0; j < n; j++) {
    await between();
    unit[j] = 1;
    const column = await guard.multiply(unit);
    unit[j] = 0;
    for (let i = 0; i < n; i++) a[i * n + j] = column[i];
  }
  return a;
}
