import { exponentOf, maxAbs, timesPower } from '../dense/powerOfTwo.js';
import { norm } from '../solve/vectors.js';
import type { FactoredMetric } from './metric.js';

/** B of its diagonal, entries above zero: L = D^½. Rounding is that of each entry, whatever they range over. */
export function diagonalMetric(diagonal: ArrayLike<number>): FactoredMetric {
  const size = diagonal.length;
  const exponent = 2 * Math.floor(exponentOf(maxAbs(diagonal)) / 2);
  const scaled = Float64Array.from(diagonal, (value) => timesPower(value, -exponent));
  const roots = scaled.map((value) => Math.sqrt(value));
  const divide = (x: Float64Array): void => {
    for (let i = 0; i < size; i++) x[i] /= roots[i];
  };
  return {
    size,
    exponent,
    condition: 1,
    products: 0,
    solves: 0,
    multiply(x, out) {
      for (let i = 0; i < size; i++) out[i] = scaled[i] * x[i];
      return Promise.resolve(out);
    },
    dualNorm: (r) => Promise.resolve(norm(r.map((value, i) => value / roots[i]))),
    forward: divide,
    backward: divide,
  };
}
