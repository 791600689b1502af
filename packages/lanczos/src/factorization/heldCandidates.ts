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
  const dots = rows.map((row) => dot(row, x));
  const along = new Float64Array(size);
  for (let q = 0; q < p; q++) {
    let c = 0;
    for (let r = 0; r < p; r++) c += s[q * p + r] * dots[r];
    addMultiple(c, rows[q], out);
    for (let j = 0; j < size; j++) along[j] += coupling[q * size + j] * dots[q];
  }
  return along;
}

/** Σ xᵢ yᵢ, four sums side by side */
function dot(x: FloatArray, y: FloatArray): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 3 < x.length; i += 4) {
    s0 += x[i] * y[i];
    s1 += x[i + 1] * y[i + 1];
    s2 += x[i + 2] * y[i + 2];
    s3 += x[i + 3] * y[i + 3];
  }
  for (; i < x.length; i++) s0 += x[i] * y[i];
  return s0 + s1 + (s2 + s3);
}

/** y ← y + c x */
function addMultiple(c: number, x: FloatArray, y: FloatArray): void {
  for (let i = 0; i < x.length; i++) y[i] += c * x[i];
}
