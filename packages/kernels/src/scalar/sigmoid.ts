import { exp } from './exp.js';
import { log1p } from './log.js';

/** 1/(1 + e^(−x)), relative accuracy kept in both tails @example sigmoid(-100); // 3.720...e-44 */
export function sigmoid(x: number): number {
  const e = exp(-Math.abs(x));
  return (x >= 0 ? 1 : e) / (1 + e);
}

/** ln(1 + eˣ) = max(x, 0) + ln(1 + e^(−|x|)) @example softplus(0); // 0.6931... */
export function softplus(x: number): number {
  const t = log1p(exp(-Math.abs(x)));
  return x > 0 ? x + t : t;
}

/** ln sigmoid(x) = min(x, 0) − ln(1 + e^(−|x|)) @example logsigmoid(-1000); // -1000 */
export function logsigmoid(x: number): number {
  const t = log1p(exp(-Math.abs(x)));
  return x < 0 ? x - t : -t;
}
