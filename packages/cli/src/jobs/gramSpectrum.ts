import { drawLabels, gramMatrix } from '@hyperribbon/curvature';
import { eigvalsh } from '@hyperribbon/lanczos';
import { parseArchitecture, type Examples } from '@hyperribbon/nn';
import type { JobContext, Model } from './job.js';

/**
 * All non-zero eigenvalues of the sampled Fisher matrix through its dual, the count × count Gram matrix of gradients
 * [yang2022]: float64, for stacks of dense layers.
 */
export interface GramSpectrumJob {
  readonly kind: 'gram-spectrum';
  readonly model: Model;
  readonly examples: Examples;
  /** of the labels drawn from the model: the same as the matrix-free Fisher operator's */
  readonly seed: number;
  readonly deterministic: boolean;
}

export interface GramSpectrumResult {
  /** (count,) descending */
  readonly fisherEigenvalues: Float64Array;
  /** 10 · count · eps · λ₁: the rounding of forming and diagonalising the matrix */
  readonly noiseFloor: number;
}

/** Cost: 2 count² Σ widths flops and 4/3 count³ to diagonalise; 24 count² bytes. */
export async function runGramSpectrum(job: GramSpectrumJob, context: JobContext): Promise<GramSpectrumResult> {
  const network = parseArchitecture(job.model.architecture);
  const { examples, deterministic } = job;
  context.report(0.05, 'Gram matrix of the gradients');
  const labels = drawLabels(network, job.model.params, examples, job.seed);
  const gram = gramMatrix(network, job.model.params, { ...examples, labels }, { deterministic });
  context.report(0.3, 'diagonalising it');
  const fisherEigenvalues = eigvalsh(gram, examples.count, { deterministic });
  return { fisherEigenvalues, noiseFloor: 10 * examples.count * 2 ** -52 * Math.abs(fisherEigenvalues[0]) };
}
