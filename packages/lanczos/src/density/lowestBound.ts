import { tridiagonalQl } from '../dense/tridiagonalQl.js';
import { exponentOf, maxAbs, scaleByPower, timesPower } from '../dense/powerOfTwo.js';
import type { Probe } from './lanczosProbe.js';

/**
 * The smallest θ − r over the Ritz values θ of all probes and their residuals r: each has an eigenvalue within r of θ [parlett1998, 4.5.1], so the spectrum may
 * reach down to there. A process that ended has no residuals.
 */
export function lowestBound(probes: readonly Probe[]): number {
  return probes.reduce((least, { alpha, beta }) => {
    const m = alpha.length;
    const exponent = exponentOf(Math.max(maxAbs(alpha), maxAbs(beta)));
    const nodes = scaleByPower(Float64Array.from(alpha), -exponent);
    const off = scaleByPower(Float64Array.from(beta), -exponent);
    const residual = off[m - 1];
    const last = new Float64Array(m);
    last[m - 1] = 1;
    tridiagonalQl(m, nodes, off, last, 1);
    const lowest = nodes.reduce((low, x, i) => Math.min(low, x - residual * Math.abs(last[i])), Infinity);
    return Math.min(least, timesPower(lowest, exponent));
  }, Infinity);
}
