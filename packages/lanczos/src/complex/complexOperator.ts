import {
  describe,
  refuse,
  refuseType,
  requireFiniteEntries,
  requireFloatArray,
  requireInteger,
  requireOneOf,
  requireOptions,
} from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels/linear';
import { fromMatvec, type LinearOperator, type Matvec, type VectorOf } from '@hyperribbon/linop';

/**
 * A complex (n, n) matrix that is known by its products. Vectors are interleaved: entry 2j is the real part of component j, entry 2j + 1 the imaginary one, so that a
 * vector has 2n numbers.
 */
export interface ComplexOperator {
  /** n, complex components of a vector */
  readonly size: number;
  readonly dtype: Dtype;
  /** tells it from a real operator */
  readonly complex: true;
  /** out ← H x, both (2n,) interleaved; writes every entry of `out` */
  apply(x: FloatArray, out: FloatArray): void | Promise<void>;
}

/**
 * Makes a complex operator of a function that multiplies by it.
 *
 * @param size n ≥ 0, complex components
 * @param apply writes H x into `out`, or returns it; x and out are (2n,) interleaved
 * @param options dtype of the numbers handed over, 'float64' by default
 * @throws ArgumentError, ArgumentTypeError for a size that is no integer ≥ 0 or an unknown dtype
 * @example
 * // [[0, −i], [i, 0]]
 * const sigmaY = fromComplexMatvec(2, (x, out) => out.set([x[3], -x[2], -x[1], x[0]]));
 */
export function fromComplexMatvec<D extends Dtype = 'float64'>(
  size: number,
  apply: Matvec<VectorOf<D>>,
  options: { readonly dtype?: D } = {},
): ComplexOperator {
  const caller = 'fromComplexMatvec';
  requireOptions(caller, options);
  requireInteger(caller, 'size', size, 0);
  if (typeof apply !== 'function') refuseType(caller, 'apply', 'a function', apply);
  requireOneOf(caller, 'dtype', options.dtype ?? 'float64', ['float32', 'float64']);
  const { dtype, apply: multiply } = fromMatvec(2 * size, apply, options);
  return { size, dtype, complex: true, apply: (x, out) => multiply(x, out) };
}

/**
 * The operator of a matrix that is given: a copy of it is kept, in float64.
 *
 * @param matrix (n, 2n) row-major: rows of n interleaved complex numbers
 * @throws ArgumentError, ArgumentTypeError for another length, or entries that are not finite
 * Cost: 8 n² flops a product.
 * @example
 * const { values } = await eigshComplex(fromComplexDense(2, Float64Array.of(0, 0, 0, -1, 0, 1, 0, 0)), { k: 2 });
 * values; // [1, -1]
 */
export function fromComplexDense(n: number, matrix: FloatArray): ComplexOperator {
  const caller = 'fromComplexDense';
  requireInteger(caller, 'n', n, 0);
  requireFloatArray(caller, 'matrix', matrix, 2 * n * n);
  requireFiniteEntries(caller, 'matrix', matrix);
  const a = Float64Array.from(matrix);
  return fromComplexMatvec(n, (x, out) => {
    for (let i = 0; i < n; i++) {
      let [re, im] = [0, 0];
      for (let [at, j] = [2 * n * i, 0]; j < 2 * n; j += 2) {
        re += a[at + j] * x[j] - a[at + j + 1] * x[j + 1];
        im += a[at + j] * x[j + 1] + a[at + j + 1] * x[j];
      }
      out[2 * i] = re;
      out[2 * i + 1] = im;
    }
  });
}

/** @throws ArgumentTypeError, ArgumentError for what is no complex operator, such as a real one */
export function assertComplexOperator(op: unknown, caller: string): asserts op is ComplexOperator {
  const { size, dtype, complex, apply } = (op ?? {}) as Partial<ComplexOperator>;
  if (typeof apply !== 'function' || complex !== true)
    refuseType(
      caller,
      'op',
      'a complex operator { size, dtype, complex: true, apply }, see fromComplexMatvec (a real operator goes to eigsh)',
      op,
    );
  if (!Number.isInteger(size) || (size as number) < 0)
    refuse(caller, `op.size must be an integer >= 0, got ${describe(size)}`);
  requireOneOf(caller, 'op.dtype', dtype as Dtype, ['float32', 'float64']);
}

/** The same products as those of a real operator of order 2n, symmetric if H is Hermitian: each eigenvalue of H is one of its twice. */
export function realForm(op: ComplexOperator): LinearOperator {
  return { size: 2 * op.size, dtype: op.dtype, apply: (x, out) => op.apply(x, out) };
}
