import { floatArray } from '@hyperribbon/linop';
import { selectColumns } from '../factorization/ritz.js';
import type { EigenReport } from './eigenReport.js';
import { reasonText, type Reason } from './reasons.js';
import { orthogonalityLoss } from './orthogonality.js';
import type { EigenSolver } from './solver.js';
import { endIndices, wantedEnds, type Which } from './which.js';

/** The report of a solver as it stands; `forced` overrides the reason. */
export function searchReport(
  solver: EigenSolver,
  k: number,
  which: Which,
  seed: number,
  forced: Reason | null,
  failureProbability: number,
): EigenReport {
  const { f } = solver;
  const ritz = solver.finalRitz();
  const ends = wantedEnds(ritz.values, k, which);
  const chosen = endIndices(ritz.values.length, ends.top, ends.bottom);
  if (f.sign === -1) chosen.reverse();
  const values = Float64Array.from(chosen, (i) => f.unscale(ritz.values[i]));
  const vectors = floatArray(f.guard.op.dtype, chosen.length * f.n);
  if (chosen.length > 0) f.combine(selectColumns(ritz, chosen), chosen.length, vectors);
  const rounding = 4 * f.eps * f.norm;
  const noise = solver.floor > 8 * f.eps ? solver.floor * f.norm : 0;
  const residuals = chosen.map((i) =>
    Math.max(rounding, noise, Math.sqrt(ritz.residualNorms[i] ** 2 + solver.dropped ** 2)),
  );
  const good = chosen.length === k && residuals.every((r) => r <= solver.threshold);
  const verified = solver.done === 'verified' && good;
  const atFloor = solver.options.tol < solver.floor;
  const reason: Reason =
    forced ??
    (solver.done === 'not-symmetric'
      ? 'not-symmetric'
      : verified
        ? atFloor
          ? 'noise-floor'
          : 'converged'
        : good
          ? 'unverified'
          : 'max-matvecs');
  const norm = Math.abs(f.unscale(f.norm));
  const resolution = 10 * f.eps * norm;
  return {
    values,
    vectors,
    residualNorms: Float64Array.from(residuals, (r) => Math.abs(f.unscale(r))),
    converged: verified && forced === null,
    reason,
    message: reasonText[reason],
    matvecs: f.guard.calls,
    restarts: solver.restarts,
    orthogonality: orthogonalityLoss(vectors, chosen.length, f.n),
    norm,
    asymmetry: f.norm > 0 ? f.asymmetry / f.norm : 0,
    resolution,
    belowResolution: Uint8Array.from(values, (v) => (Math.abs(v) < resolution ? 1 : 0)),
    completeness: {
      verified,
      method: 'random-search',
      failureProbability,
      searches: solver.verifications,
      matvecs: solver.verificationSteps,
    },
    seed,
    kernels: f.workspace.info,
  };
}
