// Oracle: certificates that were issued when the format had version 1, as they were written.
import { readdirSync, readFileSync } from 'node:fs';
import { certificateDigest, issueCertificate, verifyCertificate, type Certificate } from '@hyperribbon/pac-bayes';
import { describe, expect, it } from 'vitest';
import { forge, request } from './fixture.js';

const folder = new URL('../../../../docs/studies/results/certificates/', import.meta.url);
const versionOf = (name: string): number =>
  (JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Certificate).version;
const kept = readdirSync(folder).filter((name) => name.endsWith('.json'));
const files = kept.filter((name) => versionOf(name) === 1);
const latest = kept.filter((name) => versionOf(name) === 3);

describe('versions of the format', () => {
  it('are three, and what is issued has the third', async () => {
    expect(files.length).toBeGreaterThan(5);
    expect(files.length + latest.length).toBe(kept.length);
    const issued = issueCertificate(request);
    expect(issued.version).toBe(3);
    expect((await verifyCertificate(JSON.stringify(issued))).verdict).toBe('incomplete');
  });
  it.each(files)('%s is of the first and holds', async (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const certificate = JSON.parse(text) as Certificate;
    const bound = certificate.data.splits.find((split) => split.name === certificate.data.bound)!;
    const { verdict, reasons, checked, unchecked } = await verifyCertificate(text, {
      data: { [bound.name]: bound.digest },
    });
    expect(reasons).toEqual([]);
    expect(verdict).toBe('incomplete');
    expect(checked.join()).toMatch(
      certificate.data.splits.length > 1 ? /digests of the data of bound/ : /which rows of the data/,
    );
    // of older versions no more can be known
    expect(unchecked[0]).toMatch(/which version 1 does not tell: issue it again/);
    // and is not believed when it is edited
    const smaller = forge(certificate, (draft) => (draft.claim.bound *= 0.99));
    expect((await verifyCertificate(smaller)).reasons.map(({ code }) => code)).toContain('bound-too-small');
    expect(certificateDigest({ ...certificate, version: 3 })).not.toBe(certificate.digest);
  });
  it.each(latest)('%s is of the third: its record holds, and the rest needs its data and arrays', async (name) => {
    const { verdict, reasons } = await verifyCertificate(readFileSync(new URL(name, folder), 'utf8'));
    expect(reasons).toEqual([]);
    expect(verdict).toBe('incomplete');
  });
  it('the names of data of one version are not those of another', async () => {
    const certificate = JSON.parse(readFileSync(new URL('t600.json', folder), 'utf8')) as Certificate;
    const { reasons } = await verifyCertificate(certificate, { data: { bound: `sha256:${'0'.repeat(64)}` } });
    expect(reasons.map(({ code }) => code)).toEqual(['data-differs']);
    expect(reasons[0].message).toMatch(/digest sha256:0+ instead of fnx128:/);
  });
});
