import { AbortError, describe, floatArray, orAborted } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { isThenable } from './chain.js';
import { ContractError, NonFiniteError, OperatorError } from './errors.js';
import type { LinearOperator } from './linearOperator.js';

/** Products that are counted and checked: what every algorithm of this project calls instead of op.apply. */
export interface GuardedOperator {
  readonly op: LinearOperator;
  /** products so far */
  matvecs: number;
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
 * @param signal ends the wait for a product that comes later: it rejects with AbortError then, whether or not the product ever settles
 * Cost: 3 n numbers moved and n allocated per product.
 * @example
 * const guard = guardOperator(op, 1, 'powerMethod');
 * const y = await guard.multiply(x); // throws where op does not keep its contract
 */
export function guardOperator(
  op: LinearOperator,
  columns: number,
  caller: string,
  signal?: AbortSignal,
): GuardedOperator {
  return new Guard(op, columns, caller, signal);
}

class Guard implements GuardedOperator {
  readonly op: LinearOperator;
  matvecs = 0;
  readonly #caller: string;
  readonly #columns: number;
  readonly #output: FloatArray;
  readonly #signal: AbortSignal | undefined;

  constructor(op: LinearOperator, columns: number, caller: string, signal: AbortSignal | undefined) {
    this.#signal = signal;
    this.op = op;
    this.#caller = caller;
    this.#columns = columns;
    this.#output = floatArray(op.dtype, op.size * columns);
  }

  multiply(x: FloatArray, columns = 1): FloatArray | Promise<FloatArray> {
    const { op } = this;
    const { size: n } = op;
    const output = this.#output;
    // a fresh copy each time: what an operator keeps of an earlier one is not the present one
    const input = x.slice(0, n * columns);
    output.fill(NaN, 0, n * columns);
    const block = columns > 1 && op.applyBlock !== undefined;
    const times = block ? 1 : columns;
    const product = (j: number): unknown =>
      block
        ? op.applyBlock!(input, output.subarray(0, n * columns), columns)
        : op.apply(input.subarray(j * n, (j + 1) * n), output.subarray(j * n, (j + 1) * n));
    let returned: unknown;
    try {
      for (let j = 0; j < times; j++) {
        returned = product(j);
        if (isThenable(returned)) return this.#finish(returned, product, j + 1, times, columns);
      }
    } catch (error) {
      this.#fail(error);
    }
    return this.#checked(columns, returned);
  }

  async #finish(
    first: PromiseLike<unknown>,
    product: (j: number) => unknown,
    next: number,
    times: number,
    columns: number,
  ): Promise<FloatArray> {
    let returned: unknown;
    try {
      returned = await this.#settled(first);
      for (let j = next; j < times; j++) returned = await this.#settled(product(j));
    } catch (error) {
      this.#fail(error);
    }
    return this.#checked(columns, returned);
  }

  #settled(pending: unknown): unknown {
    return this.#signal === undefined ? pending : orAborted(this.#caller, Promise.resolve(pending), this.#signal);
  }

  #fail(error: unknown): never {
    // says already what is wrong with the operator
    if (error instanceof ContractError) throw error;
    if (this.#signal?.aborted === true && error instanceof AbortError) throw error;
    const call = this.matvecs + 1;
    const said = error instanceof Error ? error.message : String(error);
    throw new OperatorError(`${this.#caller}: the operator threw at product ${call}: ${said}`, call, error);
  }

  #checked(columns: number, returned: unknown): FloatArray {
    const length = columns * this.op.size;
    const output = this.#output;
    if (!allFinite(output, length)) this.#refuse(length, returned);
    this.matvecs += columns;
    return columns === this.#columns ? output : output.subarray(0, length);
  }

  /** Says what is wrong with an output of `length` numbers that are not all finite. */
  #refuse(length: number, returned: unknown): never {
    const output = this.#output;
    const { size: n } = this.op;
    let i = 0;
    while (i < length && output[i] - output[i] === 0) i++;
    const call = this.matvecs + 1 + Math.floor(i / n);
    if (output.length < length)
      throw new ContractError(
        `${this.#caller}: the operator detached out at product ${call}; it may only write into it`,
      );
    const elsewhere = returned !== undefined && (returned as Partial<FloatArray> | null)?.buffer !== output.buffer;
    if (elsewhere && Number.isNaN(output[i]))
      throw new ContractError(
        `${this.#caller}: apply returned ${describe(returned)} at product ${call} and left out unwritten at position ` +
          `${i % n}; it must write into out (fromMatvec accepts functions that return)`,
      );
    throw new NonFiniteError(
      `${this.#caller}: product ${call} has ${output[i]} at position ${i % n} of ${n}; ` +
        'apply must write every entry of out, and A x must be finite for a finite x',
      call,
      i % n,
    );
  }
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
