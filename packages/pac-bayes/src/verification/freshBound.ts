import type { Certificate } from '../certificate/certificate.js';
import { recomputeBinomialLimit } from './recomputeBinomial.js';
import { divide, interval, toNumberUp, whole } from './recomputeInterval.js';
import { drawRate, recomputeKlInverse } from './recomputeKl.js';
import { recomputeFormula, recomputePenalty, recomputeRate } from './recomputePenalty.js';

/**
 * The bound that a verifier's own draws certify: the certificate's theorem, deltas and price, the verifier's draws and KL. The posterior was
 * final before these draws, so it holds whatever the issuer did with the recorded ones.
 *
 * @param kl KL(Q||P) at most; default: as recorded
 */
export function freshBound(
  { theorem, risk, prior, deltas, divergence }: Certificate,
  { mean, units, errors }: { readonly mean: number; readonly units: number; readonly errors?: number },
  kl = divergence.kl,
): number {
  const { id, n, delta, constants, parameter } = theorem;
  const spent = deltas.find(({ purpose }) => purpose === 'draws')?.delta ?? 0;
  const single = errors !== undefined && risk.loss.kind === 'zero-one';
  const q = single ? divide(whole(errors), whole(units)) : interval(mean);
  const upper = single
    ? recomputeBinomialLimit(errors, units, spent)
    : recomputeKlInverse(q, drawRate(1, spent, units));
  const rate = recomputeRate(id, n, kl, recomputePenalty(id, n, delta, constants?.length ?? 0, prior.scales));
  const inverted = id === 'maurer' || id === 'kl-exact' || id === 'langford-seeger';
  return inverted
    ? recomputeKlInverse(interval(upper), rate)
    : toNumberUp(recomputeFormula(id, interval(upper), rate, parameter ?? 0));
}
