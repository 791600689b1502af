import { floatArray } from './floatArray.js';
import { guardOperator } from './guarded.js';
import { assertOperator, type LinearOperator } from './linearOperator.js';

export interface MaterializeOptions {
  /** called before each product with the number made so far: to let events in, show progress, or end the work by throwing */
  readonly between?: (products: number) => unknown;
}

/**
 * Builds the matrix of an operator, column by column: entry [i * n + j] is eᵢᵀ A eⱼ.
 *
 * @returns (n, n) row-major in float64
 * @throws NonFiniteError, OperatorError as any product; what `between` throws
 * Cost: n products, n² numbers.
 */
export async function materialize(op: LinearOperator, options: MaterializeOptions = {}): Promise<Float64Array> {
  assertOperator(op, 'materialize');
  const { between } = options;
  const n = op.size;
  const guard = guardOperator(op, 1, 'materialize');
  const a = new Float64Array(n * n);
  const unit = floatArray(op.dtype, n);
  for (let j = 0; j < n; j++) {
    await between?.(j);
    unit[j] = 1;
    const column = await guard.multiply(unit);
    unit[j] = 0;
    for (let i = 0; i < n; i++) a[i * n + j] = column[i];
  }
  return a;
}
