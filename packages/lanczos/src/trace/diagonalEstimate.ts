import { kernelInfo, type FloatArray, type KernelInfo } from '@hyperribbon/kernels/linear';
import { assertOperator, floatArray, guardOperator, type LinearOperator } from '@hyperribbon/linop';
import { stream } from '@hyperribbon/random';

/** The diagonal of an operator, entry by entry with standard error. */
export interface DiagonalEstimate {
  /** (n,) */
  readonly values: Float64Array;
  /** (n,) of the mean */
  readonly standardErrors: Float64Array;
  readonly samples: number;
  readonly matvecs: number;
  readonly seed: number;
  readonly kernels: KernelInfo;
}

/**
 * diag(A) as the mean of z ∘ A z over Rademacher z [bekas2007]; the variance of entry i is Σ_{j≠i} a_ij².
 * @param options samples: products to spend, at least 2, default 50
 * Cost: `samples` products, 2 n numbers.
 */
export async function estimateDiagonal(
  op: LinearOperator,
  options: { readonly samples?: number; readonly seed?: number } = {},
): Promise<DiagonalEstimate> {
  assertOperator(op, 'estimateDiagonal');
  const { samples = 50, seed = 0 } = options;
  if (!Number.isInteger(samples) || samples < 2)
    throw new RangeError(`estimateDiagonal: samples must be an integer >= 2, got ${samples}`);
  const n = op.size;
  const guard = guardOperator(op, 1, 'estimateDiagonal');
  const z: FloatArray = floatArray(op.dtype, n);
  const values = new Float64Array(n);
  const squares = new Float64Array(n);
  for (let index = 0; index < samples; index++) {
    stream({ seed, purpose: 'probe', index }).rademacher(z);
    const y = await guard.multiply(z);
    for (let i = 0; i < n; i++) {
      const term = z[i] * y[i];
      const change = term - values[i];
      values[i] += change / (index + 1);
      squares[i] += change * (term - values[i]);
    }
  }
  const standardErrors = squares.map((s) => Math.sqrt(s / (samples - 1) / samples));
  return { values, standardErrors, samples, matvecs: guard.calls, seed, kernels: kernelInfo() };
}
