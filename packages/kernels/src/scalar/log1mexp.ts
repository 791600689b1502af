import { exp } from './exp.js';
import { expm1 } from './expm1.js';
import { log, log1p } from './log.js';

/**
 * ln(1 − e^(−x)) for x ≥ 0, error < 2 ulp [maechler2012].
 *
 * Two forms meet at x = ln 2: below it 1 − e^(−x) is formed by expm1, above it e^(−x) is the small part of log1p.
 * @example log1mexp(1e-10); // -23.0258...
 */
export function log1mexp(x: number): number {
  return x <= 0.6931471805599453 ? log(-expm1(-x)) : log1p(-exp(-x));
}
