import type { Ritz } from '../../factorization/ritz.js';
import { thresholdLift, type Claim } from './certificate.js';

/** What a random search is to prove, around which Schur complement, and what is left for the next one. */
export interface SearchPlan {
  readonly claims: readonly Claim[];
  readonly rest: readonly Claim[];
  /** S (p, p) of the operator C + Fᵀ S F that is searched */
  readonly lift: Float64Array;
}

/**
 * The next search for claims about one end or both.
 *
 * Each end has its own Schur complement, at its innermost threshold: half resolved Ritz vectors raise the one and lower the other. Where the two
 * are nearly the same, as they are when nothing couples to the basis, one search between them proves both ends; else the upper end comes first and the lower one is the rest.
 * null where a threshold is a Ritz value.
 */
export function planSearch({ values, coupling }: Ritz, p: number, claims: readonly Claim[]): SearchPlan | null {
  const lifts: Float64Array[] = [];
  let room = Infinity;
  for (const side of [1, -1] as const) {
    let innermost = Infinity;
    for (const c of claims) if (c.side === side) innermost = Math.min(innermost, side * c.threshold);
    if (innermost === Infinity) continue;
    const lift = thresholdLift(values, coupling, p, side * innermost);
    if (lift === null) return null;
    lifts.push(lift);
    for (const value of values) if (side * value < innermost) room = Math.min(room, innermost - side * value);
  }
  const [first, second] = lifts;
  if (second === undefined) return { claims, rest: [], lift: first };
  const apart = first.reduce((most, x, i) => Math.max(most, Math.abs(x - second[i])), 0);
  // a tenth of what the nearest Ritz value is away from its threshold: a few more products, where a second search takes as many as the first
  if (p * apart <= 0.1 * room) return { claims, rest: [], lift: first.map((x, i) => (x + second[i]) / 2) };
  return { claims: claims.filter((c) => c.side === 1), rest: claims.filter((c) => c.side === -1), lift: first };
}
