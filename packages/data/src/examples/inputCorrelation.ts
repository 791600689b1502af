import { type Examples, requireInteger } from '@hyperribbon/contract';
import { createWorkspace, productIn } from '@hyperribbon/kernels';

export interface InputCorrelationOptions {
  /** subtract the mean input first (default false): covariance instead of second moments, still divided by n */
  readonly centre?: boolean;
  /** use the first `count` examples, an integer in [1, examples.count]; default all */
  readonly count?: number;
}

/** rows per matrix product and columns per block: part of the order of summation, so part of the result's bits */
const ROWS = 512;
const COLUMNS = 128;

/**
 * Correlation matrix of the inputs, XᵀX/n (n, d) → (d, d), whose spectrum says how sloppy the data are.
 *
 * float64 throughout, deterministic kernels and fixed chunks: the same bits in every runtime. Only blocks on and above the
 * diagonal are computed; the rest is mirrored, so the result is exactly symmetric.
 *
 * @param examples inputs (n, d)
 * @param options centre, count
 * @returns (d, d), row-major
 * @throws ArgumentError when count is out of range
 * Cost: n d² flops (half of what a full product takes), 8 (d² + 512 d) bytes.
 * @example
 * const C = inputCorrelation(sloppyGaussian({ dimension: 10, decay: 0.5, count: 1000, seed: 1 }));
 */
export function inputCorrelation(
  examples: Pick<Examples, 'inputs' | 'count' | 'features'>,
  options: InputCorrelationOptions = {},
): Float64Array {
  const { inputs, features: d } = examples;
  const { centre = false, count: n = examples.count } = options;
  requireInteger('inputCorrelation', 'count', n, 1, examples.count);
  const space = createWorkspace({ bytes: 8 * (d * d + ROWS * d) + 256, deterministic: true });
  const x = space.allocate(8 * ROWS * d);
  const c = space.allocate(8 * d * d);
  const chunk = space.float64View(x, ROWS * d);
  const mean = centre ? columnMeans(inputs, n, d) : new Float64Array(d);
  space.float64.fill(d * d, 0, c);

  for (let from = 0; from < n; from += ROWS) {
    const rows = Math.min(ROWS, n - from);
    for (let r = 0, at = 0; r < rows; r++) {
      for (let i = 0, source = (from + r) * d; i < d; i++, at++, source++) chunk[at] = inputs[source] - mean[i];
    }
    for (let column = 0; column < d; column += COLUMNS) {
      const width = Math.min(COLUMNS, d - column);
      const right = 8 * column;
      productIn(space.float64, {
        m: column + width,
        n: width,
        k: rows,
        a: x,
        transposeA: true,
        lda: d,
        b: x + right,
        ldb: d,
        beta: 1,
        c: c + right,
        ldc: d,
      });
    }
  }
  const result = space.float64View(c, d * d).slice();
  for (let i = 0; i < d; i++) {
    for (let j = i; j < d; j++) {
      const value = result[i * d + j] / n;
      result[i * d + j] = value;
      result[j * d + i] = value;
    }
  }
  return result;
}

function columnMeans(inputs: ArrayLike<number>, n: number, d: number): Float64Array {
  const sums = new Float64Array(d);
  for (let r = 0, at = 0; r < n; r++) for (let i = 0; i < d; i++, at++) sums[i] += inputs[at];
  return sums.map((sum) => sum / n);
}
