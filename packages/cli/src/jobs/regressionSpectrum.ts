import { inputCorrelation } from '@hyperribbon/data';
import { correlationSpectrum, regressionSpectrum, type CorrelationSpectrum } from '@hyperribbon/linear-dynamics';
import type { Examples } from '@hyperribbon/nn';
import type { JobContext } from '@hyperribbon/study';

/** The regression problem of a data set in numbers: y = +1 for the first half of the classes, −1 for the others. */
export interface RegressionSpectrumJob {
  readonly examples: Examples;
}

/** The spectrum of Σ with its vectors; eigenvalues of directions that no input reaches are 0. */
export interface RegressionSpectrumResult extends CorrelationSpectrum {
  /** (d, d) Σ = XᵀX/n, uncentred, for rows x of X */
  readonly correlation: Float64Array;
  /** (d,) Xᵀy/n */
  readonly cross: Float64Array;
  /** (d,) the least-squares solution in the eigenbasis */
  readonly target: Float64Array;
}

/** Cost: n·d² products to form the matrix, about 9 d³ flops for its eigenvectors. */
export async function runRegressionSpectrum(
  { examples }: RegressionSpectrumJob,
  context: JobContext,
): Promise<RegressionSpectrumResult> {
  const { features: d, count, inputs, labels, classes } = examples;
  context.report({ done: 0.05, of: 1, detail: 'forming the correlation matrix' });
  const correlation = inputCorrelation(examples);
  const targets = Float64Array.from(labels, (label) => (label < classes / 2 ? 1 : -1));
  const cross = new Float64Array(d);
  for (let i = 0; i < count; i++) for (let j = 0; j < d; j++) cross[j] += (targets[i] * inputs[i * d + j]) / count;
  context.report({ done: 0.3, of: 1, detail: 'diagonalising it' });
  const { eigenvalues: values, vectors, trace, noiseFloor } = correlationSpectrum(correlation, d, { vectors: true });
  const { eigenvalues, coefficients } = regressionSpectrum({
    inputs,
    targets,
    count,
    features: d,
    eigen: { values, vectors },
    rankTol: noiseFloor / values[0],
  });
  return { correlation, cross, eigenvalues, vectors, target: coefficients, trace, noiseFloor };
}
