import { stream } from '@hyperribbon/random';
import { exponentOf, maxAbs, scaleByPower, timesPower } from '../dense/powerOfTwo.js';
import type { ScaledProduct } from '../solve/scaledProduct.js';
import { dot, norm } from '../solve/vectors.js';

const PROBES = 3;

/** What a solve x of (A − sigma) x = b leaves over. */
export interface Remainder {
  /** ‖(A − sigma) x − b‖/‖b‖ */
  readonly relative: number;
  /** the same relative to (‖A‖ + |sigma|) ‖x‖ + ‖b‖, which is near rounding for a solve that is as exact as it can be */
  readonly backward: number;
}

export const NO_REMAINDER: Remainder = { relative: 0, backward: 0 };

/** The larger of each. */
export function worse(a: Remainder, b: Remainder): Remainder {
  return { relative: Math.max(a.relative, b.relative), backward: Math.max(a.backward, b.backward) };
}

/** What random vectors tell of a solve, and of A. */
export interface SolveError {
  /** bound of ‖(A − sigma) B − 1‖, wrong with at most the given probability */
  readonly bound: number;
  readonly seen: Remainder;
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
  let [largest, skew] = [0, 0];
  let worst = NO_REMAINDER;
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
    const of = { sigma, a: A.exponent ?? 0, b: B.exponent ?? 0, norm: largest };
    worst = worse(worst, remainder(product, y, g, of));
  }
  return { bound: (Math.sqrt(n) / delta) * worst.relative, seen: worst, skew, norm: largest };
}

/**
 * What one solve x leaves over: it sees what random vectors before a run cannot, a solve that gets worse later. Cost: a product.
 *
 * @param norm about ‖A‖, in numbers of the scale of its product
 * @returns zeros for b = 0 and where x is not finite, which is refused elsewhere
 */
export async function solveRemainder(
  A: ScaledProduct,
  { sigma, norm: size }: { sigma: number; norm: number },
  x: ArrayLike<number>,
  b: ArrayLike<number>,
): Promise<Remainder> {
  const most = maxAbs(x);
  const right = Float64Array.from(b);
  if (!Number.isFinite(most) || maxAbs(right) === 0) return NO_REMAINDER;
  const e = exponentOf(most);
  const y = scaleByPower(Float64Array.from(x), -e);
  const product = await A.multiply(y, new Float64Array(y.length));
  return remainder(product, y, right, { sigma, a: A.exponent ?? 0, b: e, norm: size });
}

/** For the product A' y: (2^a A' − sigma) 2^b y is 2^(a + b) (A' − 2^−a sigma) y. */
function remainder(
  product: Float64Array,
  y: Float64Array,
  g: Float64Array,
  { sigma, a, b, norm: size }: { sigma: number; a: number; b: number; norm: number },
): Remainder {
  const shift = timesPower(sigma, -a);
  const left = scaleByPower(
    product.map((value, i) => value - shift * y[i]),
    a + b,
  );
  for (let i = 0; i < left.length; i++) left[i] -= g[i];
  const [over, right] = [norm(left), norm(g)];
  const reach = timesPower((size + Math.abs(shift)) * norm(y), a + b);
  return { relative: over / right, backward: over / (reach + right) };
}
