import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { chain } from './chain.js';
import { floatArray } from './floatArray.js';
import { fromMatvec, type Matvec } from './fromMatvec.js';
import type { LinearOperator } from './linearOperator.js';

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

/** Checks that op looks like a rectangular operator; returns it. @throws TypeError, RangeError whose first word is `caller` */
export function assertRectangular(op: RectangularOperator, caller: string): RectangularOperator {
  if (
    typeof op !== 'object' ||
    op === null ||
    typeof op.apply !== 'function' ||
    typeof op.applyTranspose !== 'function'
  ) {
    throw new TypeError(
      `${caller}: op must be a RectangularOperator with apply(x, out) and applyTranspose(y, out), got ${typeof op}`,
    );
  }
  for (const [name, value] of [
    ['rows', op.rows],
    ['columns', op.columns],
  ] as const) {
    if (!Number.isInteger(value) || value < 0)
      throw new RangeError(`${caller}: op.${name} must be an integer >= 0, got ${value}`);
  }
  if (op.dtype !== 'float32' && op.dtype !== 'float64')
    throw new TypeError(`${caller}: op.dtype must be 'float32' or 'float64', got ${String(op.dtype)}`);
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
 * @throws RangeError, TypeError for sizes that are no integers ≥ 0 or an unknown dtype; ContractError from products that break the contract
 * @example
 * const difference = fromMatvecs(2, 3, {
 *   apply: (x, out) => void out.set([x[1] - x[0], x[2] - x[1]]),
 *   applyTranspose: (y, out) => void out.set([-y[0], y[0] - y[1], y[1]]),
 * });
 */
export function fromMatvecs(
  rows: number,
  columns: number,
  products: { readonly apply: Matvec<Float64Array>; readonly applyTranspose: Matvec<Float64Array> },
  options?: { readonly dtype?: 'float64' },
): RectangularOperator;
export function fromMatvecs(
  rows: number,
  columns: number,
  products: { readonly apply: Matvec<Float32Array>; readonly applyTranspose: Matvec<Float32Array> },
  options: { readonly dtype: 'float32' },
): RectangularOperator;
export function fromMatvecs(
  rows: number,
  columns: number,
  products: {
    readonly apply: Matvec<Float64Array> | Matvec<Float32Array>;
    readonly applyTranspose: Matvec<Float64Array> | Matvec<Float32Array>;
  },
  options: { readonly dtype?: Dtype } = {},
): RectangularOperator {
  const { dtype = 'float64' } = options;
  // sizes of the outputs: what fromMatvec checks results against
  const make = (size: number, f: Matvec<Float64Array> | Matvec<Float32Array>): LinearOperator =>
    dtype === 'float32'
      ? fromMatvec(size, f as Matvec<Float32Array>, { dtype })
      : fromMatvec(size, f as Matvec<Float64Array>, { dtype });
  const forward = make(rows, products.apply);
  const backward = make(columns, products.applyTranspose);
  return {
    rows,
    columns,
    dtype: forward.dtype,
    apply: (x, out) => forward.apply(x, out),
    applyTranspose: (y, out) => backward.apply(y, out),
  };
}

/** The rectangular operator of a dense matrix a (m, n), row-major; it refers to `a`. Cost: 2 m n flops per product. @throws RangeError */
export function fromDenseRectangular(a: FloatArray, m: number, n: number): RectangularOperator {
  if (!Number.isInteger(m) || m < 0 || !Number.isInteger(n) || n < 0 || a.length !== m * n)
    throw new RangeError(`fromDenseRectangular: a must hold m n numbers, got ${a.length} for m=${m}, n=${n}`);
  return {
    rows: m,
    columns: n,
    dtype: a instanceof Float32Array ? 'float32' : 'float64',
    apply(x, out) {
      for (let i = 0, p = 0; i < m; i++) {
        let s = 0;
        for (let j = 0; j < n; j++, p++) s += a[p] * x[j];
        out[i] = s;
      }
    },
    applyTranspose(y, out) {
      const sums = new Float64Array(n);
      for (let i = 0, p = 0; i < m; i++) for (let j = 0; j < n; j++, p++) sums[j] += a[p] * y[i];
      out.set(sums);
    },
  };
}

/** The symmetric operator [[0, A], [Aᵀ, 0]] of order rows + columns: its eigenvalues are ±σᵢ and zeros. Cost: one product with A, one with Aᵀ. */
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

/** AᵀA, or AAᵀ where that is smaller: eigenvalues σᵢ², small ones lost to rounding. Cost: one product with A, one with Aᵀ. */
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
