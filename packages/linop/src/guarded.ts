import type { FloatArray } from '@hyperribbon/kernels';
import { isThenable } from './chain.js';
import { describe } from './describe.js';
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
   * @throws NonFiniteError, OperatorError with the number of the call; ContractError where out was detached or left unwritten for a return value,
   * or as the operator threw it
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
  const check = (count: number, returned: unknown): FloatArray => {
    for (let i = allFinite(output, count * n) ? count * n : 0; i < count * n; i++) {
      const v = output[i];
      if (v - v === 0) continue;
      const call = self.calls + 1 + Math.floor(i / n);
      if (output.length < count * n)
        throw new ContractError(`${caller}: the operator detached out at product ${call}; it may only write into it`);
      if (returned !== undefined && returned !== output && Number.isNaN(v))
        throw new ContractError(
          `${caller}: apply returned ${describe(returned)} at product ${call} and left out unwritten at position ` +
            `${i % n}; it must write into out (fromMatvec accepts functions that return)`,
        );
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
      output.fill(NaN, 0, n * count);
      const block = count > 1 && op.applyBlock !== undefined;
      const times = block ? 1 : count;
      const product = (j: number): unknown =>
        block
          ? op.applyBlock!(input, output.subarray(0, n * count), count)
          : op.apply(input.subarray(j * n, (j + 1) * n), output.subarray(j * n, (j + 1) * n));
      let returned: unknown;
      try {
        for (let j = 0; j < times; j++) {
          returned = product(j);
          if (isThenable(returned)) return finish(returned, product, j + 1, times, count);
        }
      } catch (error) {
        return fail(error);
      }
      return check(count, returned);
    },
  };
  const finish = async (
    first: PromiseLike<unknown>,
    product: (j: number) => unknown,
    next: number,
    times: number,
    count: number,
  ): Promise<FloatArray> => {
    let returned: unknown;
    try {
      returned = await first;
      for (let j = next; j < times; j++) returned = await product(j);
    } catch (error) {
      return fail(error);
    }
    return check(count, returned);
  };
  return self;
}

/** Whether the first n numbers are finite: no exponent has all its bits set, which adding the lowest of them carries into the sign. */
function allFinite(x: FloatArray, n: number): boolean {
  // detached
  if (x.length < n) return false;
  const step = x.BYTES_PER_ELEMENT / 4;
  const words = new Int32Array(x.buffer, x.byteOffset, n * step);
  const exponent = step === 1 ? 0x7f800000 : 0x7ff00000;
  const lowest = exponent & -exponent;
  let even = 0;
  let odd = 0;
  let i = step - 1;
  for (; i + step < words.length; i += 2 * step) {
    even |= (words[i] & exponent) + lowest;
    odd |= (words[i + step] & exponent) + lowest;
  }
  if (i < words.length) even |= (words[i] & exponent) + lowest;
  return (even | odd) >= 0;
}
