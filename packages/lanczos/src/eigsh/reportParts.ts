import { type SolverReason, solverReasons } from '@hyperribbon/contract/reasons';
import type { EigenReport } from './eigenReport.js';
import type { EigenSolver } from './solver.js';

type Part<Keys extends keyof EigenReport> = Pick<EigenReport, Keys>;

/** Values with what is known of those near zero, and why the run ended. */
export function valuesPart(
  values: Float64Array,
  resolution: number,
  reason: SolverReason,
): Part<'values' | 'resolution' | 'belowResolution' | 'reason' | 'message'> {
  const belowResolution = Uint8Array.from(values, (v) => (Math.abs(v) < resolution ? 1 : 0));
  return { values, resolution, belowResolution, reason, message: solverReasons[reason] };
}

/** What a search tells of itself, whatever operator its products were of. */
export function searchPart(
  { f, options, floor: noise, state }: EigenSolver,
  verified: boolean,
): Part<'restarts' | 'asymmetry' | 'noise' | 'completeness' | 'filter' | 'seed' | 'kernels'> {
  const { failureProbability } = options;
  const { restarts, verifications: searches, verificationMatvecs: matvecs } = state;
  return {
    restarts,
    asymmetry: f.norm > 0 ? f.asymmetry / f.norm : 0,
    noise,
    completeness: { verified, method: 'random-search', failureProbability, searches, matvecs },
    filter: null,
    seed: f.seed,
    kernels: f.workspace.info,
  };
}

/** Why a search ended. @param good whether the residuals are accepted; @param verified and the list is; @param floored they are held to noise */
export function reasonOf(solver: EigenSolver, good: boolean, verified: boolean, floored: boolean): SolverReason {
  if (solver.done === 'not-symmetric' || solver.done === 'more-than-k') return solver.done;
  if (verified) return floored ? 'noise-floor' : 'converged';
  return good ? 'unverified' : 'max-matvecs';
}
