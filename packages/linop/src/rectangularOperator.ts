import { floatArray, refuseType, requireInteger, requireOneOf, requireOptions } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { chain } from './chain.js';
import { dtypeOf, requireMatrix, rowProducts } from './matrixArguments.js';
import { type VectorOf, fromMatvec, type Matvec } from './fromMatvec.js';
import { DTYPES, type LinearOperator } from './linearOperator.js';

/** A rows × columns operator known by its products and those of its transpose. */
export interface RectangularOperator {
  readonly rows: number;
  readonly columns: number;
  readonly dtype: Dtype;
  /** out (rows,) ← A x, x (columns,): every entry of out is written; must not keep or change x */
  apply(x: FloatArray, out: FloatArray): void | Promise<void>;
  /** out (columns,) ← Aᵀ y, y (rows,) */
  applyTranspose(y: FloatArray, out: FloatArray): void | Promise<void>;
}

/** Checks that op looks like a rectangular operator; returns it. @throws ArgumentError, ArgumentTypeError */
export function assertRectangular(op: RectangularOperator, caller: string): RectangularOperator {
  if (
    typeof op !== 'object' ||
    op === null ||
    typeof op.apply !== 'function' ||
    typeof op.applyTranspose !== 'function'
  ) {
    refuseType(caller, 'op', 'a RectangularOperator with apply(x, out) and applyTranspose(y, out)', op);
  }
  requireInteger(caller, 'op.rows', op.rows, 0);
  requireInteger(caller, 'op.columns', op.columns, 0);
  requireOneOf(caller, 'op.dtype', op.dtype, DTYPES);
  return op;
}

/** Whether an operator is a rectangular one, known by its transpose. */
export function isRectangular(op: LinearOperator | RectangularOperator): op is RectangularOperator {
  return 'applyTranspose' in op;
}

/**
 * Makes a rectangular operator of two functions, with the same freedom as {@link fromMatvec}: each writes into `out` or returns a new array,
 * at once or as a promise.
 *
 * @throws ArgumentError, ArgumentTypeError for sizes that are no integers ≥ 0 or an unknown dtype; ContractError from products that break the contract
 * @example
 * const difference = fromMatvecs(2, 3, {
 *   apply: (x, out) => void out.set([x[1] - x[0], x[2] - x[1]]),
 *   applyTranspose: (y, out) => void out.set([-y[0], y[0] - y[1], y[1]]),
 * });
 */
export function fromMatvecs<D extends Dtype = 'float64'>(
  rows: number,
  columns: number,
  products: { readonly apply: Matvec<VectorOf<D>>; readonly applyTranspose: Matvec<VectorOf<D>> },
  options: { readonly dtype?: D } = {},
): RectangularOperator {
  requireOptions('fromMatvecs', products, '{ apply, applyTranspose }', 'products');
  // sizes of the outputs: what fromMatvec checks results against
  const forward = fromMatvec(rows, products.apply, options);
  const backward = fromMatvec(columns, products.applyTranspose, options);
  return {
    rows,
    columns,
    dtype: forward.dtype,
    apply: (x, out) => forward.apply(x, out),
    applyTranspose: (y, out) => backward.apply(y, out),
  };
}

/**
 * The rectangular operator of a dense matrix; it refers to `a`, whose type gives the dtype.
 *
 * @param a (m, n) row-major
 * @throws ArgumentError when a does not have m n entries
 * Cost: 2 m n flops per product, sums in float64.
 * @example
 * const A = fromDenseRectangular(Float64Array.of(1, 2, 3, 4, 5, 6), 2, 3);
 */
export function fromDenseRectangular(a: FloatArray, m: number, n: number): RectangularOperator {
  requireMatrix('fromDenseRectangular', a, m, n);
  return {
    rows: m,
    columns: n,
    dtype: dtypeOf(a),
    apply: (x, out) => rowProducts(a, x, out),
    applyTranspose(y, out) {
      const sums = new Float64Array(n);
      for (let i = 0, p = 0; i < m; i++) for (let j = 0; j < n; j++, p++) sums[j] += a[p] * y[i];
      out.set(sums);
    },
  };
}

/**
 * The symmetric operator [[0, A], [Aᵀ, 0]] of order rows + columns: its eigenvalues are ±σᵢ and |rows − columns| zeros [golub1965].
 * Cost: one product with A, one with Aᵀ.
 * @example
 * const { values } = await eigsh(cyclicOperator(A), { k: 2 }); // the two largest singular values of A
 */
export function cyclicOperator(op: RectangularOperator): LinearOperator {
  assertRectangular(op, 'cyclicOperator');
  const { rows, columns } = op;
  return {
    size: rows + columns,
    dtype: op.dtype,
    apply(x, out) {
      return chain(op.apply(x.subarray(rows), out.subarray(0, rows)), () =>
        op.applyTranspose(x.subarray(0, rows), out.subarray(rows)),
      );
    },
  };
}

/**
 * AᵀA, or AAᵀ where that is smaller: eigenvalues σᵢ²; those below eps σ₁² are lost to rounding [golub2013, §5.3.2].
 * Cost: one product with A, one with Aᵀ.
 * @example
 * const { value } = await estimateTrace(normalOperator(A), { seed: 1 }); // ‖A‖²_F
 */
export function normalOperator(op: RectangularOperator): LinearOperator {
  assertRectangular(op, 'normalOperator');
  const { rows, columns, dtype } = op;
  const wide = columns > rows;
  return {
    size: wide ? rows : columns,
    dtype,
    apply(x, out) {
      const middle = floatArray(dtype, wide ? columns : rows);
      return chain(wide ? op.applyTranspose(x, middle) : op.apply(x, middle), () =>
        wide ? op.apply(middle, out) : op.applyTranspose(middle, out),
      );
    },
  };
}
