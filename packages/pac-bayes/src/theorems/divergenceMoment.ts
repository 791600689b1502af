import { requireCount } from '../assumptions.js';
import { nextUp, roundUp } from '../limits/rounding.js';

/**
 * xi(n) = max over p of E exp(n kl(S/n||p)), S ~ Binomial(n, p): the constant of the PAC-Bayes-kl inequality, rounded up.
 *
 * xi(n) = sum_k C(n,k) (k/n)^k (1 - k/n)^(n-k), whatever p is in (0, 1) [maurer2004]; the sum collapses to
 * 1 + 1 + (1 - 1/n) + (1 - 1/n)(1 - 2/n) + ... (Ramanujan's Q function), whose terms fall below 1e-20 after 9.6 sqrt(n).
 * sqrt(n) <= xi(n) <= 2 sqrt(n) for n >= 8; xi(n) = sqrt(pi n/2) + 2/3 + O(1/sqrt(n)), so ln xi is up to 0.47 nats below ln 2 sqrt(n).
 * @param n >= 1; beyond 1e9 the limit 2 sqrt(n) is returned
 * @throws AssumptionError for n that is no count
 * @example divergenceMoment(2) // 2.5...
 */
export function divergenceMoment(n: number): number {
  requireCount('divergenceMoment', 'n', n, 1);
  if (n > 1e9) return nextUp(2 * nextUp(Math.sqrt(n)));
  let term = 1;
  let sum = 1;
  let count = 0;
  for (let i = 0; i < n && term > 1e-21 * sum; i++) {
    sum += term;
    term *= (n - i - 1) / n;
    count++;
  }
  // each term carries at most 2 roundings a factor, the sum one a term; the tail left off is below term · n
  return roundUp(sum + term * Math.sqrt(n) * 10, 2 * count + 4);
}
