import { requireDelta, requireLoss, requireThat } from '../assumptions.js';
import { makeRecord, monteCarloDelta, type BoundArguments, type BoundRecord } from './boundRecord.js';
import { complexity } from './complexity.js';
import { klInverseLower, klInverseUpper } from '../limits/klInverse.js';
import type { MonteCarloLowerRecord, MonteCarloRecord } from '../limits/monteCarlo.js';
import { roundUp } from '../limits/rounding.js';

export interface SplitKlArguments extends Omit<BoundArguments, 'empirical'> {
  /** The loss lies in [low, high]; default [0, 1]. Excess losses lie in [-1, 1]. */
  readonly low?: number;
  readonly high?: number;
  /** Where the loss is split, in [low, high]; fixed before the data. */
  readonly middle: number;
  /** Posterior mean of max(0, loss - middle)/(high - middle) over the examples, in [0, 1]. */
  readonly above: number | MonteCarloRecord;
  /** Posterior mean of max(0, middle - loss)/(middle - low), in [0, 1]; it enters with a minus sign, so draws give it a lower limit. */
  readonly below: number | MonteCarloLowerRecord;
}

/**
 * Split-kl bound for losses with three levels or more: loss = middle + (high - middle) A - (middle - low) B, one kl inequality for A from
 * above and one for B from below, delta/2 each:
 * e <= middle + (high - middle) kl^-1(A_hat | c) - (middle - low) kl_-^-1(B_hat | c), c = (KL + ln(4 sqrt(n)/delta))/n.
 *
 * The tightness of kl for a variable that is 0, 1/2 or 1 most of the time, where kl on the mean would take it for a coin. [wu2022]
 * @returns record; `value` is at most `high`
 * @throws AssumptionError for n < 8, a middle outside [low, high], parts outside [0, 1]
 * @example splitKlBound({ middle: 0.5, above: 0.01, below: 0.9, kl: 20, n: 1000, delta: 0.05 }).value // 0.119...
 */
export function splitKlBound(bound: SplitKlArguments): BoundRecord {
  const name = 'split-kl';
  const { middle, low = 0, high = 1, above, below, kl, n, delta, union, chance = high } = bound;
  requireThat(low < high && Number.isFinite(high - low), name, 'finite low < high', 'low', low);
  requireThat(middle >= low && middle <= high, name, `middle in [${low}, ${high}]`, 'middle', middle);
  const a = typeof above === 'number' ? above : above.upper;
  const b = typeof below === 'number' ? below : below.lower;
  requireLoss(name, a, 'above');
  requireLoss(name, b, 'below');
  requireDelta(name, delta);
  const { penalty, rate } = complexity('maurer', { kl, n, delta: delta / 2, price: union?.nats ?? 0 });
  const gain = (middle - low) * klInverseLower(b, rate);
  const size = Math.abs(middle) + (high - middle) + (middle - low);
  const value = middle + (high - middle) * klInverseUpper(a, rate) - gain + 8 * 2.220446049250313e-16 * size;
  // the record's own field for the risk takes what the parts say: middle + ... - ..., moved to [0, 1]
  const risk = Math.min(1, Math.max(0, (middle + (high - middle) * a - (middle - low) * b - low) / (high - low)));
  const drawn = [
    ...(typeof above === 'number' ? [] : [monteCarloDelta(above, 'part above the middle')]),
    ...(typeof below === 'number' ? [] : [monteCarloDelta(below, 'part below the middle')]),
  ];
  const args = { empirical: risk, kl, n, delta, chance, ...(union === undefined ? {} : { union }) };
  return makeRecord(
    { title: 'PAC-Bayes-split-kl', source: '[wu2022]' },
    roundUp(value, 1),
    args,
    { middle, low, high, above: a, below: b, penalty, rate },
    ['the middle was fixed before the data', `the loss lies in [${low}, ${high}]`],
    drawn,
  );
}
