import type { CurvatureSpectrum } from '@hyperribbon/report';
import type { FisherSpectrum } from '@hyperribbon/landscape';
import { decayFit } from '../jobs/decayFit.js';
import type { AnalysisPlan } from './plan.js';

/** Eigenvalues shown of the whole spectrum: enough for many decades, few enough to see the tops of the others beside it. */
const shown = 300;

/** The Fisher matrix's spectrum from its dual as a section of the report. */
export function gramSection(plan: AnalysisPlan, result: FisherSpectrum, seconds: number): CurvatureSpectrum {
  const { noiseFloor } = result;
  const eigenvalues = Array.from(result.eigenvalues.subarray(0, shown));
  const fit = decayFit(eigenvalues, { from: Math.min(50, eigenvalues.length >> 2), to: shown - 1, floor: noiseFloor });
  return {
    id: 'fisher-whole',
    label: 'Fisher, from its Gram matrix',
    at: 'end of training',
    examples: result.eigenvalues.length,
    dimension: plan.network.size,
    eigenvalues,
    residualNorms: eigenvalues.map(() => noiseFloor),
    noiseFloor,
    converged: true,
    reason: 'dense',
    matvecs: 0,
    seconds,
    ...(fit ? { fit } : {}),
  };
}
