import { refuse } from '@hyperribbon/contract';
import type { KrylovFactorization } from './krylovFactorization.js';
import { type HeldCandidates, removeLift } from './lift.js';

/**
 * Takes the candidates away from the process, into the last rows of memory; {@link release} gives them back.
 *
 * @param lift S (p, p): until then vectors outside the basis see A + Fᵀ S F, F (p, n) the rows set aside, in place of A
 */
export function hold(f: KrylovFactorization, lift: Float64Array | null): HeldCandidates {
  const { rows, state } = f;
  const { size: m, candidates: p } = state;
  if (state.held !== null) refuse('hold', 'candidates are set aside already; release them first');
  const coupling = new Float64Array(p * m);
  for (let i = 0; i < p; i++) for (let j = 0; j < m; j++) coupling[i * m + j] = f.entry(m + i, j);
  state.candidates = 0;
  const first = f.capacity - p;
  // up, last one first: the places may overlap
  for (let i = p - 1; i >= 0; i--) rows.copy(m + i, first + i);
  return (state.held = { first, count: p, coupling, size: m, lift });
}

/** Puts held candidates behind the present ones, orthogonal to all that was found meanwhile, with couplings to match. */
export function release(f: KrylovFactorization): void {
  const { rows, state, capacity, projected: h } = f;
  const { held, size } = state;
  if (held === null) return;
  const { size: first, count: p } = held;
  const end = size + state.candidates + p;
  // row q: coefficients of held row q in all rows, those it adds itself included
  const place = new Float64Array(p * end);
  for (let q = 0; q < p; q++) {
    const k = size + state.candidates;
    if (k >= capacity) refuse('release', `all ${capacity} rows are in use; shrink first`);
    // down, first one first: the places may overlap
    rows.copy(held.first + q, k);
    const c = new Float64Array(k);
    const left = rows.orthogonalize(k, c);
    place.set(c, q * end);
    const b = held.coupling.subarray(q * first, (q + 1) * first);
    // v = Σ cᵢ rowᵢ + left·row_k: its coupling to the old basis is shared out over the candidates it overlaps
    for (let i = size; i < k; i++) for (let j = 0; j < first; j++) h[i * capacity + j] += c[i] * b[j];
    if (left <= 32 * f.eps) continue;
    place[q * end + k] = left;
    rows.scale(k, 1 / left);
    h.fill(0, k * capacity, k * capacity + size);
    for (let j = 0; j < first; j++) h[k * capacity + j] = left * b[j];
    state.candidates++;
  }
  if (held.lift !== null) removeLift(f, held.lift, place, first);
  state.held = null;
}
