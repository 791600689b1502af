import { fisherSpectrum, type FisherSpectrum } from '@hyperribbon/landscape';
import { networkFromData, type Examples } from '@hyperribbon/nn';
import type { JobContext } from '@hyperribbon/study';
import type { Model } from '../input/model.js';

/** All non-zero eigenvalues of the sampled Fisher matrix, for stacks of dense layers. */
export interface GramSpectrumJob {
  readonly model: Model;
  readonly examples: Examples;
  /** of the labels drawn from the model: the same as the matrix-free Fisher operator's */
  readonly seed: number;
  readonly deterministic: boolean;
}

export async function runGramSpectrum(job: GramSpectrumJob, context: JobContext): Promise<FisherSpectrum> {
  const { model, examples, seed, deterministic } = job;
  let stage = 0;
  return fisherSpectrum(networkFromData(model.network), model.params, examples, {
    seed,
    deterministic,
    onStage: (words) => context.report({ done: 0.05 + 0.25 * stage++, of: 1, detail: words }),
  });
}
