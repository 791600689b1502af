import type { Ritz } from '../factorization/ritz.js';
import type { Claim } from './certificate.js';
import type { Ends } from './claims.js';
import { endIndices } from './which.js';

/**
 * Which Ritz vectors a random search shall leave out that has claims about both ends, or null when no choice lets it end well.
 *
 * Each one left out lowers the unseen spectrum to the next Ritz value, but costs its residual²/distance in the certificate:
 * unresolved ones cost more than they bring. The best number is taken at either end.
 *
 * @param invariant nothing is left outside the basis: leaving out costs only room
 */
export function leaveOut(
  ritz: Ritz,
  ends: Ends,
  claims: readonly Claim[],
  invariant: boolean,
  basisSize: number,
): number[] | null {
  const { values, residualNorms } = ritz;
  const m = values.length;
  if (invariant) {
    const spare = Math.max(0, Math.floor((Math.min(m, basisSize) - ends.top - ends.bottom) / 2));
    return endIndices(
      m,
      ends.top + (ends.bottom > 0 ? spare >> 1 : spare),
      ends.bottom > 0 ? ends.bottom + (spare >> 1) : 0,
    );
  }
  let topThreshold = Infinity;
  let bottomThreshold = -Infinity;
  for (const { threshold, side } of claims) {
    if (side === 1) topThreshold = Math.min(topThreshold, threshold);
    else bottomThreshold = Math.max(bottomThreshold, threshold);
  }
  const best = (side: 1 | -1, wanted: number, threshold: number): number => {
    const at = (j: number): number => (side === 1 ? j : m - 1 - j);
    let cost = 0;
    let count = -1;
    let most = 0;
    let edge: number | null = null;
    for (let j = 0; j < m - 1; j++) {
      const distance = side * (threshold - values[at(j)]);
      if (distance > 0) cost += residualNorms[at(j)] ** 2 / distance;
      if (j + 1 < wanted) continue;
      const next = values[at(j + 1)];
      // an unresolved Ritz value stands for spectrum around it: leaving it out will not take that away
      if (edge === null && residualNorms[at(j + 1)] > 0.5 * side * (threshold - next)) edge = next;
      const margin = side * (threshold - (edge ?? next)) - cost;
      if (margin > most) [most, count] = [margin, j + 1];
    }
    return count;
  };
  const top = topThreshold === Infinity ? 0 : best(1, ends.top, topThreshold);
  const bottom = bottomThreshold === -Infinity ? 0 : best(-1, ends.bottom, bottomThreshold);
  return top < 0 || bottom < 0 ? null : endIndices(m, top, bottom);
}
