import { doubt } from '../density/estimate.js';
import type { Sampling } from './multiply.js';
import { dot, isNothing, outside, sketchRange, squaresOutside } from './sketch.js';

/**
 * Hutch++ [meyer2021, Alg. 1]: a third of the products sketches the range of A, a third gives the trace there exactly, a third
 * estimates the rest.
 * @returns samples of the random rest, the largest standard deviation they can have, and the exact part
 */
export async function hutchPlusPlus({
  multiply,
  draw,
  normal,
  n,
  samples,
}: Sampling): Promise<[terms: Float64Array, deviation: number, exact: number]> {
  const b = Math.min(n, Math.floor(samples / 3));
  const rest = samples - 2 * b;
  const sketch = await sketchRange(multiply, draw(b, 0), n); //                 1, 2: basis Q of the range of A S
  const exact = dot(sketch.q, sketch.z, b * n); //                                     3: tr QᵀAQ
  const g = draw(rest, b);
  const terms = new Float64Array(rest);
  let squares = 0;
  for (let i = 0; i < rest; i++) {
    const z = outside(sketch, g.subarray(i * n, (i + 1) * n), n);
    const y = await multiply(z, 1);
    terms[i] = dot(z, y, n); //                                                 4: gᵀ(I − QQᵀ) A (I − QQᵀ)g
    outside(sketch, y, n);
    squares += dot(y, y, n) / rest;
  }
  if (isNothing(squares, sketch, n) && doubt(rest) > 0) squares = await squaresOutside(multiply, sketch, normal(), n);
  return [terms, Math.sqrt(2 * squares), exact];
}
