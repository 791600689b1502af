import type { FloatArray } from '@hyperribbon/kernels';
import { orthonormalRows } from './orthonormalRows.js';
import type { Multiply } from './multiply.js';

/**
 * Hutch++ [meyer2021, Alg. 1]: a third of the products sketches the range of A, a third gives the trace there exactly, a third
 * estimates the rest.
 * @returns samples of the random rest, and the exact part
 */
export async function hutchPlusPlus(
  multiply: Multiply,
  draw: (b: number, first: number) => FloatArray,
  n: number,
  samples: number,
  eps: number,
): Promise<[Float64Array, number]> {
  const b = Math.min(n, Math.floor(samples / 3));
  const rest = samples - 2 * b;
  const q = await multiply(draw(b, 0), b); //                                   1: sketch A S
  orthonormalRows(q, b, n, eps); //                                             2: basis Q of its range
  const aq = await multiply(q, b);
  let exact = 0;
  for (let i = 0; i < b * n; i++) exact += q[i] * aq[i]; //                     3: tr QᵀAQ
  const g = draw(rest, b);
  const terms = new Float64Array(rest);
  for (let i = 0; i < rest; i++) {
    const z = g.subarray(i * n, (i + 1) * n);
    for (let j = 0; j < b; j++) {
      const row = q.subarray(j * n, (j + 1) * n);
      let s = 0;
      for (let c = 0; c < n; c++) s += row[c] * z[c];
      for (let c = 0; c < n; c++) z[c] -= s * row[c];
    }
    const y = await multiply(z, 1);
    for (let c = 0; c < n; c++) terms[i] += z[c] * y[c]; //                     4: gᵀ(I − QQᵀ) A (I − QQᵀ)g
  }
  return [terms, exact];
}
