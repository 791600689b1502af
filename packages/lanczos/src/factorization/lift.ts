import type { BasisRows } from './basisRows.js';

/** Candidates set aside in the last rows of memory, and their coupling (p, size) to the basis of that moment. */
export interface HeldCandidates {
  /** index of the first of those rows */
  readonly first: number;
  /** p, how many */
  readonly count: number;
  readonly coupling: Float64Array;
  readonly size: number;
  /** S (p, p) of the operator A + Fᵀ S F that took the place of A, or null */
  readonly lift: Float64Array | null;
}

/**
 * Row `out` ← row `out` + Fᵀ S F x for the rows F set aside and x row `x`.
 * @returns Bᵀ F x, (size,): what A x has along the basis of that moment, whose rows couple to x through F only
 * Cost: 4 p n flops.
 */
export function addLift(
  rows: BasisRows,
  { first, count: p, coupling, size }: HeldCandidates,
  s: Float64Array,
  x: number,
  out: number,
): Float64Array {
  const dots = Float64Array.from({ length: p }, (_, q) => rows.dot(first + q, x));
  const along = new Float64Array(size);
  const lifts = new Float64Array(p);
  for (let q = 0; q < p; q++) {
    for (let r = 0; r < p; r++) lifts[q] += s[q * p + r] * dots[r];
    for (let j = 0; j < size; j++) along[j] += coupling[q * size + j] * dots[q];
  }
  rows.addCombination(lifts, first, out);
  return along;
}

/** H and below it B, leading dimension `capacity`, as far as `size` and `candidates` say. */
interface Projection {
  readonly projected: Float64Array;
  readonly capacity: number;
  readonly size: number;
  readonly candidates: number;
}

/**
 * H and B of the rows from `first` on, measured with A + Fᵀ S F, become those of A.
 * @param g G (p, rows) of F = G · rows
 * Cost: 2 p rows² flops.
 */
export function removeLift(
  { projected: h, capacity, size, candidates }: Projection,
  s: Float64Array,
  g: Float64Array,
  first: number,
): void {
  const p = Math.sqrt(s.length);
  const end = g.length / p;
  for (let j = first; j < size; j++) {
    for (let q = 0; q < p; q++) {
      let c = 0;
      for (let r = 0; r < p; r++) c += s[q * p + r] * g[r * end + j];
      if (c === 0) continue;
      for (let i = first; i < size + candidates; i++) h[i * capacity + j] -= c * g[q * end + i];
    }
  }
}
