import { refuse, requireCounts, requireFiniteEntries } from '@hyperribbon/contract';
import { createWorkspace, type FloatArray, product, productIn } from '@hyperribbon/kernels';
import { eigh } from '@hyperribbon/lanczos';

/** A linear regression by its examples. */
export interface RegressionData {
  /** (count, features) row-major: row i is input xᵢ */
  readonly inputs: FloatArray;
  /** (count, outputs) row-major */
  readonly targets: FloatArray;
  readonly count: number;
  readonly features: number;
  /** C, default 1 */
  readonly outputs?: number;
  /** directions with λ ≤ this part of λ₁ are taken as unseen, and their target coefficient as 0; default max(n, d) eps */
  readonly rankTol?: number;
  /** eigenvalues (d,) descending and eigenvectors (d, d) as rows of Σ = XᵀX/n when they are known already */
  readonly eigen?: { readonly values: Float64Array; readonly vectors: Float64Array };
}

/** A regression problem in the eigenbasis of its inputs: all that its gradient descent depends on. */
export interface RegressionSpectrum {
  /** (d,) λ of Σ = Σᵢ xᵢ xᵢᵀ/n, descending; those of unseen directions are set to 0 */
  readonly eigenvalues: Float64Array;
  /** (d, d) row i is the eigenvector of λᵢ */
  readonly vectors: Float64Array;
  /** (d, outputs) w_⋆ in the eigenbasis: least squares, 0 in unseen directions */
  readonly coefficients: Float64Array;
  /** number of directions seen */
  readonly rank: number;
  /** mean over examples of the squared residual that no linear map can remove, summed over outputs */
  readonly residual: number;
}

/**
 * Rotates a linear regression into the eigenbasis of its input correlation: λ, and b = Uᵀ w_⋆ with w_⋆ the least-squares solution of least norm.
 *
 * Inputs are not centred (append a constant feature for a bias).
 * @throws ArgumentError for shapes that do not fit, numbers that are not finite, or inputs that are all zero
 * Cost: n d (d + 2 C) multiplications in blocks of 512 examples plus an eigenproblem of order d; 8 (3 d² + 512 (d + C)) bytes.
 * Textbook.
 * @example
 * const { eigenvalues, coefficients } = regressionSpectrum({ inputs: Float64Array.of(2, 0, 0, 1), targets: Float64Array.of(2, 3), count: 2, features: 2 });
 */
export function regressionSpectrum(data: RegressionData): RegressionSpectrum {
  const caller = 'regressionSpectrum';
  const { count: n, features: d, outputs = 1, inputs, targets } = data;
  requireCounts(caller, { count: n, features: d, outputs });
  requireFiniteEntries(caller, 'inputs', inputs, [n, d]);
  requireFiniteEntries(caller, 'targets', targets, [n, outputs]);
  const { correlation, cross } = moments(inputs, targets, n, d, outputs, data.eigen === undefined);
  const { values, vectors } = data.eigen ?? eigh(correlation, d, { vectors: true, deterministic: true });
  if (vectors === undefined || values.length !== d || vectors.length !== d * d) {
    refuse(caller, `eigen must hold ${d} values and ${d * d} numbers of vectors`);
  }
  const eigenvalues = values.map((value) => Math.max(0, value));
  if (!(eigenvalues[0] > 0)) refuse(caller, `inputs must not all be zero: there is nothing to learn from`);
  if (!(eigenvalues[0] > 1e-290 && eigenvalues[0] < 1e290)) {
    refuse(
      caller,
      `inputs must be rescaled: their largest eigenvalue ${eigenvalues[0]} is beyond the digits of doubles`,
    );
  }
  const floor = (data.rankTol ?? Math.max(n, d) * 2.220446049250313e-16) * eigenvalues[0];
  const rank = eigenvalues.filter((value) => value > floor).length;
  eigenvalues.fill(0, rank);
  const coefficients = product({ m: d, n: outputs, k: d, a: vectors, b: cross }, { deterministic: true });
  for (let i = 0; i < d; i++) {
    for (let c = i * outputs; c < (i + 1) * outputs; c++)
      coefficients[c] = i < rank ? coefficients[c] / eigenvalues[i] : 0;
  }
  const weights = product(
    { m: d, n: outputs, k: d, a: vectors, transposeA: true, b: coefficients },
    { deterministic: true },
  );
  return {
    eigenvalues,
    vectors,
    coefficients,
    rank,
    residual: meanSquareLeft(inputs, targets, weights, n, d, outputs),
  };
}

/** Mean of |y − Xw|², residual by residual: the difference of their squares would cancel. */
function meanSquareLeft(
  inputs: FloatArray,
  targets: FloatArray,
  weights: Float64Array,
  n: number,
  d: number,
  outputs: number,
): number {
  let sum = 0;
  for (let from = 0; from < n; from += ROWS) {
    const rows = Math.min(ROWS, n - from);
    const x = Float64Array.from(inputs.subarray(from * d, (from + rows) * d));
    const fit = product({ m: rows, n: outputs, k: d, a: x, b: weights }, { deterministic: true });
    fit.forEach((value, i) => (sum += (targets[from * outputs + i] - value) ** 2 / n));
  }
  return sum;
}

const ROWS = 512;

/** Σ = XᵀX/n (when wanted) and Xᵀ Y/n (d, C) */
function moments(
  inputs: FloatArray,
  targets: FloatArray,
  n: number,
  d: number,
  outputs: number,
  wantCorrelation: boolean,
): { correlation: Float64Array; cross: Float64Array } {
  const space = createWorkspace({ bytes: 8 * (d * d + d * outputs + ROWS * (d + outputs)) + 512, deterministic: true });
  const [x, y] = [space.allocate(8 * ROWS * d), space.allocate(8 * ROWS * outputs)];
  const [a, b] = [space.allocate(8 * d * d), space.allocate(8 * d * outputs)];
  space.float64.fill(d * d, 0, a);
  space.float64.fill(d * outputs, 0, b);
  for (let from = 0; from < n; from += ROWS) {
    const rows = Math.min(ROWS, n - from);
    space.float64View(x, rows * d).set(inputs.subarray(from * d, (from + rows) * d));
    space.float64View(y, rows * outputs).set(targets.subarray(from * outputs, (from + rows) * outputs));
    if (wantCorrelation)
      productIn(space.float64, { m: d, n: d, k: rows, alpha: 1 / n, a: x, transposeA: true, b: x, beta: 1, c: a });
    productIn(space.float64, { m: d, n: outputs, k: rows, alpha: 1 / n, a: x, transposeA: true, b: y, beta: 1, c: b });
  }
  return { correlation: space.float64View(a, d * d).slice(), cross: space.float64View(b, d * outputs).slice() };
}
