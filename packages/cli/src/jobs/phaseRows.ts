import { phaseDiagram, type PhaseDiagram } from '@hyperribbon/linear-dynamics';
import type { JobContext } from './job.js';

/** Some rows of a phase diagram of model spectra; joinPhaseDiagrams puts them together. */
export interface PhaseRowsJob {
  readonly kind: 'phase-rows';
  readonly decays: Float64Array;
  readonly ratios: Float64Array;
  readonly steps: number;
  readonly relativeStep: number;
  /** of model spectra, so that slow decays end */
  readonly dimension: number;
  readonly rows: { readonly from: number; readonly to: number };
}

export type PhaseRowsResult = PhaseDiagram;

export async function runPhaseRows(job: PhaseRowsJob, context: JobContext): Promise<PhaseRowsResult> {
  const { decays, ratios, steps, relativeStep, dimension, rows } = job;
  const controller = new AbortController();
  return phaseDiagram({
    decays,
    ratios,
    steps: [steps],
    relativeStep,
    dimension,
    rows,
    count: 3,
    signal: controller.signal,
    onProgress: ({ done, of }) => {
      context.report(done / of, `decay ${decays[0].toPrecision(2)}`);
      if (context.signal.aborted) controller.abort();
    },
  });
}
