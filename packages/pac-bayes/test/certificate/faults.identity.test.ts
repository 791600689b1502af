// Oracle: a list of ways to be wrong. Each edit keeps the digest consistent, as somebody would who knows how; each must be refused,
// and for the right reason. T1 to T18 are traps that codes with published numbers fell into.
import {
  analyticPosterior,
  binaryKl,
  issueCertificate,
  verifyCertificate,
  type Certificate,
  type ReasonCode,
} from '@hyperribbon/pac-bayes';
import { describe, expect, it } from 'vitest';
import { analyticCertificate, forge, request, type Draft } from './fixture.js';

const learnt = issueCertificate(request);
const { certificate: analytic, bound } = analyticCertificate();
const catoni = issueCertificate({ ...request, theorem: 'catoni' });
const wholeSample = issueCertificate({
  ...request,
  risk: { kind: 'drawn', scheme: 'whole-sample', passes: 150, mean: 0.03, delta: 0.01, seed: 1, purpose: 'c' },
});

/** The bound that follows from an edited rate, as the author of the edit would compute it: plain bisection. */
function invert(q: number, c: number): number {
  let [low, high] = [q, 1];
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (binaryKl(q, middle) >= c) high = middle;
    else low = middle;
  }
  return high;
}

/** Follows an edit through to the claim, so that only the edit itself is wrong. */
function carryThrough(draft: Draft): void {
  const { theorem, divergence, risk, claim } = draft;
  theorem.rate =
    ((divergence.kl + theorem.penalty) / (theorem.id === 'langford-seeger' ? theorem.n - 1 : theorem.n)) * (1 + 1e-15);
  claim.bound = invert(risk.upper, theorem.rate) * (1 + 1e-14);
  claim.text = `With probability at least ${claim.confidence}, the true error of the random classifier is at most ${claim.bound}.`;
}

type Fault = [name: string, of: Certificate, edit: (draft: Draft) => void, codes: readonly ReasonCode[]];

const traps: readonly Fault[] = [
  [
    'T1: delta multiplied where it must divide',
    learnt,
    (d) => {
      d.theorem.penalty += 2 * Math.log(0.025);
      carryThrough(d);
    },
    ['penalty', 'rate', 'bound-too-small'],
  ],
  [
    'T2: the mean of the draws as if it were exact',
    wholeSample,
    (d) => {
      d.risk.upper = d.risk.mean;
      carryThrough(d);
    },
    ['risk-limit'],
  ],
  [
    'T2: 150 draws of whole networks counted as 150 n trials',
    wholeSample,
    (d) => {
      d.risk.units = d.risk.trials;
      d.risk.upper = invert(0.03, Math.log(100) / d.risk.trials) * (1 + 1e-14);
      carryThrough(d);
    },
    ['draw-account'],
  ],
  [
    'T3: a scale that was optimised and not rounded to its grid',
    learnt,
    (d) => {
      d.prior.scales[0].value *= 1.03;
    },
    ['scale-off-grid'],
  ],
  [
    'T3: the price of the grid collapses as the scale nears its end',
    learnt,
    (d) => {
      d.prior.scales[0].index = 1;
      carryThrough(d);
    },
    ['scale-off-grid', 'penalty'],
  ],
  [
    'T10: eigenvectors of a symmetric matrix from a solver for general ones',
    learnt,
    (d) => {
      d.divergence.orthonormality = 3e-3;
    },
    ['basis-not-orthonormal'],
  ],
  [
    'T10: a rotated basis that nobody measured',
    learnt,
    (d) => {
      d.divergence.orthonormality = null;
    },
    ['basis-not-orthonormal'],
  ],
  [
    'T15: posterior variances that grow with the eigenvalue',
    analytic,
    (d) => {
      const { precision, eigenvalues } = d.divergence.analytic;
      // variance (eps + 2(n-1) lambda)/eps^2 instead of 1/(eps + 2(n-1) lambda): 1/2 sum [r - 1 - ln r]
      const r = eigenvalues.map((l: number) => (precision + 2 * 29999 * l) / precision);
      d.divergence.covariance = r.reduce((s: number, x: number) => s + (x - 1 - Math.log(x)) / 2, 0);
      d.divergence.kl = d.divergence.covariance + d.divergence.displacement;
      carryThrough(d);
    },
    ['divergence-differs'],
  ],
  [
    'T18: n of the whole data set though the prior was learnt on half of it',
    learnt,
    (d) => {
      d.theorem.n = 60000;
      d.theorem.penalty += Math.log(2) / 2;
      carryThrough(d);
    },
    ['examples'],
  ],
  [
    'T18: the bound split grown over the examples the prior saw',
    learnt,
    (d) => {
      d.data.splits[1].indices.ranges = [[0, 60000]];
      d.data.splits[1].count = 60000;
    },
    ['prior-overlap', 'examples'],
  ],
];

const tampering: readonly Fault[] = [
  ['a ledger that does not sum up', learnt, (d) => void (d.claim.delta = 0.03), ['delta-sum']],
  ['a confidence that was not left', learnt, (d) => void (d.claim.confidence = 0.99), ['delta-sum']],
  ['draws that spent nothing', learnt, (d) => void d.deltas.pop(), ['delta-sum', 'delta-ledger']],
  [
    'a delta spent twice under one name',
    learnt,
    (d) => {
      d.deltas[1].delta = 0.005;
      d.claim.delta = 0.03;
      d.claim.confidence = 0.97;
    },
    ['delta-ledger'],
  ],
  ['delta outside (0, 1)', learnt, (d) => void (d.theorem.delta = -0.025), ['out-of-range']],
  [
    'a bound below its ingredients by one part in 10^12',
    learnt,
    (d) => void (d.claim.bound *= 1 - 1e-12),
    ['bound-too-small'],
  ],
  ['a bound that its ingredients do not give', learnt, (d) => void (d.claim.bound = 0.2), ['bound-too-large']],
  ['a smaller rate', learnt, (d) => void (d.theorem.rate *= 0.9), ['rate']],
  ['a KL below its parts', learnt, (d) => void (d.divergence.kl -= 1), ['divergence-parts']],
  ['parts that are not the whole', learnt, (d) => void (d.divergence.parts[0].covariance += 1), ['divergence-parts']],
  ['a part left out', learnt, (d) => void d.divergence.parts.pop(), ['divergence-parts']],
  ['a negative KL', learnt, (d) => void (d.divergence.kl = -1), ['out-of-range']],
  ['a clamped probability of the 0-1 loss', learnt, (d) => void (d.risk.loss.clamp = 0.5), ['out-of-range']],
  ['a risk below 0', wholeSample, (d) => void (d.risk.mean = -0.1), ['out-of-range']],
  ['more passes than trials', learnt, (d) => void (d.risk.passes = 2000), ['draw-account']],
  ['errors that are not the mean', learnt, (d) => void (d.risk.errors = 100), ['draw-account']],
  [
    'per-example draws made of whole-sample ones',
    wholeSample,
    (d) => void (d.risk.scheme = 'per-example'),
    ['draw-account'],
  ],
  ['many candidates at the price of one', learnt, (d) => void (d.risk.selection.candidates = 60), ['draw-account']],
  [
    'the binomial limit for draws of whole networks',
    wholeSample,
    (d) => void (d.risk.method = 'binomial'),
    ['draw-account'],
  ],
  [
    'a limit by one sided test from a two-sided price',
    analytic,
    (d) => void (d.risk.method = 'chernoff'),
    ['risk-limit'],
  ],
  ['a missing assumption', learnt, (d) => void d.assumptions.shift(), ['assumptions']],
  [
    'a weaker wording of an assumption',
    learnt,
    (d) => void (d.assumptions[0].text = 'The examples are examples.'),
    ['assumptions'],
  ],
  ['a claim in other words', learnt, (d) => void (d.claim.text = 'The error is at most 1 %.'), ['text']],
  ['another name for the theorem', learnt, (d) => void (d.theorem.source = '[nobody2030]'), ['text']],
  ['a vacuous bound that hides it', learnt, (d) => void (d.claim.chance = 0.02), ['vacuous']],
  ['a prior basis that saw the bound split', learnt, (d) => void (d.prior.basis.saw = ['bound']), ['prior-overlap']],
  ['a split that is not listed', learnt, (d) => void (d.prior.mean.saw = ['secret']), ['splits']],
  ['a count that is not that of the indices', learnt, (d) => void (d.data.splits[1].count = 40000), ['examples']],
  [
    'one set of examples under two names',
    learnt,
    (d) => {
      d.data.splits[0].digest = d.data.splits[1].digest;
      d.data.splits[0].dataset = 'another';
    },
    ['prior-overlap'],
  ],
  ['a constant of Catoni that was not paid for', catoni, (d) => void (d.theorem.parameter = 1.3), ['theorem']],
  [
    'constants of Catoni dropped after the choice',
    catoni,
    (d) => void (d.theorem.constants = [d.theorem.parameter]),
    ['penalty'],
  ],
  [
    'a theorem with n below its hypotheses',
    learnt,
    (d) => {
      d.theorem.n = 7;
      d.data.splits[1].count = 7;
      d.data.splits[1].indices.ranges = [[30000, 30007]];
    },
    ['theorem'],
  ],
  [
    'a flatter spectrum than the divergence was computed from',
    analytic,
    (d) => void (d.divergence.analytic.eigenvalues[0] *= 2),
    ['divergence-differs'],
  ],
  [
    'a prior precision that is no member of its grid',
    analytic,
    (d) => void (d.divergence.analytic.precision *= 0.9),
    ['scale-off-grid'],
  ],
  [
    'bases less orthonormal than paid for',
    analytic,
    (d) => void (d.divergence.orthonormality = 1e-4),
    ['divergence-differs'],
  ],
];

describe('before any edit', () => {
  it('every certificate here is valid, and forging nothing changes nothing', async () => {
    for (const certificate of [learnt, analytic, catoni, wholeSample]) {
      expect((await verifyCertificate(forge(certificate, () => {}))).reasons).toEqual([]);
      const carried = certificate.theorem.id === 'catoni' ? certificate : forge(certificate, carryThrough);
      // bisection in doubles is not what was issued, to the last digit, which is all that is told
      const told = (await verifyCertificate(carried)).reasons.map(({ code, message }) => [code, message]);
      for (const [code, message] of told) {
        expect(code).toBe('reissue');
        const [ours, theirs] = [...message.matchAll(/(?<=is |says |at most )0\.[0-9]+/g)].map(([digits]) =>
          Number(digits),
        );
        expect(Math.abs(ours / theirs - 1)).toBeLessThan(1e-13);
      }
    }
  });
});

describe.each([
  ['trap', traps],
  ['tampering', tampering],
])('%s', (_kind, faults) => {
  it.each(faults)('%s', async (_name, certificate, edit, codes) => {
    const { verdict, reasons } = await verifyCertificate(JSON.stringify(forge(certificate, edit)));
    expect(verdict).toBe('refused');
    for (const code of codes) expect(reasons.map((reason) => reason.code)).toContain(code);
    expect(reasons.every(({ message, path }) => message.length > 10 && path.startsWith('$'))).toBe(true);
  });
});

describe('the numbers of the second implementation', () => {
  it('rest on the ingredients, not on recorded results: a wrong penalty carried through to the claim leaves them as they were', async () => {
    const [, , edit] = traps[0];
    const { recomputed } = await verifyCertificate(forge(learnt, edit));
    expect(Math.abs(recomputed.bound! - learnt.claim.bound)).toBeLessThanOrEqual(1e-13);
    expect(Math.abs(recomputed.rate! - learnt.theorem.rate)).toBeLessThanOrEqual(1e-15);
    expect(Math.abs(recomputed.penalty! - learnt.theorem.penalty)).toBeLessThanOrEqual(1e-13);
  });
});

describe('an edit without a new digest', () => {
  it('is seen by the digest alone, whatever it changed', async () => {
    const edited = { ...learnt, caveats: ['checked by an expert'] };
    expect((await verifyCertificate(edited)).reasons.map(({ code }) => code)).toEqual(['digest']);
  });
});

describe('T15 in the code itself', () => {
  it('posterior deviations shrink where the curvature grows, and the certificate has that KL', () => {
    const { directionPrecisions, kl } = analyticPosterior({
      eigenvalues: analytic.divergence.analytic!.eigenvalues,
      displacementSquared: 4,
      n: 30000,
      precision: bound.best!.precision,
      orthonormality: 1e-6,
    });
    for (let i = 1; i < directionPrecisions.length; i++)
      expect(directionPrecisions[i]).toBeLessThan(directionPrecisions[i - 1]);
    expect(analytic.divergence.kl).toBe(kl);
  });
});
