import { expm1 } from '@hyperribbon/kernels';

/** terms of Lambert's continued fraction: at u = 2 the 13th changes nothing */
const TERMS = 13;

/**
 * The Langevin function L(u) = coth u − 1/u, u ≥ 0, without the cancellation of the difference at small u (L ~ u/3).
 *
 * Below 2 by Lambert's continued fraction u/(3 + u²/(5 + u²/(7 + …))), whose terms are all positive; above as 1 + 2/(e²ᵘ − 1) − 1/u.
 * Error < 4 ulp (measured against 50 digits on [1e-300, 1e300]). L(∞) = 1.
 */
export function langevin(u: number): number {
  if (u >= 2) return 1 + 2 / expm1(2 * u) - 1 / u;
  const square = u * u;
  let denominator = 2 * TERMS + 1;
  for (let k = 2 * TERMS - 1; k >= 3; k -= 2) denominator = k + square / denominator;
  return u / denominator;
}
