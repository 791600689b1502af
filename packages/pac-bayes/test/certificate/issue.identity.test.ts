import { readFileSync } from 'node:fs';
import {
  AssumptionError,
  catoniBound,
  certificateDigest,
  CertificateError,
  dataSplit,
  drawAccount,
  gridPrice,
  issueCertificate,
  klBound,
  mcAllesterBound,
  monteCarloLimit,
  parseCertificate,
  PriorOverlapError,
  quadraticBound,
  sharedExamples,
  thiemannBound,
  verifyCertificate,
  type CertificateArguments,
  type CertificateTheorem,
} from '@hyperribbon/pac-bayes';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/certificate/canonicalJson.js';
import { version } from '../../src/version.js';
import { analyticCertificate, request, splits } from './fixture.js';

const theorems: readonly CertificateTheorem[] = [
  'maurer',
  'kl-exact',
  'langford-seeger',
  'mcallester',
  'catoni',
  'thiemann',
  'quadratic',
];

describe('a certificate', () => {
  const monteCarlo = monteCarloLimit({ errors: 12000, trials: 600000 }, 0.01);
  const args = {
    empirical: monteCarlo,
    kl: issueCertificate(request).divergence.kl,
    n: 30000,
    delta: 0.025,
    union: gridPrice([30]),
  };
  const values: Record<CertificateTheorem, number> = {
    maurer: klBound(args).value,
    'kl-exact': klBound({ ...args, theorem: 'kl-exact' }).value,
    'langford-seeger': klBound({ ...args, theorem: 'langford-seeger' }).value,
    mcallester: mcAllesterBound(args).value,
    catoni: catoniBound({ ...args, constant: [0.5, 1, 2] }).value,
    thiemann: thiemannBound(args).value,
    quadratic: quadraticBound(args).value,
  };
  it.each(theorems)('claims what %s gives, and the second implementation agrees', async (theorem) => {
    const certificate = issueCertificate({ ...request, theorem });
    expect(certificate.claim.bound).toBe(values[theorem]);
    const { verdict, reasons, recomputed } = await verifyCertificate(JSON.stringify(certificate));
    expect(reasons).toEqual([]);
    expect(verdict).toBe('incomplete');
    expect(Math.abs(recomputed.bound! - certificate.claim.bound)).toBeLessThanOrEqual(1e-13 * certificate.claim.bound);
    expect(recomputed.bound!).toBeLessThanOrEqual(certificate.claim.bound);
  });
  it.each<[string, CertificateArguments['risk'], Partial<CertificateArguments>]>([
    [
      'whole-sample draws',
      { kind: 'drawn', scheme: 'whole-sample', passes: 150, mean: 0.03, delta: 0.01, seed: 1, purpose: 'c' },
      {},
    ],
    [
      'random subsets',
      {
        kind: 'drawn',
        scheme: 'random-subset',
        passes: 500,
        examplesPerDraw: 100,
        errors: 900,
        delta: 0.01,
        seed: 1,
        purpose: 'c',
      },
      {},
    ],
    [
      'mini-batches',
      { kind: 'drawn', scheme: 'per-group', groups: 60, passes: 50, errors: 45000, delta: 0.01, seed: 1, purpose: 'c' },
      {},
    ],
    [
      'a divided delta',
      {
        kind: 'drawn',
        scheme: 'per-example',
        passes: 1,
        errors: 700,
        delta: 0.01,
        seed: 1,
        purpose: 'c',
        selection: { kind: 'divided', candidates: 7 },
      },
      {},
    ],
    [
      'no errors',
      { kind: 'drawn', scheme: 'per-example', passes: 1, errors: 0, delta: 0.01, seed: 1, purpose: 'c' },
      {},
    ],
    [
      'nothing but errors',
      { kind: 'drawn', scheme: 'per-example', passes: 1, errors: 30000, delta: 0.01, seed: 1, purpose: 'c' },
      {},
    ],
    ['an exact risk', { kind: 'exact', value: 0.04, how: 'one deterministic classifier' }, {}],
    [
      'a clamped loss',
      { kind: 'drawn', scheme: 'per-example', passes: 9, mean: 0.017, delta: 0.01, seed: 1, purpose: 'c' },
      { loss: { kind: 'bounded', description: 'clamped cross-entropy', clamp: 1e-5 } },
    ],
    [
      'a listed scale',
      { kind: 'exact', value: 0.04, how: 'closed form' },
      {
        prior: {
          mean: { description: '0', saw: [] },
          scales: [{ kind: 'listed', name: 's', value: 0.1, members: [0.01, 0.1, 1] }],
        },
      },
    ],
    [
      'two grids and a fixed scale',
      { kind: 'exact', value: 0.04, how: 'closed form' },
      {
        prior: {
          mean: { description: '0', saw: [] },
          scales: [
            ...request.prior.scales,
            ...request.prior.scales,
            { kind: 'fixed', name: 's', value: 2, saw: ['prior'] },
          ],
        },
      },
    ],
  ])('of %s is valid', async (_name, risk, more) => {
    const { reasons } = await verifyCertificate(issueCertificate({ ...request, ...more, risk }));
    expect(reasons).toEqual([]);
  });
  it('of the analytic bound claims the very number of the report, and its KL is recomputed from the spectrum', async () => {
    const { certificate, bound } = analyticCertificate();
    expect(certificate.claim.bound).toBe(bound.best!.value);
    expect(certificate.claim.confidence).toBe(bound.best!.confidence);
    expect((await verifyCertificate(certificate)).reasons).toEqual([]);
  });
  it('spends what was asked for: every delta in the ledger, their sum in the claim', () => {
    const { deltas, claim } = issueCertificate(request);
    expect(deltas.map(({ purpose, delta }) => [purpose, delta])).toEqual([
      ['inequality', 0.025],
      ['draws', 0.01],
    ]);
    expect([claim.delta, claim.confidence]).toEqual([0.035, 0.965]);
  });
  it('takes n from the bound split', () => {
    expect(issueCertificate(request).theorem.n).toBe(30000);
    expect(() => issueCertificate({ ...request, data: { splits, bound: 'nowhere' } })).toThrow(/bound split/);
  });
  it('has one digest whatever the order of its keys, and another one for another number', () => {
    const certificate = issueCertificate(request);
    const turned = Object.fromEntries(Object.entries(certificate).toReversed()) as unknown as typeof certificate;
    expect(certificateDigest(turned)).toBe(certificate.digest);
    expect(certificateDigest({ ...certificate, caveats: ['x'] })).not.toBe(certificate.digest);
  });
  it('survives JSON and its own parser', () => {
    const certificate = issueCertificate(request);
    expect(parseCertificate(JSON.stringify(certificate))).toEqual(certificate);
    expect(parseCertificate(new TextEncoder().encode(JSON.stringify(certificate, null, 2)))).toEqual(certificate);
  });
  it('keeps a command line that holds anything, in characters that can be seen', () => {
    const { software } = issueCertificate({ ...request, command: `run\n\u001b[31m${'x'.repeat(5000)}` });
    expect(software.command).toMatch(/^run\?\?\[31mx+$/);
    expect(software.command!.length).toBe(4000);
  });
  it('says when it says nothing', async () => {
    const vacuous = issueCertificate({ ...request, chance: 0.03 });
    expect(vacuous.claim.vacuous).toBe(true);
    expect(vacuous.claim.text).toMatch(/vacuous/);
    expect((await verifyCertificate(vacuous)).verdict).toBe('incomplete');
  });
  it('carries the version of package.json', () => {
    const { version: published } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(version).toBe(published);
    expect(issueCertificate(request).software.version).toBe(published);
  });
});

describe('a prior that saw the examples of the bound', () => {
  const seen = { description: 'trained on everything', saw: ['all'] };
  it.each<[string, CertificateArguments['prior'], string, number]>([
    ['its mean', { ...request.prior, mean: seen }, 'prior mean', 30000],
    ['its basis', { ...request.prior, basis: { description: 'Fisher', saw: ['bound'] } }, 'prior basis', 30000],
    [
      'a fixed scale',
      { ...request.prior, scales: [{ kind: 'fixed', name: 's', value: 1, saw: ['prior', 'all'] }] },
      'prior scale "s"',
      30000,
    ],
  ])('is refused for %s, naming split and overlap', (_name, prior, part, shared) => {
    let caught: unknown;
    try {
      issueCertificate({ ...request, prior });
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(PriorOverlapError);
    expect(caught).toBeInstanceOf(AssumptionError);
    const overlap = caught as PriorOverlapError;
    expect([overlap.theorem, overlap.part, overlap.shared]).toEqual(['maurer', part, shared]);
    expect(overlap.message).toContain('shares 30000 of 30000 examples with split "bound"');
  });
  it('may choose a scale on a grid by them, because the grid is paid for', () => {
    expect(issueCertificate(request).theorem.penalty).toBeGreaterThan(
      issueCertificate({ ...request, prior: { ...request.prior, scales: [] } }).theorem.penalty + 7,
    );
  });
});

describe('shared examples of two splits', () => {
  const of = (
    name: string,
    indices: Parameters<typeof dataSplit>[0]['indices'],
    dataset = 'set',
  ): ReturnType<typeof dataSplit> => dataSplit({ name, dataset, digest: name, indices });
  const order = { kind: 'permutation', seed: 4, purpose: 'split', index: 0, of: 100 } as const;
  const first = of('first', { ...order, from: 0, to: 60 });
  it('are counted for ranges, for parts of one order, and across kinds row by row', () => {
    const ranges = of('r', {
      kind: 'ranges',
      ranges: [
        [0, 10],
        [20, 30],
      ],
    });
    expect(sharedExamples(ranges, of('s', { kind: 'ranges', ranges: [[5, 25]] }))).toBe(10);
    expect(sharedExamples(first, of('rest', { ...order, from: 60, to: 100 }))).toBe(0);
    expect(sharedExamples(first, of('more', { ...order, from: 50, to: 100 }))).toBe(10);
    expect(sharedExamples(first, of('whole', { kind: 'ranges', ranges: [[0, 100]] }))).toBe(60);
    const other = of('other', { ...order, seed: 5, from: 0, to: 60 });
    expect(sharedExamples(first, other)).toBe(sharedExamples(other, first));
    expect(sharedExamples(first, other)).toBeGreaterThanOrEqual(20);
  });
  it('are all of them if the content is the same under another name, none in another data set', () => {
    expect(sharedExamples(first, { ...first, name: 'x', dataset: 'copy' })).toBe(60);
    expect(sharedExamples(first, of('elsewhere', { kind: 'ranges', ranges: [[0, 100]] }, 'other set'))).toBe(0);
  });
  it('an assumption is stated where splits come from different data sets', () => {
    const foreign = dataSplit({
      name: 'prior',
      dataset: 'other',
      digest: 'x',
      indices: { kind: 'ranges', ranges: [[0, 5]] },
    });
    const ids = (data: CertificateArguments['data']): string[] =>
      issueCertificate({ ...request, posterior: { ...request.posterior, saw: [] }, data }).assumptions.map(
        ({ id }) => id,
      );
    expect(ids({ splits: [foreign, splits[1]], bound: 'bound' })).toContain('distinct-sources');
    expect(ids({ splits, bound: 'bound' })).not.toContain('distinct-sources');
  });
  it.each<[string, Parameters<typeof dataSplit>[0]['indices'], RegExp]>([
    ['no ranges', { kind: 'ranges', ranges: [] }, /must not be empty/],
    [
      'ranges that overlap',
      {
        kind: 'ranges',
        ranges: [
          [0, 5],
          [4, 8],
        ],
      },
      /sorted, disjoint/,
    ],
    ['an empty range', { kind: 'ranges', ranges: [[5, 5]] }, /sorted, disjoint/],
    ['a part beyond the order', { ...order, from: 0, to: 101 }, /<= 100/],
  ])('%s are refused', (_name, indices, message) => expect(() => of('x', indices)).toThrow(message));
});

describe('draws', () => {
  it('count by how they met the examples', () => {
    expect(drawAccount({ scheme: 'whole-sample', n: 100, passes: 7 })).toEqual({ groups: 1, units: 7, trials: 700 });
    expect(drawAccount({ scheme: 'random-subset', n: 100, passes: 7, examplesPerDraw: 9 })).toEqual({
      groups: 1,
      units: 7,
      trials: 63,
    });
    expect(drawAccount({ scheme: 'per-group', n: 100, passes: 7, groups: 20 })).toEqual({
      groups: 20,
      units: 140,
      trials: 700,
    });
    expect(drawAccount({ scheme: 'per-example', n: 100, passes: 7 })).toEqual({ groups: 100, units: 700, trials: 700 });
  });
  it.each<[string, Partial<Parameters<typeof drawAccount>[0]>, RegExp]>([
    ['groups of unequal size', { scheme: 'per-group', groups: 33 }, /equal size/],
    ['groups of whole-sample draws', { groups: 2 }, /no groups/],
    ['part of the examples without saying so', { examplesPerDraw: 50 }, /all n=100/],
    ['no passes', { passes: 0 }, /passes >= 1/],
  ])('refuse %s', (_name, change, message) => {
    expect(() => drawAccount({ scheme: 'whole-sample', n: 100, passes: 7, ...change })).toThrow(message);
  });
});

describe('what no certificate is issued for', () => {
  const { risk } = request as { risk: Extract<CertificateArguments['risk'], { kind: 'drawn' }> };
  it.each<[string, Partial<CertificateArguments>, RegExp]>([
    ['delta outside (0, 1)', { delta: 1.5 }, /delta in \(0, 1\)/],
    ['deltas that sum to 1', { delta: 0.995 }, /less than 1/],
    ['a loss outside [0, 1]', { risk: { kind: 'exact', value: 1.01, how: '' } }, /\[0, 1\]/],
    ['a NaN mean', { risk: { ...risk, errors: undefined as never, mean: NaN } }, /\[0, 1\]|neither/],
    ['more errors than trials', { risk: { ...risk, errors: 600001 } }, /trials/],
    ['errors of a loss that is not 0-1', { loss: { kind: 'bounded', description: 'x' } }, /0-1 loss/],
    [
      'a binomial limit for whole-sample draws',
      { risk: { ...risk, scheme: 'whole-sample', method: 'binomial' } },
      /single 0-1 trials/,
    ],
    [
      'candidates without a divided delta',
      { risk: { ...risk, selection: { kind: 'fixed', candidates: 3 } } },
      /candidates/,
    ],
    [
      'a negative KL',
      { divergence: { ...request.divergence, parts: [{ name: 'W', dimension: 1, covariance: -1, displacement: 3 }] } },
      /finite covariance/,
    ],
    ['a KL that is not its parts', { divergence: { ...request.divergence, kl: 101 } }, /sum of its parts/],
    [
      'a scale off its grid',
      { prior: { ...request.prior, scales: [{ ...request.prior.scales[0], value: 0.005 } as never] } },
      /not on its grid/,
    ],
    [
      'a scale off its list',
      { prior: { ...request.prior, scales: [{ kind: 'listed', name: 's', value: 3, members: [1, 2] }] } },
      /not among/,
    ],
    ['a split that nobody knows', { posterior: { ...request.posterior, saw: ['test'] } }, /"test" is not among/],
    ['two splits of one name', { data: { splits: [...splits, splits[0]], bound: 'bound' } }, /listed twice/],
    [
      'a prior without positive scale',
      { prior: { ...request.prior, scales: [{ kind: 'fixed', name: 's', value: 0, saw: [] }] } },
      /finite s > 0/,
    ],
    ['Catoni without constants', { theorem: 'catoni', constants: [] }, /number of constants/],
    ['text that a terminal would obey', { caveats: ['\u001b[2J'] }, /invisible/],
  ])('%s', (_name, change, message) => expect(() => issueCertificate({ ...request, ...change })).toThrow(message));
  it('n below what the theorem needs', () => {
    const few = [
      dataSplit({ name: 'bound', dataset: 's', digest: 'x', indices: { kind: 'ranges', ranges: [[0, 7]] } }),
    ];
    const small = {
      ...request,
      prior: { mean: { description: '', saw: [] }, scales: [] },
      posterior: { ...request.posterior, saw: [] },
    };
    const data = { splits: few, bound: 'bound' };
    const exact = { kind: 'exact', value: 0, how: 'x' } as const;
    expect(() => issueCertificate({ ...small, risk: exact, data })).toThrow(AssumptionError);
    expect(() => issueCertificate({ ...small, risk: exact, data })).toThrow(/maurer: needs integer n >= 8, got n=7/);
    expect(issueCertificate({ ...small, risk: exact, data, theorem: 'kl-exact' }).theorem.n).toBe(7);
  });
});

describe('the record as text', () => {
  it('canonical JSON sorts keys, leaves out what is undefined, and refuses what JSON lacks', () => {
    expect(canonicalJson({ b: [1, -0, 1e-7], a: { d: undefined, c: 'é"' } })).toBe('{"a":{"c":"é\\""},"b":[1,0,1e-7]}');
    expect(() => canonicalJson({ a: [NaN] })).toThrow('canonicalJson: $.a[0] must be finite, got NaN');
    expect(() => canonicalJson([undefined])).toThrow(/undefined/);
  });
  it('are checked before anything is believed of a text', () => {
    expect(() => parseCertificate('{}')).toThrow(CertificateError);
  });
});
