import { log } from '@hyperribbon/kernels';
import { requireCount, requireDelta, requireDivergence, requireInside, requireLoss } from './assumptions.js';
import { empiricalRisk, makeRecord, monteCarloDelta, type BoundArguments, type BoundRecord } from './boundRecord.js';
import type { MonteCarloRecord } from '../limits/monteCarlo.js';
import { roundUp } from '../limits/rounding.js';

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
 */
export function tolstikhinSeldinBound(bound: TolstikhinSeldinArguments): BoundRecord {
  const name = 'tolstikhin-seldin';
  const { kl, n, delta, variance, ratio = 1.15, union } = bound;
  requireCount(name, n, 'n', 2);
  requireDivergence(name, kl);
  requireDelta(name, delta);
  requireInside(name, ratio, 'ratio', 1, 100);
  const empirical = empiricalRisk(name, bound);
  const sampleVariance = typeof variance === 'number' ? variance : variance.upper;
  requireLoss(name, 2 * sampleVariance, 'twice the variance');
  const price = union?.nats ?? 0;
  const half = -log(delta / 2);

  const ts = geometricGrid(1 / (1 + Math.sqrt(1 + (n - 1) / half)), 0.5, ratio);
  const k1 = roundUp(kl + price + half + log(ts.length), 8);
  let trueVariance = 0.25;
  for (const t of ts)
    trueVariance = Math.min(trueVariance, roundUp(sampleVariance / (1 - t) + k1 / (2 * (n - 1) * t * (1 - t)), 8));

  const lambdas = geometricGrid(Math.min(1, Math.sqrt(half / ((E_MINUS_2 * n) / 4))), 1, ratio);
  const k2 = roundUp(kl + price + half + log(lambdas.length), 8);
  let best = { value: Infinity, lambda: 1 };
  for (const lambda of lambdas) {
    const value = roundUp(empirical + lambda * E_MINUS_2 * trueVariance + k2 / (lambda * n), 8);
    if (value < best.value) best = { value, lambda };
  }
  return makeRecord(
    'PAC-Bayes-empirical-Bernstein',
    '[tolstikhin2013]',
    best.value,
    bound,
    { variance: sampleVariance, varianceLimit: trueVariance, penalty: k2 - kl, lambda: best.lambda },
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
