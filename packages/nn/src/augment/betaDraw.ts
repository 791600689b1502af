import { exp, log } from '@hyperribbon/kernels';
import type { RandomStream } from '@hyperribbon/random';

/**
 * One number of the law Beta(alpha, alpha): G/(G + H) of two gamma variables, by their logarithms, so that a small alpha gives numbers near 0 and 1
 * in place of 0/0.
 *
 * @param alpha > 0
 * Cost: about four normals and four uniforms
 */
export function betaDraw(draws: RandomStream, alpha: number): number {
  const [g, h] = [logGamma(draws, alpha), logGamma(draws, alpha)];
  return 1 / (1 + exp(h - g));
}

/** ln of a gamma variable of this shape and scale 1 [marsaglia2000]; of a shape below 1 by that of alpha + 1 times U^(1/alpha). */
function logGamma(draws: RandomStream, alpha: number): number {
  const one = new Float64Array(1);
  // 1 − U is never 0
  const logUniform = (): number => log(1 - draws.uniform(one)[0]);
  if (alpha < 1) return logUniform() / alpha + logGamma(draws, alpha + 1);
  const d = alpha - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = draws.normal(one)[0];
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root * root * root;
    if (logUniform() < 0.5 * x * x + d - d * v + d * log(v)) return log(d) + log(v);
  }
}
