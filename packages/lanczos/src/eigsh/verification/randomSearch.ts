import { log } from '@hyperribbon/kernels';
import { identityRows } from '../../dense/eigen.js';
import { hold, release } from '../../factorization/holdCandidates.js';
import { columnNorms, ritzPairs, selectColumns, type Ritz } from '../../factorization/ritz.js';
import type { Searching } from '../searching.js';
import { endIndices, type Ends } from '../which.js';
import { certified, type Claim } from './certificate.js';
import type { Chain } from './chain.js';
import { isProven, provenCount } from './claims.js';
import { planSearch } from './planSearch.js';
import { probabilisticBound } from './probabilisticBound.js';

/** rows that a verification should find free: with fewer it restarts before its polynomial has grown */
const ROOM = 10;

/**
 * Starts a random search of the space outside the basis, if one can end well: around the whole basis, on the Schur complement at the innermost
 * threshold, which uses what half resolved Ritz vectors know.
 */
export function beginVerification(s: Searching, ritz: Ritz, ends: Ends, claims: readonly Claim[]): boolean {
  const { f, base, options, state } = s;
  const p = f.candidates;
  const m = ritz.values.length;
  const open = claims.filter((c) => !isProven(c, ritz.values, state.proven));
  // as many Ritz vectors as leave room for a search of some length
  const room = Math.max(ROOM, Math.floor((f.capacity - base - options.basisSize) / 2));
  const wanted = ends.top + ends.bottom;
  // nothing couples to an invariant basis: half of what is not wanted makes room for the copies that will be found
  const most = p === 0 ? Math.ceil((wanted + Math.min(m, options.basisSize)) / 2) : m;
  const kept = Math.max(Math.min(m, wanted + 1), Math.min(most, f.capacity - base - 2 * p - 1 - room));
  // the search itself needs a few rows beside the candidates set aside
  if (f.capacity - base - kept - 2 * p < 5) return false;
  const chosen = s.outermost(ritz.values, ends, kept);
  const around = kept === m ? ritz : rotated(s, ritz, chosen, false);
  // an eigenvalue of the complement at the candidates, if A there is what it is on the last row, must stay within the thresholds
  const level = m > 0 ? f.entry(f.size - 1, f.size - 1) : 0;
  const none = new Float64Array(p * p);
  if (p > 0 && !certified(around.values, around.coupling, p, open, none, level, level)) return false;
  if (planSearch(around, p, open) === null) return false;
  return startChain(s, kept === m ? ritz : rotated(s, ritz, chosen, true), open);
}

/** The chosen Ritz pairs; with `basis` they become the basis. */
function rotated({ f, base }: Searching, ritz: Ritz, chosen: readonly number[], basis: boolean): Ritz {
  const p = f.candidates;
  const m = ritz.values.length;
  const r = chosen.length;
  if (basis) f.shrink(selectColumns(ritz, chosen), r, base);
  const coupling = new Float64Array(p * r);
  for (let q = 0; q < p; q++) {
    for (let i = 0; i < r; i++)
      coupling[q * r + i] = basis ? f.entry(base + r + q, base + i) : ritz.coupling[q * m + chosen[i]];
  }
  const values = Float64Array.from(chosen, (i) => ritz.values[i]);
  return { values, vectors: identityRows(r), coupling, residualNorms: columnNorms(coupling, p, r) };
}

/** A random search for claims of one end, or both; without any the list is proven. false where none can be made. */
function startChain(s: Searching, ritz: Ritz, claims: readonly Claim[]): boolean {
  const { f } = s;
  if (claims.length === 0) {
    s.done = 'verified';
    return true;
  }
  const plan = planSearch(ritz, f.candidates, claims);
  if (plan === null) return false;
  s.state.verifications++;
  s.chain = {
    ritz,
    held: hold(f, f.candidates === 0 ? null : plan.lift),
    claims: plan.claims,
    rest: plan.rest,
    dimension: f.n - f.size,
    discarded: [],
    logBetas: 0,
    start: f.guard.matvecs,
  };
  if (!f.appendRandom()) exhausted(s);
  return true;
}

/**
 * What follows from `matvecs` products of a random search: it ends when it has found something, or has bounded all there can be.
 * @param left norm of the remainder of the last product
 */
export function advanceChain(s: Searching, chain: Chain, left: number, matvecs: number): void {
  const { f, state } = s;
  const { held } = chain;
  state.verificationMatvecs += matvecs;
  const w = f.size - held.size;
  const over = left === 0;
  if (!over) chain.logBetas += log(left);
  const full = f.size + f.candidates + held.count + 1 >= f.capacity;
  if (!over && !full && state.work < 25 * w * w * w) return;
  state.work = 0;
  if (s.isAsymmetric()) return;
  const ritz = ritzPairs(f, held.size);
  const lift = held.lift ?? new Float64Array(0);
  const holds = ([above, below]: readonly [number, number]): boolean =>
    certified(chain.ritz.values, chain.ritz.coupling, held.count, chain.claims, lift, above, below);
  const bottom = ritz.values[w - 1];
  // a value beyond the other end's threshold is a find as well: that end's lift would leave it there
  if (!holds([ritz.values[0], bottom]) || chain.rest.some((c) => bottom < c.threshold)) {
    state.nextVerification = 2 * f.guard.matvecs - chain.start;
    endChain(s);
    state.work = Infinity;
    return;
  }
  if (holds(boundsOf(s, chain, ritz.values, over))) nextEnd(s, chain);
  // exhausted and yet within rounding of a threshold: let the basis have these vectors too
  else if (over) endChain(s);
  else if (full) restartChain(s, chain, ritz);
}

function sidesOf({ claims }: Chain): Set<1 | -1> {
  return new Set(claims.map((c) => c.side));
}

/** Upper and lower bound of the operator that is searched, at the sides that claims are about: exact up to rounding once it is exhausted. */
function boundsOf(
  { f, options, state }: Searching,
  chain: Chain,
  values: Float64Array,
  over: boolean,
): readonly [above: number, below: number] {
  const sides = sidesOf(chain);
  // one search after the other may fail: shares 0.6/v² of the probability add up to less than one
  const delta = (0.6 * options.failureProbability) / (sides.size * state.verifications ** 2);
  const roots = [...chain.discarded, ...values];
  const bound = (side: 1 | -1, outermost: number): number => {
    if (!sides.has(side)) return outermost;
    if (over) return outermost + side * 2 * f.eps * f.norm;
    return probabilisticBound(roots, chain.logBetas, chain.dimension, delta, side, f.norm);
  };
  return [bound(1, values[0]), bound(-1, values[values.length - 1])];
}

/** Keeps half of a random search, at the sides that claims are about. */
function restartChain({ f }: Searching, chain: Chain, ritz: Ritz): void {
  const w = ritz.values.length;
  const sides = sidesOf(chain);
  const keep = Math.max(1, Math.floor(w / 2));
  const up = sides.size === 2 ? Math.ceil(keep / 2) : sides.has(1) ? keep : 0;
  const chosen = endIndices(w, up, keep - up);
  for (let i = 0; i < w; i++) if (!chosen.includes(i)) chain.discarded.push(ritz.values[i]);
  f.shrink(selectColumns(ritz, chosen), chosen.length, chain.held.size);
}

/** After a search that ended well: the other end, from the basis as it was before, or the end. */
function nextEnd(s: Searching, { claims, rest, ritz, held }: Chain): void {
  if (rest.length === 0) {
    s.done = 'verified';
    return;
  }
  s.state.proven.push(...claims.map((c) => provenCount(c, ritz.values)));
  Object.assign(s.f.state, { size: held.size, candidates: 0 });
  endChain(s);
  if (!startChain(s, ritz, rest)) s.state.work = Infinity;
}

/** The rows fill the whole space: Ritz values are the eigenvalues. */
export function exhausted(s: Searching): void {
  endChain(s);
  s.done = 'verified';
}

/** Ends a random search, if there is one, by giving its vectors to the search for what is wanted. */
export function endChain(s: Searching): void {
  release(s.f);
  s.chain = null;
}
