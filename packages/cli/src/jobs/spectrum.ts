import { networkSpectrum, type NetworkSpectrum, type NetworkSpectrumOptions } from '@hyperribbon/landscape';
import { type AnyExamples, networkFromData } from '@hyperribbon/nn';
import type { JobContext } from '@hyperribbon/study';
import type { Model } from '../input/model.js';

/** Eigenvalues of a curvature operator of a network over examples, at given weights. */
export interface SpectrumJob extends Omit<NetworkSpectrumOptions, 'signal' | 'onProgress'> {
  readonly model: Model;
  readonly examples: AnyExamples;
}

export async function runSpectrum(job: SpectrumJob, { signal, report }: JobContext): Promise<NetworkSpectrum> {
  const { model, examples, ...options } = job;
  return networkSpectrum(networkFromData(model.network), model.params, examples, {
    ...options,
    signal,
    onProgress: report,
  });
}
