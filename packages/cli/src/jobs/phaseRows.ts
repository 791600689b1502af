import { phaseDiagram, type PhaseDiagram, type PhaseGridRow } from '@hyperribbon/linear-dynamics';
import type { JobContext } from '@hyperribbon/study';

/** One row of a phase diagram of model spectra. */
export interface PhaseRowsJob {
  readonly row: PhaseGridRow;
  readonly steps: number;
  readonly relativeStep: number;
}

export async function runPhaseRows(job: PhaseRowsJob, context: JobContext): Promise<PhaseDiagram> {
  const { row, steps, relativeStep } = job;
  const { decay, ratios, dimension } = row;
  return phaseDiagram({
    decays: [decay],
    ratios,
    steps: [steps],
    relativeStep,
    dimension,
    count: 3,
    signal: context.signal,
    onProgress: ({ done, of }) => context.report({ done, of, detail: `decay ${decay.toPrecision(2)}` }),
  });
}
