import type { FloatArray } from '@hyperribbon/kernels/linear';

/** Candidates set aside: their rows and their coupling (p, size) to the basis of that moment. */
export interface HeldCandidates {
  readonly rows: readonly FloatArray[];
  readonly coupling: Float64Array;
  readonly size: number;
  /** S (p, p) of the operator A + Fᵀ S F that took the place of A, or null */
  readonly lift: Float64Array | null;
}

/**
 * out ← out + Fᵀ S F x for the rows F set aside.
 * @returns Bᵀ F x, (size,): what A x has along the basis of that moment, whose rows couple to x through F only
 * Cost: 4 p n flops.
 */
export function addLift(held: HeldCandidates, s: Float64Array, x: FloatArray, out: FloatArray): Float64Array {
  const { rows, coupling, size } = held;
  const p = rows.length;
  const dots = rows.map((row) => {
    let d = 0;
    for (let i = 0; i < row.length; i++) d += row[i] * x[i];
    return d;
  });
  const along = new Float64Array(size);
  for (let q = 0; q < p; q++) {
    let c = 0;
    for (let r = 0; r < p; r++) c += s[q * p + r] * dots[r];
    const row = rows[q];
    for (let i = 0; i < row.length; i++) out[i] += c * row[i];
    for (let j = 0; j < size; j++) along[j] += coupling[q * size + j] * dots[q];
  }
  return along;
}
