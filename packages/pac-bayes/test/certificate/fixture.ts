import {
  analyticBound,
  certificateDigest,
  dataSplit,
  gridVariance,
  issueCertificate,
  type Certificate,
  type CertificateArguments,
  type DataSplit,
} from '@hyperribbon/pac-bayes';

const digit = (c: string): string => `sha256:${c.repeat(64)}`;

/** 60,000 rows cut into a half for the prior, a half for the bound. */
export const splits: readonly DataSplit[] = [
  dataSplit({ name: 'prior', dataset: 'set', digest: digit('a'), indices: { kind: 'ranges', ranges: [[0, 30000]] } }),
  dataSplit({
    name: 'bound',
    dataset: 'set',
    digest: digit('b'),
    indices: { kind: 'ranges', ranges: [[30000, 60000]] },
  }),
  dataSplit({ name: 'all', dataset: 'set', digest: digit('c'), indices: { kind: 'ranges', ranges: [[0, 60000]] } }),
];

const grid = { b: 10, c: 0.1 };

/** A learnt prior on half the data, a Kronecker posterior, every example with draws of its own. */
export const request: CertificateArguments = {
  theorem: 'maurer',
  delta: 0.025,
  constants: [0.5, 1, 2],
  loss: { kind: 'zero-one', description: '0-1 error' },
  risk: { kind: 'drawn', scheme: 'per-example', passes: 20, errors: 12000, delta: 0.01, seed: 3, purpose: 'certify' },
  divergence: {
    family: 'gaussian-kronecker',
    dimension: 1200,
    orthonormality: 1e-13,
    parts: [
      { name: 'W1', dimension: 1000, covariance: 15.25, displacement: 60.5 },
      { name: 'b1', dimension: 200, covariance: 4.75, displacement: 19.5 },
    ],
  },
  prior: {
    mean: { description: 'trained on the first half', saw: ['prior'] },
    basis: { description: 'factors of the first half', saw: ['prior'] },
    scales: [{ kind: 'grid', name: 'lambda', value: gridVariance(30, grid), index: 30, ...grid, as: 'variance' }],
  },
  posterior: { description: 'trained on everything', saw: ['prior', 'bound'], weights: [] },
  data: { splits, bound: 'bound' },
  chance: 0.9,
  kernels: { flavour: 'deterministic', engine: 'wasm' },
};

/** The analytic bound of a Hessian spectrum, all of whose ingredients are in the record. */
export function analyticCertificate(): { certificate: Certificate; bound: ReturnType<typeof analyticBound> } {
  const eigenvalues = Array.from({ length: 40 }, (_, i) => 2 * 0.75 ** i);
  const spectrum = { eigenvalues, dimension: 1000, displacementSquared: 4, n: 30000, orthonormality: 1e-6 };
  const bound = analyticBound({ ...spectrum, certificate: { j: 20, mean: 0.05, draws: 2000 } });
  const { best, grid: scale } = bound;
  const certificate = issueCertificate({
    ...request,
    theorem: 'langford-seeger',
    risk: {
      kind: 'drawn',
      scheme: 'whole-sample',
      passes: 2000,
      mean: 0.05,
      method: 'kl-inverse',
      delta: 0.01,
      seed: 3,
      purpose: 'certify',
    },
    divergence: {
      family: 'gaussian-low-rank',
      dimension: 1000,
      covariance: best!.klCovariance,
      displacement: best!.klDisplacement,
      orthonormality: 1e-6,
      analytic: { eigenvalues, displacementSquared: 4, precision: best!.precision, convention: bound.convention },
    },
    prior: {
      mean: { description: 'random initialisation', saw: [] },
      scales: [
        { kind: 'grid', name: 'eps', value: best!.precision, index: 20, b: scale.b, c: scale.c, as: 'precision' },
      ],
    },
  });
  return { certificate, bound };
}

/** Anything goes: edits are wrong on purpose. */
// oxlint-disable-next-line no-explicit-any
export type Draft = Record<string, any>;

/** A copy that was edited, with its digest made anew: what somebody would do who knows how. */
export function forge(certificate: Certificate, edit: (draft: Draft) => void): Certificate {
  const draft = structuredClone(certificate) as unknown as Draft;
  edit(draft);
  const changed = draft as unknown as Certificate;
  return { ...changed, digest: certificateDigest(changed) };
}
