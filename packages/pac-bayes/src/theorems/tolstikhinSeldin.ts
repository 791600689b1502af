import { log } from '@hyperribbon/kernels';
import { requireBound, requireInside, requireLoss } from '../assumptions.js';
import { empiricalRisk, makeRecord, monteCarloDelta, type BoundArguments, type BoundRecord } from './boundRecord.js';
import type { MonteCarloRecord } from '../limits/monteCarlo.js';
import { roundUp } from '../limits/rounding.js';
import { smallestOver } from './smallestOver.js';

export interface TolstikhinSeldinArguments extends BoundArguments {
  /**
   * Posterior mean of the sample variance (1/(n-1)) sum (loss_i - mean)^2 of each network over the examples, in [0, 1/2]; an upper
   * limit from draws with its own delta is welcome.
   */
  readonly variance: number | MonteCarloRecord;
  /** Ratio of neighbours on the two grids of parameters, > 1. Default 1.15. */
  readonly ratio?: number;
}

/** e - 2, rounded up. */
const E_MINUS_2 = 0.7182818284590453;

/**
 * PAC-Bayes-empirical-Bernstein bound: tight where the losses vary little from example to example.
 *
 * Two inequalities with delta/2 each: the true variance from the empirical one, V <= V_n/(1-t) + K1/(2(n-1) t(1-t)), and the risk from
 * the variance, e <= e_hat + lambda (e-2) V + K2/(lambda n), K = KL + ln(2 grid length/delta). t in (0, 1/2] and lambda in (0, 1]
 * run over geometric grids that depend on n and delta alone. [tolstikhin2013] states the closed form that one gets by bounding
 * the loss of the grids; here the best members are taken, which is never looser. V is at most 1/4.
 * @returns record; `value` may exceed 1 and is then marked vacuous; ingredients hold the variance limit
 * @throws AssumptionError for n < 2, a variance outside [0, 1/2], a ratio <= 1 and what every bound refuses
 * @example tolstikhinSeldinBound({ empirical: 0.02, variance: 0.01, kl: 20, n: 1000, delta: 0.05 }).value // 0.0940...
 */
export function tolstikhinSeldinBound(bound: TolstikhinSeldinArguments): BoundRecord {
  const name = 'tolstikhin-seldin';
  const { kl, n, delta, variance, ratio = 1.15, union } = bound;
  requireBound(name, bound, 2);
  requireInside(name, 'ratio', ratio, 1, 100);
  const empirical = empiricalRisk(name, bound);
  const sampleVariance = typeof variance === 'number' ? variance : variance.upper;
  requireLoss(name, 2 * sampleVariance, 'twice the variance');
  const price = union?.nats ?? 0;
  const half = -log(delta / 2);

  const ts = geometricGrid(1 / (1 + Math.sqrt(1 + (n - 1) / half)), 0.5, ratio);
  const k1 = roundUp(kl + price + half + log(ts.length), 8);
  const limit = smallestOver(ts, (t) => roundUp(sampleVariance / (1 - t) + k1 / (2 * (n - 1) * t * (1 - t)), 8));
  const trueVariance = Math.min(0.25, limit.value);

  const lambdas = geometricGrid(Math.min(1, Math.sqrt(half / ((E_MINUS_2 * n) / 4))), 1, ratio);
  const k2 = roundUp(kl + price + half + log(lambdas.length), 8);
  const best = smallestOver(lambdas, (lambda) =>
    roundUp(empirical + lambda * E_MINUS_2 * trueVariance + k2 / (lambda * n), 8),
  );
  return makeRecord(
    { title: 'PAC-Bayes-empirical-Bernstein', source: '[tolstikhin2013]' },
    best.value,
    bound,
    { variance: sampleVariance, varianceLimit: trueVariance, penalty: k2 - kl, lambda: best.at },
    [`delta is halved and divided over ${ts.length} and ${lambdas.length} parameters fixed by n and delta`],
    typeof variance === 'number' ? [] : [monteCarloDelta(variance, 'variance')],
  );
}

/** low, low ratio, low ratio^2, ... up to high, which is the last member. */
export function geometricGrid(low: number, high: number, ratio: number): readonly number[] {
  const members: number[] = [];
  for (let x = low; x < high; x *= ratio) members.push(x);
  members.push(high);
  return members;
}
