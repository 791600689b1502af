import { networkSpectrum, type NetworkSpectrum, type NetworkSpectrumOptions } from '@hyperribbon/landscape';
import { parseArchitecture, type Examples } from '@hyperribbon/nn';
import type { JobContext, Model } from './job.js';

/** Eigenvalues of a curvature operator of a network over examples, at given weights. */
export interface SpectrumJob extends Omit<NetworkSpectrumOptions, 'signal' | 'onProgress'> {
  readonly kind: 'spectrum';
  readonly model: Model;
  readonly examples: Examples;
}

export type SpectrumResult = NetworkSpectrum;

export async function runSpectrum(job: SpectrumJob, { signal, report }: JobContext): Promise<SpectrumResult> {
  const { kind: _kind, model, examples, ...options } = job;
  return networkSpectrum(parseArchitecture(model.architecture), model.params, examples, {
    ...options,
    signal,
    onProgress: ({ done, of, detail = '' }) => report(done / of, detail),
  });
}
