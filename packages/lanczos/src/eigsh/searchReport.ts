import { floatArray } from '@hyperribbon/contract';
import { selectColumns, type Ritz } from '../factorization/ritz.js';
import type { EigenReport } from './eigenReport.js';
import { enclosuresOf } from './enclosures.js';
import { lossOf } from './orthogonality.js';
import type { SolverReason } from '@hyperribbon/contract/reasons';
import { reasonOf, searchPart, valuesPart } from './reportParts.js';
import type { EigenSolver } from './solver.js';
import { endIndices } from './which.js';

/** The report of a solver as it stands; `forced` overrides the reason. */
export function searchReport(solver: EigenSolver, forced: SolverReason | null): EigenReport {
  const { f, options } = solver;
  const ritz = solver.finalRitz();
  const { top, bottom } = solver.ends(ritz.values);
  const count = Math.min(options.k, top + bottom);
  const chosen = endIndices(ritz.values.length, Math.min(top, count), bottom);
  const smallest = f.sign === -1;
  if (smallest) chosen.reverse();
  const values = Float64Array.from(chosen, (i) => f.unscale(ritz.values[i]));
  const vectors = floatArray(f.guard.op.dtype, chosen.length * f.n);
  const gram = new Float64Array(chosen.length ** 2);
  if (chosen.length > 0) f.combine(selectColumns(ritz, chosen), chosen.length, vectors, solver.base, gram);
  const rounding = 4 * f.eps * f.norm;
  const noise = solver.floor > 8 * f.eps ? solver.floor * f.norm : 0;
  const residuals = chosen.map((i) =>
    Math.max(rounding, noise, Math.sqrt(ritz.residualNorms[i] ** 2 + solver.state.dropped ** 2)),
  );
  const complete = options.edge !== undefined || chosen.length === options.k;
  const good = complete && solver.done !== 'more-than-k' && residuals.every((r) => r <= solver.threshold);
  const verified = solver.done === 'verified' && good;
  const norm = Math.abs(f.unscale(f.norm));
  const lacking = couplingToLocked(solver, ritz, chosen);
  const residualNorms = Float64Array.from(residuals, (r, i) => Math.abs(f.unscale(Math.sqrt(r * r + lacking[i] ** 2))));
  const resolution = Math.max(10 * f.eps * norm, noise > 0 ? solver.floor * norm : 0);
  // known pairs found to the same tolerance may leave a few times it
  const inexact = lacking.some((x) => x > 10 * solver.threshold);
  const reason =
    forced ?? (verified && inexact ? 'known-pairs' : reasonOf(solver, good, verified, options.tol < solver.floor));
  return {
    ...valuesPart(values, resolution, reason),
    ...searchPart(solver, verified),
    vectors,
    residualNorms,
    converged: verified && !inexact && forced === null,
    matvecs: f.guard.matvecs,
    orthogonality: lossOf(gram, chosen.length),
    norm,
    enclosures: enclosuresOf(
      values,
      residualNorms,
      verified && !inexact,
      options.which,
      smallest ? chosen.length : bottom,
      Math.abs(f.unscale(solver.threshold)),
      10 * f.eps * norm,
    ),
  };
}

/** What A v has along the locked rows, for each chosen Ritz vector v: zero if those are eigenvectors. */
function couplingToLocked({ f, base }: EigenSolver, ritz: Ritz, chosen: readonly number[]): Float64Array {
  const m = ritz.values.length;
  return Float64Array.from(chosen, (i) => {
    let squares = 0;
    for (let locked = 0; locked < base; locked++) {
      let s = 0;
      for (let j = 0; j < m; j++) s += ritz.vectors[i * m + j] * f.entry(base + j, locked);
      squares += s * s;
    }
    return Math.sqrt(squares);
  });
}
