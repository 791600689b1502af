import { denseBytes } from '../eigsh/eigshDense.js';
import { eigsh } from '../eigsh/eigsh.js';
import type { Found, NearProblem } from './nearProblem.js';

/** Whether n products that give the matrix are the cheapest search. */
export function isSmall({ op: { size: n }, others, left }: NearProblem): boolean {
  const { denseBelow = 1024, memoryLimit = Infinity } = others;
  return n <= denseBelow && n <= left && denseBytes(n) <= memoryLimit;
}

/** All eigenvalues of the matrix that n products give: nothing is random. */
export async function byMatrix(problem: NearProblem, tol: number): Promise<Found> {
  const n = problem.op.size;
  const plain = problem.operator((x, out) => problem.A.multiply(x, out));
  const report = await eigsh(plain, { ...problem.settings(1), k: n, tol, basisSize: n, maxMatvecs: Math.max(n, 1) });
  const { reason, completeness, values, residualNorms } = report;
  problem.norm = Math.max(problem.norm, report.norm);
  const { sigma } = problem;
  const order = [...values.keys()].sort((i, j) => Math.abs(values[i] - sigma) - Math.abs(values[j] - sigma));
  const { k } = problem.near;
  const chosen = order.slice(0, k);
  const vectors = report.vectors.slice(0, chosen.length * n);
  chosen.forEach((i, q) => vectors.set(report.vectors.subarray(i * n, (i + 1) * n), q * n));
  const next = order.at(k);
  const margin = problem.margin(report, tol) * report.norm;
  const clear = next === undefined ? Infinity : Math.abs(values[next] - sigma) - residualNorms[next] - margin;
  return {
    reason,
    completeness,
    method: 'matrix',
    degree: 1,
    pairs: await problem.ritz({ ...report, vectors }, chosen.length),
    clear: completeness.verified ? Math.max(0, clear) : 0,
  };
}
