import { eigsh } from '../eigsh/eigsh.js';
import { type Found, type NearProblem, NO_PAIRS } from './nearProblem.js';

/**
 * The smallest ('SA') or largest ('LA') of A where sigma lies at that end of the spectrum: a few more than k, of which those nearest to sigma are listed. Nothing unlisted lies beyond
 * the last of them on its side, and nothing is nearer where sigma is as far from that.
 */
export async function byEnd(problem: NearProblem, which: 'SA' | 'LA', tol: number): Promise<Found> {
  const { size: n } = problem.op;
  const plain = problem.operator((x, out) => problem.A.multiply(x, out));
  let found: Found | undefined;
  for (let k = problem.near.k + 2, tries = 0; tries < 3; k *= 2, tries++) {
    const report = await eigsh(plain, {
      ...problem.settings(1),
      k: Math.min(n, k),
      which,
      tol,
      maxMatvecs: Math.max(1, problem.left),
      failureProbability: problem.share(),
    });
    const { reason, completeness, values } = report;
    problem.norm = Math.max(problem.norm, report.norm);
    const last = which === 'SA' ? values[0] : values[values.length - 1];
    const margin = problem.margin(report, tol) * report.norm;
    const beyond = which === 'SA' ? last - margin - problem.sigma : problem.sigma - last - margin;
    const clear = !completeness.verified ? 0 : k >= n ? Infinity : Math.max(0, beyond);
    const pairs = await problem.ritz(report);
    const best = pairs === NO_PAIRS ? { pairs, clear } : problem.nearest(pairs, clear);
    found = { reason, completeness, method: 'end', degree: 1, ...best };
    if (!completeness.verified || k >= n || found.clear >= problem.needed(found.pairs)) break;
  }
  return found!;
}
