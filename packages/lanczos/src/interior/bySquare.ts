import { timesPower } from '../dense/powerOfTwo.js';
import { eigsh } from '../eigsh/eigsh.js';
import { ScaledProduct } from '../solve/scaledProduct.js';
import { caller, type Found, type NearProblem } from './nearProblem.js';

/** The smallest of (A − sigma)² [wang1994], in at most so many products: distances are resolved down to √tol ‖A‖. */
export async function bySquare(problem: NearProblem, tol: number, most: number = problem.left): Promise<Found> {
  const { k, sigma } = problem.near;
  const n = problem.op.size;
  const shifted = new ScaledProduct(problem.op, caller, problem.options.signal, sigma);
  const once = new Float64Array(n);
  const breathe = problem.breather();
  const before = problem.further;
  const square = problem.operator(async (x, out) => {
    await shifted.multiply(x, once);
    await shifted.multiply(once, out);
    problem.further = before + shifted.matvecs;
    await breathe();
  });
  const report = await eigsh(square, {
    ...problem.settings(2),
    k,
    which: 'SA',
    tol,
    maxMatvecs: Math.max(1, Math.floor(Math.min(most, problem.left) / 2)),
    failureProbability: problem.share(),
  });
  const pairs = await problem.ritz(report);
  const least = report.values[0] - problem.margin(report, tol) * report.norm;
  const clear = k === n ? Infinity : Math.sqrt(Math.max(0, least));
  const between = (shifted.exponent ?? 0) - (problem.A.exponent ?? 0);
  const { reason, completeness } = report;
  return {
    reason,
    completeness,
    method: 'square',
    degree: 2,
    pairs,
    clear: completeness.verified ? timesPower(clear, between) : 0,
  };
}
