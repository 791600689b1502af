import { floatArray, refuse } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { chain, isThenable } from './chain.js';
import { assertOperator, type LinearOperator } from './linearOperator.js';

type Product = (x: FloatArray, out: FloatArray) => void | Promise<void>;

/** Products of `columns` vectors stored one after another: in one call where the operator takes blocks. */
function blockProduct(a: LinearOperator, columns: number): Product {
  if (columns === 1) return (x, out) => a.apply(x, out);
  if (a.applyBlock !== undefined) return (x, out) => a.applyBlock!(x, out, columns);
  const n = a.size;
  const from = (x: FloatArray, out: FloatArray, column: number): void | Promise<void> => {
    for (let j = column; j < columns; j++) {
      const pending = a.apply(x.subarray(j * n, (j + 1) * n), out.subarray(j * n, (j + 1) * n));
      if (isThenable(pending)) return chain(pending, () => from(x, out, j + 1));
    }
  };
  return (x, out) => from(x, out, 0);
}

/** The operator that `body` makes of the products of the given ones, which agree in size and dtype; it takes blocks if one of them does. */
export function derived(
  parts: readonly LinearOperator[],
  body: (products: readonly Product[], columns: number) => Product,
): LinearOperator {
  const { size, dtype } = parts[0];
  const of = (columns: number): Product =>
    body(
      parts.map((part) => blockProduct(part, columns)),
      columns,
    );
  const apply = of(1);
  if (parts.every(({ applyBlock }) => applyBlock === undefined)) return { size, dtype, apply };
  return { size, dtype, apply, applyBlock: (x, out, columns) => of(columns)(x, out) };
}

/**
 * A with `change(x, out)` called once a product is there, in one call for a block: to look at products, or to change them in place. What it throws ends the run.
 * @example
 * let products = 0;
 * const counted = afterProduct(A, () => void products++);
 */
export function afterProduct(
  a: LinearOperator,
  change: (x: FloatArray, out: FloatArray) => void,
  caller = 'afterProduct',
): LinearOperator {
  assertOperator(a, caller);
  return derived(
    [a],
    ([multiply]) =>
      (x, out) =>
        chain(multiply(x, out), () => change(x, out)),
  );
}

/**
 * alpha A for a number alpha. Cost: one product and n multiplications.
 * @example
 * const largestOfMinus = await eigsh(scale(A, -1), { k: 1 });
 */
export function scale(a: LinearOperator, alpha: number): LinearOperator {
  const change = (_: FloatArray, out: FloatArray): void => {
    for (let i = 0; i < out.length; i++) out[i] *= alpha;
  };
  return afterProduct(a, change, 'scale');
}

/**
 * A + sigma I: every eigenvalue moves by sigma. Cost: one product and n multiply-adds.
 * @example
 * const damped = shift(H, 1e-3);
 */
export function shift(a: LinearOperator, sigma: number): LinearOperator {
  const change = (x: FloatArray, out: FloatArray): void => {
    for (let i = 0; i < out.length; i++) out[i] += sigma * x[i];
  };
  return afterProduct(a, change, 'shift');
}

/**
 * A + B.
 * @throws ArgumentError when sizes or dtypes differ
 * Cost: both products, n numbers of scratch.
 * @example
 * const both = add(A, diagonal(new Float64Array(A.size).fill(2)));
 */
export function add(a: LinearOperator, b: LinearOperator): LinearOperator {
  assertPair(a, b, 'add');
  return derived([a, b], ([byA, byB]) => (x, out) => {
    const second = floatArray(b.dtype, x.length);
    return chain(byA(x, out), () =>
      chain(byB(x, second), () => {
        for (let i = 0; i < out.length; i++) out[i] += second[i];
      }),
    );
  });
}

/**
 * A B, applied right to left; symmetric only when A and B commute.
 * @throws ArgumentError when sizes or dtypes differ
 * Cost: both products, n numbers of scratch.
 * @example
 * const square = compose(A, A);
 */
export function compose(a: LinearOperator, b: LinearOperator): LinearOperator {
  assertPair(a, b, 'compose');
  return derived([a, b], ([byA, byB]) => (x, out) => {
    const middle = floatArray(b.dtype, x.length);
    return chain(byB(x, middle), () => byA(middle, out));
  });
}

/**
 * P A P with P = I − VᵀV: what is left of A outside the span of k orthonormal rows.
 *
 * Eigenvectors in V get eigenvalue 0, the others keep theirs. The rows are referred to, not copied.
 * @param vectors (k, n) row-major, orthonormal rows (as `eigsh` returns them)
 * @throws ArgumentError when vectors is not a multiple of n numbers
 * Cost: one product and 8 k n flops.
 * @example
 * const { vectors } = await eigsh(A, { k: 3 });
 * const rest = deflate(A, vectors);
 * Source: deflation by subtraction [parlett1998, 5.1], written so that the vectors suffice.
 */
export function deflate(a: LinearOperator, vectors: FloatArray): LinearOperator {
  assertOperator(a, 'deflate');
  const n = a.size;
  const k = n === 0 ? 0 : vectors.length / n;
  if (!Number.isInteger(k)) refuse('deflate', `vectors must hold k·n numbers, got ${vectors.length} for n=${n}`);
  return derived([a], ([multiply], columns) => (x, out) => {
    const inside = x.slice();
    const project = (y: FloatArray): void => {
      for (let j = 0; j < columns; j++) projectOut(vectors, k, n, y.subarray(j * n, (j + 1) * n));
    };
    project(inside);
    return chain(multiply(inside, out), () => project(out));
  });
}

/** x ← (I − VᵀV) x, one row after the other. */
function projectOut(vectors: FloatArray, k: number, n: number, x: FloatArray): void {
  for (let i = 0; i < k; i++) {
    const row = i * n;
    let s = 0;
    for (let j = 0; j < n; j++) s += vectors[row + j] * x[j];
    for (let j = 0; j < n; j++) x[j] -= s * vectors[row + j];
  }
}

/**
 * A ⊗ I + I ⊗ B: eigenvalues are all sums λᵢ(A) + λⱼ(B) [horn1991, Th. 4.4.5]; index of (i, j) is i · size(B) + j.
 * Cost: size(B) products of A and size(A) of B, as blocks where they take them; 2 size(A) size(B) numbers.
 * @example
 * const laplacian = kroneckerSum(second, second); // of a square, from that of a line
 */
export function kroneckerSum(a: LinearOperator, b: LinearOperator): LinearOperator {
  assertDtypes(a, b, 'kroneckerSum');
  const [p, q] = [a.size, b.size];
  const [byA, byB] = [blockProduct(a, q), blockProduct(b, p)];
  return {
    size: p * q,
    dtype: a.dtype,
    apply(x, out) {
      const columns = floatArray(a.dtype, p * q);
      const products = floatArray(a.dtype, p * q);
      for (let i = 0; i < p; i++) for (let j = 0; j < q; j++) columns[j * p + i] = x[i * q + j];
      return chain(byB(x, out), () =>
        chain(byA(columns, products), () => {
          for (let i = 0; i < p; i++) for (let j = 0; j < q; j++) out[i * q + j] += products[j * p + i];
        }),
      );
    },
  };
}

function assertPair(a: LinearOperator, b: LinearOperator, caller: string): void {
  assertDtypes(a, b, caller);
  if (a.size !== b.size) refuse(caller, `sizes must agree, got ${a.size} and ${b.size}`);
}

function assertDtypes(a: LinearOperator, b: LinearOperator, caller: string): void {
  assertOperator(a, caller);
  assertOperator(b, caller);
  if (a.dtype !== b.dtype) refuse(caller, `dtypes must agree, got ${a.dtype} and ${b.dtype}`);
}
