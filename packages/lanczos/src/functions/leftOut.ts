import { maxAbs } from '../dense/powerOfTwo.js';

/** A Lanczos process cut off: its Ritz values in numbers near 1, their vectors as rows, and f there. */
export interface CutOff {
  readonly theta: Float64Array;
  /** (m, m) */
  readonly vectors: Float64Array;
  readonly values: Float64Array;
  /** the coupling to what is left out, in the same numbers */
  readonly beta: number;
}

/**
 * β max |g(λ)|, g(λ) = Σ_i v_mi v_1i f[λ, θ_i]: what is left out of f(A) q₁ is β g(A) q_{m+1}, so this bounds its norm where λ runs over the spectrum. It is taken at points
 * between neighbouring Ritz values and next to the outermost ones, so a spectrum that reaches further may leave more.
 * Cost: 4 m² flops, m + 1 values of f.
 */
export function leftOut({ theta, vectors, values, beta }: CutOff, f: (x: number) => number): number {
  const m = theta.length;
  const size = maxAbs(values);
  if (beta === 0 || size === 0) return 0;
  if (m < 2) return beta * Math.abs(values[0] ?? 0);
  let largest = 0;
  for (let p = 0; p <= m; p++) {
    const [from, to, share] =
      p === 0
        ? [theta[0], theta[1], 0.01]
        : p === m
          ? [theta[m - 1], theta[m - 2], 0.01]
          : [theta[p - 1], theta[p], 0.5];
    const at = from + share * (to - from);
    const y = f(at) / size;
    let sum = 0;
    for (let i = 0; i < m; i++)
      if (at !== theta[i]) sum += vectors[i * m + m - 1] * vectors[i * m] * ((y - values[i] / size) / (at - theta[i]));
    largest = Math.max(largest, Math.abs(sum));
  }
  return size * (beta * largest);
}
