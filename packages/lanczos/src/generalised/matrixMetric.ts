import { refuse } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels/linear';
import { fromMatvec } from '@hyperribbon/linop';
import { cholesky, solveLower, solveLowerTransposed } from '../dense/cholesky.js';
import { timesPower } from '../dense/powerOfTwo.js';
import { unitDiagonal } from '../dense/unitDiagonal.js';
import { eigsh } from '../eigsh/eigsh.js';
import { norm } from '../solve/vectors.js';
import type { FactoredMetric } from './metric.js';

/**
 * B of its entries: D B D = L Lᵀ with the powers of two D that bring its diagonal to between 1/2 and 2, so that rounding is that of κ(D B D), which is within a factor n of the least one
 * that a diagonal can give [vandersluis1969].
 *
 * @throws ArgumentError where B is not positive definite to rounding
 */
export async function matrixMetric(
  caller: string,
  matrix: FloatArray,
  n: number,
  signal: AbortSignal | undefined,
): Promise<FactoredMetric> {
  const { exponent, powers, scaled } = unitDiagonal(matrix, n);
  const b = Float64Array.from(matrix, (value) => timesPower(value, -exponent));
  const l = factor(caller, matrix, scaled, n);
  const scale = (x: Float64Array): void => {
    for (let i = 0; i < n; i++) x[i] = timesPower(x[i], powers[i]);
  };
  const forward = (x: Float64Array): void => {
    scale(x);
    solveLower(l, n, x);
  };
  return {
    size: n,
    exponent,
    condition: await conditionOf(scaled, l, n, signal),
    products: 0,
    solves: 0,
    multiply(x, out) {
      for (let i = 0; i < n; i++) {
        let s = 0;
        for (let j = 0; j <= i; j++) s += b[i * n + j] * x[j];
        for (let j = i + 1; j < n; j++) s += b[j * n + i] * x[j];
        out[i] = s;
      }
      return Promise.resolve(out);
    },
    dualNorm(r) {
      const y = r.slice();
      forward(y);
      return Promise.resolve(norm(y));
    },
    forward,
    backward(y) {
      solveLowerTransposed(l, n, y);
      scale(y);
    },
  };
}

function factor(caller: string, matrix: FloatArray, scaled: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; i++) {
    if (!(matrix[i * n + i] > 0))
      refuse(
        caller,
        `B.matrix must be positive definite, but entry (${i}, ${i}) of its diagonal is ${matrix[i * n + i]}`,
      );
    for (let j = 0; j < i; j++) {
      const [below, above] = [scaled[i * n + j], scaled[j * n + i]];
      if (Math.abs(below - above) > 2 ** -20)
        refuse(
          caller,
          `B.matrix must be symmetric, but entries (${i}, ${j}) and (${j}, ${i}) are ${matrix[i * n + j]} and ${matrix[j * n + i]}`,
        );
    }
  }
  try {
    return cholesky(scaled, n);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return refuse(
      caller,
      `B.matrix must be positive definite (${said.replace(/^cholesky: a must be positive definite: /u, '')})`,
    );
  }
}

/** ‖D B D‖ ≤ the largest sum of a row, times ‖(D B D)⁻¹‖ of a search with the factor. */
async function conditionOf(
  scaled: Float64Array,
  l: Float64Array,
  n: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  let largest = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += Math.abs(scaled[i * n + j]);
    largest = Math.max(largest, sum);
  }
  const inverse = fromMatvec(n, (x, out) => {
    out.set(x);
    solveLower(l, n, out);
    solveLowerTransposed(l, n, out);
  });
  if (n === 0 || signal?.aborted === true) return 1;
  const report = await eigsh(inverse, { k: 1, tol: 0.1, noise: 'estimate', denseBelow: 0, ...(signal && { signal }) });
  return Math.max(1, 1.2 * largest * report.norm);
}
