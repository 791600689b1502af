import { requireOneOf, requireOptions } from '@hyperribbon/contract';
import type { LinearOperator } from '@hyperribbon/linop';
import { estimate, meanAndError, type Estimate } from './estimate.js';
import { gaussQuadrature } from './gaussQuadrature.js';
import { resolveProbes, runProbes, type ProbeOptions } from './probes.js';

export interface BulkEdgeOptions extends Omit<ProbeOptions, 'deflate'> {
  /** 'upper' (default) or 'lower' edge */
  readonly side?: 'upper' | 'lower';
}

/**
 * The edge of the bulk of the spectrum: where the part ends that looks continuous, beyond which eigenvalues stand alone.
 *
 * Lanczos coefficients of a measure with a continuous part on [a, b] and separate atoms tend to (a + b)/2 and (b − a)/4 once the atoms are
 * resolved [chen2021]. Each probe gives alpha ± 2 beta, averaged over the last third of its steps; the spread over probes is the standard error,
 * the change against the third before that the truncation bias, which is large where the bulk has a long tail instead of an edge.
 * Never beyond the spectrum: at most the largest Ritz value seen. Processes that end early have seen every eigenvalue: a value that then holds most
 * of the spectrum, as in a matrix of low rank plus a multiple of the identity, is the bulk, to rounding.
 *
 * @param options steps (default min(n, 48)), probes (default 4), seed, side
 * @returns an {@link Estimate}; `high` is a threshold for `above` of eigsh, for `below` `low` of the lower edge
 * Cost: probes · steps products.
 * @example
 * const { high } = await bulkEdge(A, { seed: 1 });
 * const outliers = await eigsh(A, { above: high });
 */
export async function bulkEdge(op: LinearOperator, options: BulkEdgeOptions = {}): Promise<Estimate> {
  requireOptions('bulkEdge', options);
  const { side = 'upper', steps = 48, probes = 4, ...rest } = options;
  requireOneOf('bulkEdge', 'side', side, ['upper', 'lower']);
  const settled = { ...rest, steps, probes };
  const resolved = resolveProbes(op, settled, 'bulkEdge');
  const { jacobi, eps, evidence } = await runProbes(op, settled, resolved, 'bulkEdge');
  const sign = side === 'upper' ? 1 : -1;
  const rules = jacobi.map(({ alpha, beta, mass }) => gaussQuadrature(alpha, beta, mass));
  const nodes = rules.flatMap((rule) => [...rule.nodes]);
  const [lowest, highest] = [Math.min(...nodes), Math.max(...nodes)];
  if (jacobi.every(({ beta }) => beta[beta.length - 1] === 0)) {
    const weights = rules.flatMap((rule) => [...rule.weights]);
    const resolution = 10 * eps * Math.max(highest, -lowest);
    const near = (x: number): number =>
      weights.reduce((s, w, i) => (Math.abs(nodes[i] - x) <= resolution ? s + w : s), 0);
    const all = weights.reduce((s, w) => s + w, 0);
    const bulk = nodes.filter((x) => 2 * near(x) > all);
    if (bulk.length > 0)
      return estimate(
        jacobi.map(() => bulk[0]),
        0,
        resolution,
        evidence,
      );
  }
  const inside = (x: number): number => Math.max(lowest, Math.min(highest, x));
  const edges = jacobi.map(({ alpha, beta }) => {
    const m = alpha.length;
    // an exhausted process ends the average one coefficient early: its last beta is zero
    const end = beta[m - 1] === 0 ? m - 1 : m;
    const third = Math.max(1, Math.floor(end / 3));
    const mean = (from: number, to: number): number => {
      let s = 0;
      for (let i = from; i < to; i++) s += alpha[i] + sign * 2 * beta[i];
      return from < to ? s / (to - from) : alpha[0];
    };
    return [inside(mean(end - third, end)), inside(mean(Math.max(0, end - 2 * third), end - third))];
  });
  const bias = Math.abs(meanAndError(edges.map(([late, early]) => late - early))[0]);
  return estimate(
    edges.map(([late]) => late),
    0,
    bias,
    evidence,
  );
}
