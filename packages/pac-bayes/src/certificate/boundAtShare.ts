import { requireInside, requireThat } from '../assumptions.js';
import { monteCarloLimit } from '../limits/monteCarlo.js';
import { roundUp } from '../limits/rounding.js';
import { testSetBound } from '../theorems/testSetBound.js';
import type { Certificate, DrawnRisk, ExactRisk } from './certificate.js';
import { evaluate } from './issueCertificate.js';
import { parseTestSetCertificate } from './testSet/parseTestSetCertificate.js';
import type { TestSetCertificate } from './testSet/testSetCertificate.js';

/**
 * What a certificate would claim for a share of its failure probability: the same ingredients, every δ multiplied by it.
 *
 * A table of k certificates is k statements, each of which may fail; the smallest of them was chosen with the data. At a share of 1/k each, all hold
 * together with the probability that one claims, so that the reader may pick. At a share of 6/(π²j²) a certificate pays for having been the j-th of any
 * number that could have been made: then the data may have decided which.
 *
 * @param certificate of a random classifier (`parseCertificate`) or of a test set
 * @param share in (0, 1]
 * @returns the bound, rounded up; at a share of 1 the claim itself
 * @throws AssumptionError for a share outside (0, 1]
 * @example
 * const together = (certificates) => certificates.map((each) => boundAtShare(each, 1 / certificates.length));
 */
export function boundAtShare(certificate: Certificate | TestSetCertificate, share: number): number {
  if (share !== 1) requireInside('boundAtShare', 'share', share, 0, 1);
  if (isOfTestSet(certificate)) {
    const { risk, theorem, claim } = parseTestSetCertificate(certificate);
    const evidence = risk.errors === null ? { mean: risk.mean } : { errors: risk.errors };
    return testSetBound({ ...evidence, examples: theorem.m }, claim.delta * share).value;
  }
  const { theorem, divergence, prior } = certificate;
  const { id, n, delta, constants, parameter } = theorem;
  return evaluate(
    {
      theorem: id,
      delta: delta * share,
      prior,
      ...(constants === null ? {} : { constants }),
      ...(id === 'thiemann' && parameter !== null ? { lambda: parameter } : {}),
    },
    riskAt(certificate.risk, share),
    divergence,
    n,
  ).value;
}

function isOfTestSet(certificate: Certificate | TestSetCertificate): certificate is TestSetCertificate {
  return certificate.schema === 'hyperribbon/test-set-certificate';
}

/** The limit on the empirical risk at a share of the failure probability of its draws. */
function riskAt(risk: ExactRisk | DrawnRisk, share: number): ExactRisk | DrawnRisk {
  if (risk.kind === 'exact') return risk;
  const { errors, trials, mean, units, method } = risk;
  const delta = risk.delta * share;
  if (method === 'binomial') {
    requireThat(errors !== null, 'boundAtShare', 'errors for the binomial limit', 'errors', errors);
    return { ...risk, delta, upper: monteCarloLimit({ errors: errors!, trials }, delta).upper };
  }
  const rounded = errors === null ? mean : Math.min(1, roundUp(mean, 1));
  return { ...risk, delta, upper: monteCarloLimit({ mean: rounded, draws: units }, delta, { method }).upper };
}
