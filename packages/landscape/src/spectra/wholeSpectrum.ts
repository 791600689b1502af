import type { FloatArray } from '@hyperribbon/kernels';
import { eigh } from '@hyperribbon/lanczos';
import { materialize, type LinearOperator } from '@hyperribbon/linop';
import type { SettledSpectrum, SpectrumPairs } from './spectrumOptions.js';

/** All eigenpairs: `size` products form the matrix, then a dense solver. */
export async function wholeSpectrum(
  operator: LinearOperator,
  { deterministic, vectors: wanted, onProgress }: SettledSpectrum,
): Promise<SpectrumPairs> {
  const n = operator.size;
  onProgress?.({ done: 0.1, of: 1, detail: `forming the ${n} × ${n} matrix` });
  const matrix = Float64Array.from(await materialize(operator));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const mean = (matrix[i * n + j] + matrix[j * n + i]) / 2;
      matrix[i * n + j] = mean;
      matrix[j * n + i] = mean;
    }
  }
  onProgress?.({ done: 0.5, of: 1, detail: 'diagonalising it' });
  const { values, vectors } = eigh(matrix, n, { vectors: true, deterministic });
  const residualNorms = Float64Array.from({ length: n }, (_, i) => residualNorm(matrix, vectors!, values[i], i, n));
  return {
    values,
    residualNorms,
    converged: true,
    reason: 'dense',
    matvecs: n,
    orthogonality: 0,
    ...(wanted ? { vectors: vectors! } : {}),
  };
}

/** ‖A v_i − λ_i v_i‖ */
function residualNorm(a: Float64Array, vectors: FloatArray, value: number, i: number, n: number): number {
  let sum = 0;
  for (let row = 0; row < n; row++) {
    let product = 0;
    for (let j = 0; j < n; j++) product += a[row * n + j] * vectors[i * n + j];
    const difference = product - value * vectors[i * n + row];
    sum += difference * difference;
  }
  return Math.sqrt(sum);
}
