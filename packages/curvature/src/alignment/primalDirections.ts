import { floatArray, refuse, requireInteger } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import type { ExampleJacobian } from '../layers/exampleJacobian.js';

/** The leading eigenpairs of a Gram matrix S Sᵀ/N, as `eigh` and `eigsh` return them. */
export interface GramEigenpairs {
  /** (≥ k,) descending; the first k above rounding noise */
  readonly values: FloatArray;
  /** (≥ k, N) row-major, unit rows */
  readonly vectors: FloatArray;
}

/**
 * Eigenvectors of (1/N) Σ s_i s_iᵀ in weight space from those of its dual: u_j = Sᵀ v_j / √(N λ_j), orthonormal.
 *
 * @param jacobian S (N, size), for instance `exampleJacobian` at the same weights and examples as the Gram matrix
 * @param pairs eigenpairs of the Gram matrix
 * @param k how many, 1..N
 * @returns (k, size) row-major
 * @throws RangeError for k out of range, and for an eigenvalue of at most 1e-13 λ₁, whose direction is rounding noise
 * Cost: k transposed products. Source: [yang2022]'s published code.
 */
export function primalDirections(jacobian: ExampleJacobian, pairs: GramEigenpairs, k: number): Float64Array {
  const { rows: n, columns: size } = jacobian;
  const known = Math.min(pairs.values.length, Math.floor(pairs.vectors.length / n));
  requireInteger('primalDirections', 'k', k, 1, known);
  const directions = new Float64Array(k * size);
  const [v, u] = [n, size].map((length) => floatArray(jacobian.dtype, length));
  for (let j = 0; j < k; j++) {
    const value = pairs.values[j];
    if (!(value > 1e-13 * pairs.values[0])) {
      refuse(
        'primalDirections',
        `eigenvalue ${j} is ${value}, rounding noise beside the first, ${pairs.values[0]}. Ask for k <= ${j}.`,
      );
    }
    v.set(pairs.vectors.subarray(j * n, (j + 1) * n));
    jacobian.applyTransposed(v, u);
    const scale = 1 / Math.sqrt(n * value);
    for (let t = 0; t < size; t++) directions[j * size + t] = u[t] * scale;
  }
  return directions;
}
