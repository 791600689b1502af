import {
  describe,
  refuseType,
  requireInteger,
  requireOneOf,
  requireOptions,
  typedArrayName,
} from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { chain } from './chain.js';
import { ContractError } from './errors.js';
import { DTYPES, type LinearOperator } from './linearOperator.js';

/** The vectors of a dtype. */
export type VectorOf<D extends Dtype> = D extends 'float32' ? Float32Array : Float64Array;

/** out ← A x: either writes every entry of `out`, or returns a new array; a promise of either is fine. */
export type Matvec<A extends FloatArray> = (x: A, out: A) => void | A | Promise<void | A>;

/**
 * Makes an operator of a function that multiplies by it.
 *
 * @param size n ≥ 0; A is (n, n)
 * @param apply writes A x into `out`, or returns A x as a typed array of the operator's dtype
 * @param options dtype of the vectors handed over, 'float64' by default
 * @throws ArgumentError, ArgumentTypeError for a size that is no integer ≥ 0 or an unknown dtype
 * @example
 * const laplacian = fromMatvec(3, (x, out) => {
 *   for (let i = 0; i < 3; i++) out[i] = 2 * x[i] - (x[i - 1] ?? 0) - (x[i + 1] ?? 0);
 * });
 */
export function fromMatvec<D extends Dtype = 'float64'>(
  size: number,
  apply: Matvec<VectorOf<D>>,
  options: { readonly dtype?: D } = {},
): LinearOperator {
  requireOptions('fromMatvec', options);
  const dtype: Dtype = options.dtype ?? 'float64';
  requireInteger('fromMatvec', 'size', size, 0);
  if (typeof apply !== 'function') refuseType('fromMatvec', 'apply', 'a function', apply);
  requireOneOf('fromMatvec', 'dtype', dtype, DTYPES);
  const multiply = apply as unknown as Matvec<FloatArray>;
  return {
    size,
    dtype,
    apply(x: FloatArray, out: FloatArray): void | Promise<void> {
      const result = multiply(x, out);
      if (result !== undefined) return chain(result, (value) => keep(value, x, out));
    },
  };
}

/** Copies what a matvec returned into out; anything but the right array is a broken contract. */
function keep(result: unknown, x: FloatArray, out: FloatArray): void {
  if (result === undefined || result === out) return;
  if (typedArrayName(result) !== typedArrayName(out)) {
    throw new ContractError(
      `fromMatvec: apply returned ${describe(result)}; it must write into out or return a ${typedArrayName(out)}`,
    );
  }
  if (result === x) {
    throw new ContractError('fromMatvec: apply returned its own input x; write into out or return another array');
  }
  const array = result as FloatArray;
  if (array.length !== out.length) {
    const detached = array.length === 0 ? ' (a view of memory that was detached, for example by memory.grow?)' : '';
    throw new ContractError(`fromMatvec: apply returned length ${array.length}, expected ${out.length}${detached}`);
  }
  out.set(array);
}
