import { describe, expect, it } from 'vitest';
import {
  boundAtShare,
  dataSplit,
  issueCertificate,
  issueTestSetCertificate,
  type Certificate,
  type CertificateTheorem,
} from '@hyperribbon/pac-bayes';
import { request } from './fixture.js';

const theorems: readonly CertificateTheorem[] = [
  'maurer',
  'kl-exact',
  'langford-seeger',
  'mcallester',
  'catoni',
  'thiemann',
  'quadratic',
];
const drawn = request.risk as Extract<typeof request.risk, { kind: 'drawn' }>;
const issued = (share: number, theorem: CertificateTheorem, risk = drawn): Certificate =>
  issueCertificate({ ...request, theorem, delta: 0.025 * share, risk: { ...risk, delta: 0.01 * share } });

describe('boundAtShare', () => {
  it.each(theorems)(
    'of %s is what would be issued for that much of delta; the claim itself at a share of 1',
    (theorem) => {
      const whole = issued(1, theorem);
      expect(boundAtShare(whole, 1)).toBe(whole.claim.bound);
      let last = whole.claim.bound;
      for (const share of [1 / 2, 1 / 8, 6 / (Math.PI * 30) ** 2]) {
        // lambda of Thiemann is the one that was chosen before, which is valid for every delta
        const lambda = theorem === 'thiemann' ? { lambda: whole.theorem.parameter! } : {};
        const again = issueCertificate({
          ...request,
          ...lambda,
          theorem,
          delta: 0.025 * share,
          risk: { ...drawn, delta: 0.01 * share },
        });
        expect(boundAtShare(whole, share)).toBe(again.claim.bound);
        expect(boundAtShare(whole, share)).toBeGreaterThan(last);
        last = boundAtShare(whole, share);
      }
    },
  );

  it('pays for draws that were averaged, and leaves an exact risk as it is', () => {
    const averaged = { ...drawn, method: 'chernoff' as const };
    const whole = issued(1, 'maurer', averaged);
    expect(boundAtShare(whole, 1 / 3)).toBe(issued(1 / 3, 'maurer', averaged).claim.bound);
    const exact = { kind: 'exact' as const, value: 0.02, how: 'closed form' };
    const certain = issueCertificate({ ...request, risk: exact });
    expect(boundAtShare(certain, 1 / 3)).toBe(
      issueCertificate({ ...request, risk: exact, delta: 0.025 / 3 }).claim.bound,
    );
  });

  it('of a test set is the binomial limit at that much of delta', () => {
    const test = dataSplit({
      name: 'test',
      dataset: 's',
      digest: 'd',
      indices: { kind: 'ranges', ranges: [[0, 1000]] },
    });
    const at = (delta: number) =>
      issueTestSetCertificate({
        delta,
        errors: 12,
        loss: { kind: 'zero-one', description: '0-1 error' },
        classifier: { description: 'a network', saw: [], weights: [] },
        data: { splits: [test], test: 'test' },
      });
    expect(boundAtShare(at(0.035), 1 / 7)).toBe(at(0.035 / 7).claim.bound);
  });

  it('refuses shares that are none', () => {
    for (const share of [0, -1, 1.5, NaN])
      expect(() => boundAtShare(issued(1, 'maurer'), share)).toThrow(/share in \(0, 1\)/u);
  });
});
