import { log } from '@hyperribbon/kernels';

/**
 * Upper bound of all eigenvalues of C from a Lanczos process with a random start, after [vandeneshof2002, hochstenbach2013].
 *
 * The next Lanczos vector is a polynomial in C applied to the start x: p(t) = Π (t − rootᵢ) / Π betaⱼ. It has norm one, so
 * |p(λ)| |⟨x, v⟩| ≤ 1 for the top eigenvector v; and P(|⟨x, v⟩| ≤ omega) ≤ omega √(2N/π) for x uniform on the sphere of R^N.
 * Beyond the largest root p grows fast; the point where it passes 1/omega bounds λ with probability 1 − delta,
 * omega = delta √(π/(2N)). After thick restarts the roots are the Ritz values and all those that were thrown away.
 *
 * @param side 1: an upper bound, −1: a lower bound
 * @param scale ‖C‖ or so; the bound is found to 1e-3 of its distance from the last root, on the safe side
 */
export function probabilisticBound(
  roots: readonly number[],
  logBetas: number,
  dimension: number,
  delta: number,
  side: 1 | -1,
  scale: number,
): number {
  let last = -Infinity;
  for (const root of roots) last = Math.max(last, side * root);
  const level = 0.5 * log((2 * dimension) / 3.141592653589793) - log(delta) + logBetas;
  const passes = (distance: number): boolean => {
    let sum = 0;
    for (const root of roots) sum += log(last + distance - side * root);
    return sum >= level;
  };
  let high = scale * 1e-16;
  while (!passes(high)) {
    high *= 2;
    if (high > 1e6 * scale) return side * Infinity;
  }
  let low = high / 2;
  while (high - low > 1e-3 * high) {
    const middle = (low + high) / 2;
    if (passes(middle)) high = middle;
    else low = middle;
  }
  return side * (last + high);
}
