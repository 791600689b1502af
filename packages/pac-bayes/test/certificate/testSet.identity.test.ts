import { describe, expect, it } from 'vitest';
import {
  CertificateError,
  certificateDigest,
  dataSplit,
  issueTestSetCertificate,
  mistakesOfOneNetwork,
  testSetBound,
  verifyTestSetCertificate,
  weightsDigest,
  type TestSetCertificate,
  type TestSetCertificateArguments,
} from '@hyperribbon/pac-bayes';

const rows = (name: string, from: number, to: number, dataset = 'set') =>
  dataSplit({ name, dataset, digest: `sha256:${name}`, indices: { kind: 'ranges', ranges: [[from, to]] } });
const weights = { W1: Float32Array.of(1, 2, 3), b1: Float32Array.of(0) };

const request: TestSetCertificateArguments = {
  delta: 0.035,
  errors: 310,
  loss: { kind: 'zero-one', description: mistakesOfOneNetwork },
  classifier: {
    description: 'trained 25 epochs on split "prior"',
    saw: ['prior'],
    architecture: 'mlp:relu:2,1,2',
    weights: Object.entries(weights).map(([name, data]) => ({ name, digest: weightsDigest(data) })),
  },
  data: { splits: [rows('prior', 0, 30_000), rows('bound', 30_000, 60_000)], test: 'bound', chance: 'prior' },
  chance: 0.9,
  command: 'hyperribbon bound\u0007',
};

const everything = {
  data: { bound: 'sha256:bound', prior: 'sha256:prior' },
  weights,
  recounted: { errors: 310 },
  chance: 0.9,
};

type Editable<T> = T extends string | number | boolean ? T : { -readonly [K in keyof T]: Editable<T[K]> };

/** An edited record with a digest of its own, as whoever cheats would write it. */
function edited(change: (record: Editable<TestSetCertificate>) => void): unknown {
  const record = structuredClone(issueTestSetCertificate(request)) as Editable<TestSetCertificate>;
  change(record);
  record.digest = certificateDigest(record);
  return record;
}

function codes(change: (record: Editable<TestSetCertificate>) => void, given: object = everything): string[] {
  return verifyTestSetCertificate(edited(change), given).reasons.map(({ code }) => code);
}

describe('certificates of test sets', () => {
  const certificate = issueTestSetCertificate(request);

  it('claim the binomial limit of the count, with all of delta', () => {
    const { claim, theorem, risk } = certificate;
    expect(claim.bound).toBe(testSetBound({ errors: 310, examples: 30_000 }, 0.035).value);
    expect(claim.text).toBe(
      `With probability at least 0.965, the true error of this fixed classifier is at most ${claim.bound}.`,
    );
    expect([theorem.id, theorem.m, risk.mean, claim.vacuous]).toEqual(['binomial', 30_000, 310 / 30_000, false]);
    expect(certificate.software.command).toBe('hyperribbon bound?');
  });

  it('verify with everything given, and say what was not given', () => {
    const whole = verifyTestSetCertificate(JSON.stringify(certificate), everything);
    expect(whole).toMatchObject({ verdict: 'verified', reasons: [], unchecked: [] });
    const alone = verifyTestSetCertificate(certificate);
    expect(alone.verdict).toBe('incomplete');
    expect(alone.unchecked.length).toBe(5);
  });

  it('hold for means of other losses and at both ends', () => {
    const { errors: _, ...rest } = request;
    const bounded = { kind: 'bounded', description: 'squared error' } as const;
    for (const mean of [0, 0.01, 0.5, 1]) {
      const other = issueTestSetCertificate({ ...rest, mean, loss: bounded });
      expect(other.theorem.id).toBe('chernoff');
      expect(verifyTestSetCertificate(other, { ...everything, recounted: { mean } }).reasons).toEqual([]);
    }
    for (const errors of [0, 1, 15_000, 29_999, 30_000])
      for (const delta of [0.5, 0.01, 1e-200]) {
        const other = issueTestSetCertificate({ ...request, errors, delta });
        expect(verifyTestSetCertificate(other, { ...everything, recounted: { errors } }).reasons).toEqual([]);
      }
    const single = { splits: [rows('one', 0, 1)], test: 'one' };
    for (const errors of [0, 1]) {
      const one = issueTestSetCertificate({
        ...request,
        classifier: { ...request.classifier, saw: [] },
        errors,
        data: single,
      });
      expect(verifyTestSetCertificate(one).reasons).toEqual([]);
      expect(one.claim.vacuous).toBe(true);
    }
  });

  it('are refused where an edit changed what follows from the rest', () => {
    expect(codes((r) => (r.claim.bound *= 1 - 1e-6))).toEqual(['bound-too-small', 'text']);
    expect(codes((r) => (r.claim.bound *= 1 + 1e-6))).toEqual(['bound-too-large', 'text']);
    expect(codes((r) => (r.risk.errors = 250))).toContain('risk-limit');
    expect(
      codes((r) => {
        Object.assign(r.risk, { errors: 250, mean: 250 / 30_000 });
        Object.assign(r.claim, { bound: testSetBound({ errors: 250, examples: 30_000 }, 0.035).value });
        r.claim.text = r.claim.text.replace(/most .*\.$/, `most ${r.claim.bound}.`);
      }),
    ).toEqual(['count-differs']);
    expect(codes((r) => (r.theorem.m = 300_000))).toContain('examples');
    expect(codes((r) => (r.claim.delta = 0.05))).toContain('delta-sum');
    expect(codes((r) => (r.claim.chance = 1))).toContain('chance-differs');
    expect(codes((r) => (r.claim.vacuous = true))).toEqual(['vacuous']);
    expect(codes((r) => (r.risk.loss.clamp = 0.5))).toEqual(['out-of-range']);
    expect(codes((r) => r.assumptions.push(r.assumptions[0]))).toEqual(['assumptions']);
    expect(codes((r) => r.classifier.weights.push(r.classifier.weights[0]))).toEqual(['weights-differ']);
    expect(codes((r) => r.classifier.saw.push('prior'))).toEqual(['splits']);
    expect(codes((r) => (r.theorem.id = 'chernoff'))).toContain('theorem');
    expect(codes((r) => r.assumptions.splice(1, 1))).toEqual(['assumptions']);
    expect(codes((r) => (r.assumptions[0].text = 'Trust me.'))).toEqual(['assumptions']);
    expect(codes((r) => r.classifier.saw.push('bound'))).toEqual(['test-overlap']);
    expect(codes((r) => r.classifier.saw.push('nowhere'))).toEqual(['splits']);
    expect(codes((r) => (r.data.chance = 'bound'))).toEqual(['test-overlap']);
    expect(codes((r) => (r.data.splits[0].indices = { kind: 'ranges', ranges: [[0, 30_001]] }))).toContain(
      'test-overlap',
    );
    expect(codes((r) => (r.classifier.weights[0].digest = 'sha256:other'))).toEqual(['weights-differ']);
    expect(codes(() => {}, { data: { bound: 'sha256:other' } })).toEqual(['data-differs']);
    expect(codes((r) => (r.data.splits[0].digest = 'sha256:other'))).toEqual(['data-differs']);
    expect(codes((r) => (r.risk.loss.description = 'a tenth of the 0-1 error'))).toEqual(['loss-unknown']);
    expect(codes(() => {}, { recounted: { errors: 311 } })).toEqual(['count-differs']);
    const { reasons } = verifyTestSetCertificate({ ...certificate, caveats: ['added'] });
    expect(reasons.map(({ code }) => code)).toEqual(['digest']);
  });

  it('are none once a field is left out or misspelt: where there is nothing to say stands null', () => {
    const fields = (value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] =>
      typeof value !== 'object' || value === null
        ? []
        : Object.entries(value).flatMap(([key, part]) => [[...path, key], ...fields(part, [...path, key])]);
    const named = fields(certificate).filter((path) => Number.isNaN(Number(path.at(-1))) && path[0] !== 'digest');
    expect(named.length).toBeGreaterThan(40);
    for (const path of named) {
      const parentOf = (record: object): Record<string, unknown> => {
        let at = record as Record<string, unknown>;
        for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
        return at;
      };
      const key = String(path.at(-1));
      expect(() => codes((r) => void delete parentOf(r)[key]), path.join('.')).toThrow(CertificateError);
      const misspelt = (r: object): void => {
        const parent = parentOf(r);
        parent[`${key}s`] = parent[key];
        delete parent[key];
      };
      expect(() => codes(misspelt), path.join('.')).toThrow(CertificateError);
    }
  });

  it('are not issued for a classifier or a chance that met the test examples, nor for counts that are none', () => {
    const bad = (change: Partial<TestSetCertificateArguments>): TestSetCertificate =>
      issueTestSetCertificate({ ...request, ...change });
    expect(() => bad({ classifier: { ...request.classifier, saw: ['bound'] } })).toThrow(
      /shares 30000 of 30000 examples with split "bound"/,
    );
    expect(() => bad({ data: { ...request.data, chance: 'bound' } })).toThrow(/risk of guessing/);
    expect(() => bad({ errors: 30_001 })).toThrow(/errors at most examples=30000/);
    expect(() => bad({ mean: 0.1 })).toThrow(/both or neither/);
    expect(() => bad({ delta: 0.6 })).toThrow(/delta in \(0, 1\/2\]/);
    expect(() => bad({ loss: { kind: 'bounded', description: 'squared error' } })).toThrow(/squared error/);
    expect(() => bad({ data: { ...request.data, test: 'none' } })).toThrow(/must list "none" once/);
  });
});
