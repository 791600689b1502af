import type { FloatArray } from '@hyperribbon/kernels';
import { ContractError, NonFiniteError, OperatorError } from './errors.js';
import { floatArray } from './floatArray.js';
import type { LinearOperator } from './linearOperator.js';

/** Products that are counted and checked: what every algorithm of this project calls instead of op.apply. */
export interface GuardedOperator {
  readonly op: LinearOperator;
  /** products so far */
  calls: number;
  /**
   * A X for `columns` vectors, (columns, size). The result is a buffer that the next call overwrites.
   * @throws NonFiniteError, OperatorError with the number of the call; ContractError as the operator threw it
   */
  multiply(x: FloatArray, columns?: number): FloatArray | Promise<FloatArray>;
}

/**
 * Wraps an operator so that it cannot harm its caller: it is handed a copy of x (it may keep or change it), an `out` full of NaN
 * (entries it does not write are found), and its result is checked for NaN and infinities.
 *
 * @param op the operator
 * @param columns most vectors in one call
 * @param caller first word of error messages
 * Cost: 3 n numbers moved and n allocated per product.
 */
export function guardOperator(op: LinearOperator, columns: number, caller: string): GuardedOperator {
  const n = op.size;
  const output = floatArray(op.dtype, n * columns);
  const fail = (error: unknown): never => {
    // says already what is wrong with the operator
    if (error instanceof ContractError) throw error;
    throw new OperatorError(
      `${caller}: the operator threw at product ${self.calls + 1}: ${error instanceof Error ? error.message : String(error)}`,
      self.calls + 1,
      error,
    );
  };
  const check = (count: number): FloatArray => {
    for (let i = 0; i < count * n; i++) {
      const v = output[i];
      if (v - v === 0) continue;
      const call = self.calls + 1 + Math.floor(i / n);
      throw new NonFiniteError(
        `${caller}: product ${call} has ${v} at position ${i % n} of ${n}; ` +
          'apply must write every entry of out, and A x must be finite for a finite x',
        call,
        i % n,
      );
    }
    self.calls += count;
    return count === columns ? output : output.subarray(0, count * n);
  };
  const self: GuardedOperator = {
    op,
    calls: 0,
    multiply(x: FloatArray, count = 1): FloatArray | Promise<FloatArray> {
      // a fresh copy each time: what an operator keeps of an earlier one is not the present one
      const input = x.slice(0, n * count);
      output.fill(NaN);
      let pending: void | Promise<void>;
      try {
        if (count > 1 && op.applyBlock !== undefined) {
          pending = op.applyBlock(input, output.subarray(0, n * count), count);
          if (pending instanceof Promise) return pending.then(() => check(count), fail);
        } else {
          for (let j = 0; j < count; j++) {
            pending = op.apply(input.subarray(j * n, (j + 1) * n), output.subarray(j * n, (j + 1) * n));
            if (pending instanceof Promise) return finish(pending, input, j + 1, count);
          }
        }
      } catch (error) {
        return fail(error);
      }
      return check(count);
    },
  };
  const finish = async (first: Promise<void>, input: FloatArray, next: number, count: number): Promise<FloatArray> => {
    try {
      await first;
      for (let j = next; j < count; j++) {
        await op.apply(input.subarray(j * n, (j + 1) * n), output.subarray(j * n, (j + 1) * n));
      }
    } catch (error) {
      return fail(error);
    }
    return check(count);
  };
  return self;
}
