import { refuse } from '@hyperribbon/contract';
import { monteCarloLimit } from '../limits/monteCarlo.js';
import { roundUp } from '../limits/rounding.js';
import { requireDelta, requireLoss, requireThat } from '../assumptions.js';
import type { DrawnRisk, DrawPlan, ExactRisk, LossRecord } from './certificate.js';
import { drawAccount } from './drawAccount.js';
import type { Issued } from './issued.js';

export type RiskEvidence = ExactEvidence | DrawnEvidence;

export type ExactEvidence = Omit<ExactRisk, 'loss'>;

/**
 * What was drawn: `errors` among all trials for the 0-1 loss, their `mean` for others. Left out, `method` is 'binomial' where it applies (every
 * trial its own draw, 0-1 loss), else 'chernoff', and `selection` is fixed with one candidate. `groups` is for `per-group`.
 */
export interface DrawnEvidence
  extends Pick<DrawnRisk, 'kind' | 'scheme' | 'passes' | 'seed' | 'purpose'>,
    Partial<Pick<DrawnRisk, 'groups' | 'mean' | 'method' | 'selection'>> {
  readonly errors?: number;
  /** Of networks: how they were drawn. Then `seed` is that of `drawSeed`. */
  readonly draws?: DrawPlan;
  /** For `random-subset`. */
  readonly examplesPerDraw?: number;
  /** Failure probability for the draws, of all candidates together. */
  readonly delta: number;
}

/** What a certificate says of the empirical risk: the number itself, or the limit that draws give. */
export function riskRecord(
  theorem: string,
  risk: RiskEvidence,
  { clamp, ...rest }: Issued<LossRecord>,
  n: number,
): ExactRisk | DrawnRisk {
  const loss = { ...rest, clamp: clamp ?? null };
  if (risk.kind === 'exact') {
    requireLoss(theorem, risk.value, 'risk.value');
    return { kind: 'exact', loss, value: risk.value, how: risk.how };
  }
  const { scheme, passes, errors, delta, seed, purpose, selection = { kind: 'fixed', candidates: 1 } } = risk;
  const account = drawAccount({ ...risk, n });
  const { units, trials } = account;
  requireDelta(theorem, delta, 'risk.delta');
  requireThat(
    Number.isSafeInteger(selection.candidates) &&
      selection.candidates >= 1 &&
      (selection.kind === 'divided' || selection.candidates === 1),
    theorem,
    'a whole number of candidates, 1 unless the selection was divided',
    'candidates',
    selection.candidates,
  );
  const mean = meanLoss(theorem, risk, loss, trials);
  const single = errors !== undefined && units === trials;
  const method = risk.method ?? (single ? 'binomial' : 'chernoff');
  requireThat(method !== 'binomial' || single, theorem, 'single 0-1 trials for the binomial limit', 'units', units);
  const share = delta / selection.candidates;
  // a quotient of counts is rounded up, a mean that was given is what it is
  const roundedMean = errors === undefined ? mean : Math.min(1, roundUp(mean, 1));
  const { upper } =
    method === 'binomial'
      ? monteCarloLimit({ errors: errors!, trials }, share)
      : monteCarloLimit({ mean: roundedMean, draws: units }, share, { method });
  const counted = { ...account, errors: errors ?? null };
  return {
    kind: 'drawn',
    loss,
    scheme,
    passes,
    ...counted,
    mean,
    method,
    selection,
    delta: share,
    upper,
    seed,
    purpose,
    draws: risk.draws ?? null,
  };
}

/** Of the trials: from the errors where they were counted. */
function meanLoss(theorem: string, { errors, mean }: DrawnEvidence, loss: LossRecord, trials: number): number {
  if (errors === undefined) {
    if (mean === undefined) return refuse('issueCertificate', 'risk must have errors or a mean, got neither');
    requireLoss(theorem, mean, 'risk.mean');
    return mean;
  }
  if (loss.kind !== 'zero-one')
    refuse('issueCertificate', `errors are counted for the 0-1 loss; give the mean of "${loss.description}"`);
  const counts = Number.isSafeInteger(errors) && errors >= 0 && errors <= trials;
  requireThat(counts, theorem, `0 <= errors <= ${trials} trials`, 'errors', errors);
  return errors / trials;
}
