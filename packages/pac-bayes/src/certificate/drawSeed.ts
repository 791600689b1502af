import { textDigest } from '@hyperribbon/contract/digest';
import { canonicalJson } from './canonicalJson.js';
import type { DrawnRisk, DrawPlan } from './certificate.js';

/** What the draws of a certificate are for, part of their streams' names. */
export const drawPurpose = 'certify';
/** Of the draws that a verifier makes, with a seed of its own. */
export const freshPurpose = 'verify';

/**
 * The seed of the draws that certify a posterior: 52 bits of SHA-256 of the posterior's own digests and of how it is drawn from. Nobody picks it,
 * another posterior has other draws, and so has the same one drawn from otherwise. An issuer who tries many posteriors still sees many
 * draws: that is what a verifier's fresh draws are for.
 *
 * @param weights digests of all arrays, as in the certificate; those of the prior do not count: draws know nothing of it
 * @returns whole number in [0, 2^52)
 * @example
 * const draws = { scheme: 'per-example', passes: 2, trials: 20, batchSize: 10, dtype: 'float32', noise: 'local' };
 * drawSeed([{ name: 'posterior.mean', digest: 'sha256:…' }], draws); // 575548480507722
 */
export function drawSeed(
  weights: readonly { readonly name: string; readonly digest: string }[],
  { scheme, passes, trials, batchSize, dtype, noise }: Pick<DrawnRisk, 'scheme' | 'passes' | 'trials'> & DrawPlan,
): number {
  const posterior = weights
    .filter(({ name }) => !name.startsWith('prior.'))
    .map(({ name, digest }) => [name, digest] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const named = { draws: 3, posterior, scheme, passes, trials, batchSize, dtype, noise };
  return Number.parseInt(textDigest(canonicalJson(named)).slice('sha256:'.length).slice(0, 13), 16);
}
