import type { FloatArray } from '@hyperribbon/kernels';
import { orthonormalRows } from './orthonormalRows.js';
import type { Multiply } from './multiply.js';
import { leaveOutDirection } from './xTrace.js';

/**
 * XDiag [epperly2024, §1.3] for a symmetric operator: every probe ω in turn is the test vector while all others sketch the range, on which the
 * diagonal is exact: diag(QᵀQ A) + ω ∘ (I − QᵀQ) A ω.
 *
 * @param note receives samples/2 exchangeable estimates, entry by entry: their mean is the estimate, their spread its error
 */
export async function xDiagonal(
  multiply: Multiply,
  probe: (index: number) => FloatArray,
  n: number,
  samples: number,
  eps: number,
  note: (term: (i: number) => number) => void,
): Promise<void> {
  const b = Math.min(n, Math.floor(samples / 2));
  const omega = Array.from({ length: b }, (_, i) => probe(i));
  const stacked = omega[0].constructor === Float32Array ? new Float32Array(b * n) : new Float64Array(b * n);
  omega.forEach((row, i) => stacked.set(row, i * n));
  const y = await multiply(stacked, b); //                     1: rows of Y are A ωᵢ
  const q = y.slice();
  const r = orthonormalRows(q, b, n, eps); //                  2: Y = R Q, R lower
  const z = await multiply(q, b); //                           3: Z = A Q
  const range = new Float64Array(n);
  for (let j = 0; j < b; j++) for (let c = 0; c < n; c++) range[c] += q[j * n + c] * z[j * n + c];
  let rank = 0;
  for (let i = 0; i < b; i++) if (r[i * b + i] > 0) rank++;
  const qs = new Float64Array(n);
  const zs = new Float64Array(n);
  for (let i = 0; i < b; i++) {
    // dependent products: the range is spanned whichever probe is left out
    const s = rank < b ? new Float64Array(b) : leaveOutDirection(r, b, i);
    qs.fill(0);
    zs.fill(0);
    for (let j = 0; j < b; j++) {
      for (let c = 0; c < n; c++) {
        qs[c] += s[j] * q[j * n + c];
        zs[c] += s[j] * z[j * n + c];
      }
    }
    // A ωᵢ = Σ rᵢⱼ qⱼ lies in the range; what is outside the one without probe i is its part along Q s
    let along = 0;
    for (let j = 0; j < b; j++) along += r[i * b + j] * s[j];
    const row = omega[i];
    note((c) => range[c] - qs[c] * zs[c] + row[c] * along * qs[c]); //  4
  }
}
