import type { Draw, Multiply } from './multiply.js';
import { dot, sketchRange, takeOut } from './sketch.js';

/**
 * Hutch++ [meyer2021, Alg. 1]: a third of the products sketches the range of A, a third gives the trace there exactly, a third
 * estimates the rest.
 * @returns samples of the random rest, and the exact part
 */
export async function hutchPlusPlus(
  multiply: Multiply,
  draw: Draw,
  n: number,
  samples: number,
): Promise<[Float64Array, number]> {
  const b = Math.min(n, Math.floor(samples / 3));
  const rest = samples - 2 * b;
  const { q, z: aq } = await sketchRange(multiply, draw(b, 0), n); //           1, 2: basis Q of the range of A S
  const exact = dot(q, aq, b * n); //                                           3: tr QᵀAQ
  const g = draw(rest, b);
  const terms = new Float64Array(rest);
  for (let i = 0; i < rest; i++) {
    const z = g.subarray(i * n, (i + 1) * n);
    for (let j = 0; j < b; j++) takeOut(z, q.subarray(j * n, (j + 1) * n), n);
    terms[i] = dot(z, await multiply(z, 1), n); //                              4: gᵀ(I − QQᵀ) A (I − QQᵀ)g
  }
  return [terms, exact];
}
