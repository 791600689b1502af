import { refuse } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels/linear';
import { fromMatvec } from '@hyperribbon/linop';
import { choleskyOf, solveLower, solveLowerTransposed } from '../dense/cholesky.js';
import { scaleByPower } from '../dense/powerOfTwo.js';
import { unitDiagonal } from '../dense/unitDiagonal.js';
import { eigsh } from '../eigsh/eigsh.js';
import { norm } from '../solve/vectors.js';
import type { FactoredMetric } from './metric.js';

/**
 * B of its entries: D B D = L Lᵀ with the powers of two D that bring its diagonal to between 1/2 and 2, so that rounding is that of κ(D B D), which is within a factor n of the least one
 * that a diagonal can give [vandersluis1969].
 *
 * @param dtype of what the entries were computed in
 * @throws ArgumentError where B is not positive definite to rounding, or not symmetric to 2^−36, of float32 2^−16
 */
export async function matrixMetric(
  caller: string,
  matrix: FloatArray,
  n: number,
  signal: AbortSignal | undefined,
  dtype: Dtype = matrix instanceof Float32Array ? 'float32' : 'float64',
): Promise<FactoredMetric> {
  const { exponent, factors, scaled } = unitDiagonal(matrix, n);
  requireAlike(caller, matrix, { scaled, n, dtype });
  const l = choleskyOf(caller, 'B.matrix', scaled, n);
  const b = scaleByPower(Float64Array.from(matrix), -exponent);
  const scale = (x: Float64Array): void => {
    for (let i = 0; i < n; i++) x[i] *= factors[i];
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

/** Both triangles alike, to the rounding of products in their dtype, and a diagonal above zero. */
function requireAlike(
  caller: string,
  matrix: FloatArray,
  { scaled, n, dtype }: { scaled: Float64Array; n: number; dtype: Dtype },
): void {
  const rounding = dtype === 'float32' ? 2 ** -16 : 2 ** -36;
  for (let i = 0; i < n; i++) {
    if (!(matrix[i * n + i] > 0))
      refuse(
        caller,
        `B.matrix must be positive definite, but entry (${i}, ${i}) of its diagonal is ${matrix[i * n + i]}`,
      );
    for (let j = 0; j < i; j++)
      if (Math.abs(scaled[i * n + j] - scaled[j * n + i]) > rounding)
        refuse(
          caller,
          `B.matrix must be symmetric, but entries (${i}, ${j}) and (${j}, ${i}) are ${matrix[i * n + j]} and ${matrix[j * n + i]}`,
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
