import type { Claim } from './certificate.js';
import { endIndices, type Ends, type Which } from '../which.js';

/**
 * The statements whose proof makes the wanted list right: no eigenvalue beyond each wanted value + width(value) but those listed.
 *
 * @param theta Ritz values, descending
 * @param width room left at a value: the error that is accepted there
 * @param edge with it, also: none above edge + width(edge) but those listed
 */
export function claimsOf(
  theta: Float64Array,
  ends: Ends,
  which: Which,
  width: (value: number) => number,
  edge: number | null,
): Claim[] {
  const m = theta.length;
  const claims: Claim[] = [];
  for (let i = 0; i < ends.top; i++) claims.push({ threshold: theta[i] + width(theta[i]), side: 1 });
  for (let i = m - ends.bottom; i < m; i++) claims.push({ threshold: theta[i] - width(theta[i]), side: -1 });
  if (which === 'LM') {
    let least = Infinity;
    for (const i of endIndices(m, ends.top, ends.bottom)) least = Math.min(least, Math.abs(theta[i]));
    claims.push({ threshold: least + width(least), side: 1 }, { threshold: -least - width(least), side: -1 });
  }
  if (edge !== null) claims.push({ threshold: edge + width(edge), side: 1 });
  return claims;
}

/** A has as many eigenvalues beyond the threshold as were listed there. */
export interface ProvenCount extends Claim {
  readonly count: number;
}

/** A claim that was proven, with what it says. */
export function provenCount(claim: Claim, theta: Float64Array): ProvenCount {
  return { ...claim, count: listed(claim, theta) };
}

/**
 * Whether a claim about new Ritz values follows from counts that were proven with earlier ones: no more eigenvalues lie beyond a threshold further out,
 * and no fewer than Ritz values [parlett1998, 10.1].
 */
export function isProven(claim: Claim, theta: Float64Array, proven: readonly ProvenCount[]): boolean {
  const { side, threshold } = claim;
  const now = listed(claim, theta);
  return proven.some((c) => c.side === side && side * c.threshold <= side * threshold && c.count <= now);
}

/** Ritz values beyond the threshold */
function listed({ side, threshold }: Claim, theta: Float64Array): number {
  return theta.reduce((count, value) => (side * value > side * threshold ? count + 1 : count), 0);
}
