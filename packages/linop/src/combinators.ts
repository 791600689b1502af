import type { FloatArray } from '@hyperribbon/kernels';
import { floatArray } from './floatArray.js';
import { assertOperator, type LinearOperator } from './linearOperator.js';

/** Runs `next` once a product that may be asynchronous is there; stays synchronous when it is. */
function chain(pending: void | Promise<void>, next: () => void | Promise<void>): void | Promise<void> {
  return pending instanceof Promise ? pending.then(next) : next();
}

/** alpha A for a number alpha. Cost: one product and n multiplications. */
export function scale(a: LinearOperator, alpha: number): LinearOperator {
  assertOperator(a, 'scale');
  return {
    size: a.size,
    dtype: a.dtype,
    apply: (x, out) =>
      chain(a.apply(x, out), () => {
        for (let i = 0; i < out.length; i++) out[i] *= alpha;
      }),
  };
}

/** A + sigma I: every eigenvalue moves by sigma. Cost: one product and n multiply-adds. */
export function shift(a: LinearOperator, sigma: number): LinearOperator {
  assertOperator(a, 'shift');
  return {
    size: a.size,
    dtype: a.dtype,
    apply: (x, out) =>
      chain(a.apply(x, out), () => {
        for (let i = 0; i < out.length; i++) out[i] += sigma * x[i];
      }),
  };
}

/** A + B. @throws RangeError, TypeError when sizes or dtypes differ. Cost: both products, n numbers of scratch. */
export function add(a: LinearOperator, b: LinearOperator): LinearOperator {
  assertPair(a, b, 'add');
  return {
    size: a.size,
    dtype: a.dtype,
    apply(x, out) {
      const second = floatArray(b.dtype, b.size);
      return chain(a.apply(x, out), () =>
        chain(b.apply(x, second), () => {
          for (let i = 0; i < out.length; i++) out[i] += second[i];
        }),
      );
    },
  };
}

/** A B, applied right to left; symmetric only when A and B commute. Cost: both products, n numbers of scratch. */
export function compose(a: LinearOperator, b: LinearOperator): LinearOperator {
  assertPair(a, b, 'compose');
  return {
    size: a.size,
    dtype: a.dtype,
    apply(x, out) {
      const middle = floatArray(b.dtype, b.size);
      return chain(b.apply(x, middle), () => a.apply(middle, out));
    },
  };
}

/**
 * P A P with P = I − VᵀV: what is left of A outside the span of k orthonormal rows.
 *
 * Eigenvectors in V get eigenvalue 0, the others keep theirs. The rows are referred to, not copied.
 * @param vectors (k, n) row-major, orthonormal rows (as `eigsh` returns them)
 * @throws RangeError when vectors is not a multiple of n numbers
 * Cost: one product and 8 k n flops.
 */
export function deflate(a: LinearOperator, vectors: FloatArray): LinearOperator {
  assertOperator(a, 'deflate');
  const n = a.size;
  const k = n === 0 ? 0 : vectors.length / n;
  if (!Number.isInteger(k)) {
    throw new RangeError(`deflate: vectors must hold k·n numbers, got ${vectors.length} for n=${n}`);
  }
  return {
    size: n,
    dtype: a.dtype,
    apply(x, out) {
      const inside = floatArray(a.dtype, n);
      inside.set(x);
      projectOut(vectors, k, n, inside);
      return chain(a.apply(inside, out), () => projectOut(vectors, k, n, out));
    },
  };
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

/** A ⊗ I + I ⊗ B: eigenvalues are all sums λᵢ(A) + λⱼ(B); index of (i, j) is i · size(B) + j. Cost: size(B) products of A and size(A) of B. */
export function kroneckerSum(a: LinearOperator, b: LinearOperator): LinearOperator {
  assertOperator(a, 'kroneckerSum');
  assertOperator(b, 'kroneckerSum');
  if (a.dtype !== b.dtype) throw new TypeError(`kroneckerSum: dtypes must agree, got ${a.dtype} and ${b.dtype}`);
  const [p, q] = [a.size, b.size];
  return {
    size: p * q,
    dtype: a.dtype,
    async apply(x, out) {
      for (let i = 0; i < p; i++) await b.apply(x.subarray(i * q, (i + 1) * q), out.subarray(i * q, (i + 1) * q));
      const column = floatArray(a.dtype, p);
      const product = floatArray(a.dtype, p);
      for (let j = 0; j < q; j++) {
        for (let i = 0; i < p; i++) column[i] = x[i * q + j];
        await a.apply(column, product);
        for (let i = 0; i < p; i++) out[i * q + j] += product[i];
      }
    },
  };
}

function assertPair(a: LinearOperator, b: LinearOperator, caller: string): void {
  assertOperator(a, caller);
  assertOperator(b, caller);
  if (a.size !== b.size) throw new RangeError(`${caller}: sizes must agree, got ${a.size} and ${b.size}`);
  if (a.dtype !== b.dtype) throw new TypeError(`${caller}: dtypes must agree, got ${a.dtype} and ${b.dtype}`);
}
