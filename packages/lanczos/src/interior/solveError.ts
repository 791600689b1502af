import { stream } from '@hyperribbon/random';
import { timesPower } from '../dense/powerOfTwo.js';
import type { ScaledProduct } from '../solve/scaledProduct.js';
import { norm } from '../solve/vectors.js';

const PROBES = 3;

/** What random vectors tell of a solve, and of A. */
export interface SolveError {
  /** bound of ‖(A − sigma) B − 1‖, wrong with at most the given probability */
  readonly bound: number;
  /** largest ‖A x‖/‖x‖ seen, in numbers of the scale of A's product */
  readonly norm: number;
}

/**
 * Bounds the error of a solve B of A − sigma by what it leaves of three normal vectors.
 *
 * The right singular vector of the largest singular value has a share below δ/√n of a random direction with probability at most 0.8 δ; all three miss it with (0.8 δ)³.
 * Cost: 3 solves and 6 products.
 */
export async function solveError(
  A: ScaledProduct,
  B: ScaledProduct,
  { n, sigma, seed, probability }: { n: number; sigma: number; seed: number; probability: number },
): Promise<SolveError> {
  const delta = Math.cbrt(probability) / 0.8;
  let [worst, largest] = [0, 0];
  for (let index = 0; index < PROBES; index++) {
    const g = new Float64Array(n);
    stream({ seed, purpose: 'eigshNear/solve', index }).normal(g);
    const product = await A.multiply(g, new Float64Array(n));
    largest = Math.max(largest, norm(product) / norm(g));
    const y = await B.multiply(g, new Float64Array(n));
    await A.multiply(y, product);
    const size = norm(y);
    if (size > 0) largest = Math.max(largest, norm(product) / size);
    // 2^a A' − sigma times 2^b y' is 2^(a + b) (A' − 2^−a sigma) y'
    const [a, b] = [A.exponent ?? 0, B.exponent ?? 0];
    const shift = timesPower(sigma, -a);
    const left = g.map((value, i) => timesPower(product[i] - shift * y[i], a + b) - value);
    worst = Math.max(worst, norm(left) / norm(g));
  }
  return { bound: (Math.sqrt(n) / delta) * worst, norm: largest };
}
