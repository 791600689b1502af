import { refuse, requireFloatArray, requireInteger, requireOptions } from '@hyperribbon/contract';
import { choleskyOf, solveLowerTransposed } from './cholesky.js';
import type { Eigen, EigenOptions } from './eigen.js';
import { eigh } from './eigh.js';
import { exponentOf, maxAbs, powerOfTwo, scaleByPower } from './powerOfTwo.js';
import { unitDiagonal } from './unitDiagonal.js';

const caller = 'eighGeneralised';

/**
 * All eigenvalues, and if asked for eigenvectors, of A x = λ B x, A symmetric and B symmetric positive definite: those of L⁻¹ A L⁻ᵀ, B = L Lᵀ.
 *
 * Lower triangles are read. Values have an error of n eps κ(B) ‖B^−½ A B^−½‖ at most, with the least κ that scaling rows and columns of B gives.
 * @param a (n, n) row-major, unchanged
 * @param b (n, n) row-major, unchanged
 * @returns values descending; vectors (n, n): row i is x of values[i], with xᵀ B x = 1
 * @throws ArgumentError where B is not positive definite, by its pivot; ArgumentTypeError
 * Cost: that of eigh and 7/3 n³ flops.
 * @example
 * eighGeneralised(Float64Array.of(6, 0, 0, 2), Float64Array.of(2, 0, 0, 1), 2).values; // [3, 2]
 * Source: [golub2013, 8.7].
 */
export function eighGeneralised(
  a: Float64Array,
  b: Float64Array,
  n: number,
  options: EigenOptions & { readonly vectors: true },
): Required<Eigen>;
export function eighGeneralised(a: Float64Array, b: Float64Array, n: number, options?: EigenOptions): Eigen;
export function eighGeneralised(a: Float64Array, b: Float64Array, n: number, options: EigenOptions = {}): Eigen {
  requireOptions(caller, options);
  requireInteger(caller, 'n', n, 0);
  requireFloatArray(caller, 'a', a, n * n);
  requireFloatArray(caller, 'b', b, n * n);
  const [lower, metric] = [lowerPart('a', a, n), lowerPart('b', b, n)];
  const { exponent, factors, scaled } = unitDiagonal(metric, n);
  const l = choleskyOf(caller, 'b', scaled, n);
  const size = exponentOf(maxAbs(lower));
  const c = scaleByPower(lower, -size);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) c[i * n + j] *= factors[i] * factors[j];
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) c[j * n + i] = c[i * n + j];
  const form = transposed(divideRows(l, transposed(divideRows(l, c, n), n), n), n);
  const { values, vectors } = eigh(form, n, options);
  scaleByPower(values, size - exponent);
  if (vectors === undefined) return { values };
  const half = powerOfTwo(-exponent / 2);
  for (let i = 0; i < n; i++) {
    const x = vectors.subarray(i * n, (i + 1) * n);
    solveLowerTransposed(l, n, x);
    for (let j = 0; j < n; j++) x[j] *= factors[j] * half;
  }
  return { values, vectors };
}

/** Entries above the diagonal zero. @throws ArgumentError where one of the others is not finite */
function lowerPart(name: string, a: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const x = (out[i * n + j] = a[i * n + j]);
      if (!Number.isFinite(x)) refuse(caller, `${name} must be finite, got ${x} at (${i}, ${j}); remove or repair it`);
    }
  return out;
}

/** A ← L⁻¹ A, in place. */
function divideRows(l: Float64Array, a: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; i++) {
    const row = a.subarray(i * n, (i + 1) * n);
    for (let j = 0; j < i; j++) {
      const factor = l[i * n + j];
      if (factor === 0) continue;
      for (let t = 0, at = j * n; t < n; t++) row[t] -= factor * a[at + t];
    }
    const pivot = l[i * n + i];
    for (let t = 0; t < n; t++) row[t] /= pivot;
  }
  return a;
}

function transposed(a: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out[j * n + i] = a[i * n + j];
  return out;
}
