import { certificateDigest, issueCertificate, verifyCertificate } from '@hyperribbon/pac-bayes';
import { describe, expect, it } from 'vitest';
import { request } from './fixture.js';

describe('a certificate', () => {
  it('has no constants that nobody can recompute: not issued, and refused where they are forged', async () => {
    for (const [theorem, given] of [
      ['catoni', { constants: [1e-300] }],
      ['catoni', { constants: [1, 1e-60] }],
      ['thiemann', { lambda: 5e-324 }],
    ] as const)
      expect(() => issueCertificate({ ...request, theorem, ...given })).toThrow(
        /needs constants of at least 1e-12.*got constant=/u,
      );
    const honest = issueCertificate({ ...request, theorem: 'catoni' });
    const theorem = { ...honest.theorem, constants: [1e-300], parameter: 1e-300 };
    const forged = { ...honest, theorem };
    const { verdict, reasons } = await verifyCertificate({ ...forged, digest: certificateDigest(forged) });
    expect(verdict).toBe('refused');
    expect(reasons.map(({ code }) => code)).toContain('out-of-range');
    // a constant at the limit is honest, if useless
    const useless = issueCertificate({ ...request, theorem: 'catoni', constants: [1e-12] });
    expect(useless.claim.vacuous).toBe(true);
    expect((await verifyCertificate(useless)).reasons).toEqual([]);
  });

  it('takes what guessing costs from labels beside those of the bound', async () => {
    const beside = (chance: string) => issueCertificate({ ...request, data: { ...request.data, chance } });
    expect(beside('prior').data.chance).toBe('prior');
    expect((await verifyCertificate(beside('prior'))).reasons).toEqual([]);
    expect(() => beside('bound')).toThrow(
      /chance from labels beside.*shares 30000 of 30000 examples with split "bound"/u,
    );
    expect(() => beside('all')).toThrow(/shares 30000 of 30000/u);
    expect(() => beside('none')).toThrow(/"none" is not among the data splits/u);
    const forged = { ...beside('prior'), data: { ...beside('prior').data, chance: 'bound' } };
    const { reasons } = await verifyCertificate({ ...forged, digest: certificateDigest(forged) });
    expect(reasons.map(({ code }) => code)).toContain('chance-differs');
  });
});
