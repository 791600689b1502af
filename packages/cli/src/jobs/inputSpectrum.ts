import { inputCorrelation } from '@hyperribbon/data';
import { correlationSpectrum, type CorrelationSpectrum } from '@hyperribbon/linear-dynamics';
import type { ExampleInputs } from '@hyperribbon/contract';
import type { JobContext } from '@hyperribbon/study';

/** Eigenvalues of XᵀX/n, the uncentred correlation of the inputs [yang2022, sec. 2]. */
export interface InputSpectrumJob {
  readonly examples: ExampleInputs;
}

export type InputSpectrumResult = Omit<CorrelationSpectrum, 'vectors'>;

/** Cost: count·features² products to form the matrix, features³ to diagonalise it. */
export async function runInputSpectrum(job: InputSpectrumJob, context: JobContext): Promise<InputSpectrumResult> {
  context.report({ done: 0.05, of: 1, detail: 'forming the correlation matrix' });
  const correlation = inputCorrelation(job.examples);
  context.report({ done: 0.6, of: 1, detail: 'diagonalising it' });
  const { eigenvalues, trace, noiseFloor } = correlationSpectrum(correlation, job.examples.features);
  return { eigenvalues, trace, noiseFloor };
}
