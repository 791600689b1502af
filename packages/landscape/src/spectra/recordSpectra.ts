import { AbortError, type AnyExamples, requireInteger, requireOnly } from '@hyperribbon/contract';
import { estimateTrace } from '@hyperribbon/lanczos/trace';
import type { TrainHook } from '@hyperribbon/nn';
import { curvatureOperator, networkSpectrum } from './networkSpectrum.js';
import { type NetworkSpectrumOptions, settleSpectrum, type SpectrumPairs } from './spectrumOptions.js';

export interface SpectraOptions extends Omit<NetworkSpectrumOptions, 'count' | 'signal' | 'onProgress' | 'density'> {
  /** eigenvalues at each checkpoint, integer ≥ 1; default 5 */
  readonly count?: number;
  /** only every so many epochs, and the start; default 1 */
  readonly every?: number;
  /** products spent on an estimate of the trace by XTrace, at least 4; default: none is made */
  readonly traceSamples?: number;
}

/** The top of a spectrum at one moment of training. */
export interface SpectrumMoment extends Omit<SpectrumPairs, 'vectors'> {
  /** done */
  readonly steps: number;
  /** mean loss over the examples in evaluation mode, and the norm of its gradient */
  readonly loss: number;
  readonly gradientNorm: number;
  /** with its standard error, if it was asked for */
  readonly trace?: { readonly value: number; readonly standardError: number };
}

const known = [
  ...(['operator', 'loss', 'which', 'dtype', 'tol', 'seed', 'deterministic', 'vectors'] as const),
  ...(['maxMatvecs', 'workers', 'parameters'] as const),
] satisfies readonly (keyof SpectraOptions)[];

/**
 * A hook that measures the top eigenvalues, and the trace, of a curvature matrix at checkpoints of a run, in evaluation mode with the buffers
 * of the moment: `hooks: [recorder]`, then `recorder.moments`. Handed to the run that resumes another, it goes on where it stood.
 *
 * An abort of the run ends the measurement at once; what is not whole is left out.
 *
 * @param examples that the loss is the mean over
 * @throws ArgumentError for options out of range
 * Cost: that of networkSpectrum at every checkpoint, about 3 products per eigenvalue
 * @example
 * const spectra = recordSpectra(digits.train, { count: 3, every: 2 });
 * await train(net, digits.train, { epochs: 10, hooks: [spectra] });
 * spectra.moments.map(({ values }) => values[0]); // six sharpnesses
 */
export function recordSpectra(
  examples: AnyExamples,
  { count = 5, every = 1, traceSamples, ...options }: SpectraOptions = {},
): Required<Pick<TrainHook, 'onCheckpoint'>> & { readonly moments: SpectrumMoment[] } {
  requireInteger('recordSpectra', 'count', count, 1);
  requireInteger('recordSpectra', 'every', every, 1);
  if (traceSamples !== undefined) requireInteger('recordSpectra', 'traceSamples', traceSamples, 4);
  requireOnly('recordSpectra', options, known);
  const { seed = 0, deterministic = false } = options;
  const moments: SpectrumMoment[] = [];
  return {
    moments,
    async onCheckpoint({ steps, checkpoint, network, weights, signal }) {
      const known = steps <= (moments.at(-1)?.steps ?? -1);
      if (known || checkpoint.history.length % every !== 0) return;
      const now = network();
      const asked = { ...options, ...(signal && { signal }) };
      const found = await networkSpectrum(now, weights, examples, { ...asked, count: Math.min(count, now.size) });
      if (signal?.aborted === true) throw new AbortError('recordSpectra', signal);
      const { values, residualNorms, converged, reason, matvecs, orthogonality, gradientNorm } = found;
      const pairs = { values, residualNorms, converged, reason, matvecs, orthogonality };
      moments.push({
        steps,
        ...pairs,
        loss: found.loss,
        gradientNorm,
        ...(traceSamples !== undefined && { trace: await traceOf() }),
      });

      async function traceOf(): Promise<{ readonly value: number; readonly standardError: number }> {
        const operatorNow = curvatureOperator(now, weights, examples, settleSpectrum({ ...options, count }));
        try {
          await operatorNow.ready;
          const sampling = { method: 'xtrace', samples: traceSamples!, seed, deterministic } as const;
          const { value, standardError } = await estimateTrace(operatorNow, { ...sampling, ...(signal && { signal }) });
          return { value, standardError };
        } finally {
          await operatorNow.close();
        }
      }
    },
  };
}
