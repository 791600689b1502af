import { exp } from './exp.js';
import { log1p } from './log.js';

/** 1/(1 + e^(−x)), relative accuracy kept in both tails */
export function sigmoid(x: number): number {
  const e = exp(-Math.abs(x));
  return (x >= 0 ? 1 : e) / (1 + e);
}

/** ln(1 + eˣ) = max(x, 0) + ln(1 + e^(−|x|)) */
export function softplus(x: number): number {
  const t = log1p(exp(-Math.abs(x)));
  return x > 0 ? x + t : t;
}

/** ln sigmoid(x) = min(x, 0) − ln(1 + e^(−|x|)) */
export function logsigmoid(x: number): number {
  const t = log1p(exp(-Math.abs(x)));
  return x < 0 ? x - t : -t;
}
