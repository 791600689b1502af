import { stream } from '@hyperribbon/random';
import { exponentOf, maxAbs, scaleByPower, timesPower } from '../dense/powerOfTwo.js';
import type { ScaledProduct } from '../solve/scaledProduct.js';
import { dot, norm } from '../solve/vectors.js';

const PROBES = 3;

/** What random vectors tell of a solve, and of A. */
export interface SolveError {
  /** bound of ‖(A − sigma) B − 1‖, wrong with at most the given probability */
  readonly bound: number;
  /** largest ‖(A − sigma) B x − x‖/‖x‖ seen */
  readonly seen: number;
  /** largest |xᵀA y − yᵀA x|/(‖A‖‖x‖‖y‖) seen: whether it is A that is not symmetric */
  readonly skew: number;
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
  let [worst, largest, skew] = [0, 0, 0];
  for (let index = 0; index < PROBES; index++) {
    const g = new Float64Array(n);
    stream({ seed, purpose: 'eigshNear/solve', index }).normal(g);
    const first = await A.multiply(g, new Float64Array(n));
    largest = Math.max(largest, norm(first) / norm(g));
    const y = await B.multiply(g, new Float64Array(n));
    const product = await A.multiply(y, new Float64Array(n));
    const size = norm(y);
    if (size > 0) largest = Math.max(largest, norm(product) / size);
    if (size > 0 && largest > 0)
      skew = Math.max(skew, Math.abs(dot(g, product) - dot(y, first)) / (norm(g) * size * largest));
    worst = Math.max(worst, remainder(product, y, g, { sigma, a: A.exponent ?? 0, b: B.exponent ?? 0 }));
  }
  return { bound: (Math.sqrt(n) / delta) * worst, seen: worst, skew, norm: largest };
}

/**
 * ‖(A − sigma) x − b‖/‖b‖ of one solve x: it sees what random vectors before a run cannot, a solve that gets worse later. Cost: a product.
 *
 * @returns 0 for b = 0 and where x is not finite, which is refused elsewhere
 */
export async function solveRemainder(
  A: ScaledProduct,
  sigma: number,
  x: ArrayLike<number>,
  b: ArrayLike<number>,
): Promise<number> {
  const most = maxAbs(x);
  const right = Float64Array.from(b);
  if (!Number.isFinite(most) || maxAbs(right) === 0) return 0;
  const e = exponentOf(most);
  const y = scaleByPower(Float64Array.from(x), -e);
  const product = await A.multiply(y, new Float64Array(y.length));
  return remainder(product, y, right, { sigma, a: A.exponent ?? 0, b: e });
}

/** ‖(2^a A' − sigma) 2^b y − g‖/‖g‖ for the product A' y: (2^a A' − sigma) 2^b y is 2^(a + b) (A' − 2^−a sigma) y. */
function remainder(
  product: Float64Array,
  y: Float64Array,
  g: Float64Array,
  { sigma, a, b }: { sigma: number; a: number; b: number },
): number {
  const shift = timesPower(sigma, -a);
  const left = scaleByPower(
    product.map((value, i) => value - shift * y[i]),
    a + b,
  );
  for (let i = 0; i < left.length; i++) left[i] -= g[i];
  return norm(left) / norm(g);
}
