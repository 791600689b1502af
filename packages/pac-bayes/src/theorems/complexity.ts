import { requireFinite } from '@hyperribbon/contract';
import { requireBound } from '../assumptions.js';
import { addDD, divideDD, logDD, negateDD, type DoubleDouble } from '../limits/doubleDouble.js';
import { divergenceMoment } from './divergenceMoment.js';
import { ceilDD, nextUp } from '../limits/rounding.js';

/**
 * The inequalities of PAC-Bayes that differ in their right-hand side.
 *
 * - `maurer`: kl(e_hat||e) <= (KL + ln(2 sqrt(n)/delta)) / n, n >= 8 [maurer2004, Thm 5]
 * - `kl-exact`: kl(e_hat||e) <= (KL + ln(xi(n)/delta)) / n, n >= 1, with the constant itself instead of 2 sqrt(n) >= xi(n): up to
 *   0.47 nats tighter, see {@link divergenceMoment} [maurer2004, proof of Thm 5]
 * - `langford-seeger`: kl(e_hat||e) <= (KL + ln(n/delta)) / (n - 1) [langford2001], the form of [dziugaite2017]; for n >= 8 it
 *   follows from `maurer`, for 2 <= n < 8 from the exact constant of [maurer2004] (our check)
 * - `catoni`: the exponent (KL + ln(1/delta)) / n of Catoni's bound with a constant fixed in advance [catoni2007]
 */
export type Theorem = 'maurer' | 'kl-exact' | 'langford-seeger' | 'catoni';

export interface ComplexityArguments {
  /** KL(Q||P), nats, >= 0. */
  readonly kl: number;
  /** Examples, i.i.d. */
  readonly n: number;
  /** Failure probability in (0, 1). */
  readonly delta: number;
  /** Nats paid for a union bound, see `gridPrice`. */
  readonly price?: number;
}

export interface Complexity {
  /** ln(n/delta) + price, or the like: what is added to KL. */
  readonly penalty: number;
  /** The right-hand side, rounded up. */
  readonly rate: number;
}

const LN2: DoubleDouble = [0.6931471805599453, 2.3190468138462996e-17];

/**
 * Right-hand side of a PAC-Bayes inequality: the one place where KL, the penalty and n meet.
 * @returns penalty and (KL + penalty)/(n - 1) or /n in nats per example, both rounded up
 * @throws AssumptionError if n is too small, KL is negative or NaN, or delta is outside (0, 1)
 * @example complexity('maurer', { kl: 5144, n: 55000, delta: 0.025 }).rate // 0.0937...
 */
export function complexity(theorem: Theorem, { kl, n, delta, price = 0 }: ComplexityArguments): Complexity {
  requireBound(theorem, { kl, n, delta }, leastCount[theorem]);
  requireFinite(theorem, 'price', price);
  const constant = addDD(logConstant(theorem, n), negateDD(logDD([delta, 0])));
  const penalty = addDD(constant, [price, 0]);
  const divisor = theorem === 'langford-seeger' ? n - 1 : n;
  const rate = nextUp(ceilDD(divideDD(addDD([kl, 0], penalty), [divisor, 0])));
  return { penalty: nextUp(ceilDD(penalty)), rate: Math.max(0, rate) };
}

const leastCount: Readonly<Record<Theorem, number>> = { maurer: 8, 'kl-exact': 1, 'langford-seeger': 2, catoni: 1 };

function logConstant(theorem: Theorem, n: number): DoubleDouble {
  if (theorem === 'catoni') return [0, 0];
  if (theorem === 'kl-exact') return logDD([divergenceMoment(n), 0]);
  const logN = logDD([n, 0]);
  return theorem === 'maurer' ? addDD(LN2, [logN[0] / 2, logN[1] / 2]) : logN;
}
