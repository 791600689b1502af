// Oracle: the promise that nothing a stranger writes makes verification throw anything but CertificateError, or believe it.
import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';
import {
  certificateDigest,
  CertificateError,
  issueCertificate,
  parseCertificate,
  verifyCertificate,
} from '@hyperribbon/pac-bayes';
import { describe, expect, it } from 'vitest';
import { strictJson } from '../../src/certificate/strictJson.js';
import { request } from './fixture.js';

const text = JSON.stringify(issueCertificate(request));
const limits = { maxCharacters: 10_000, maxDepth: 20, maxValues: 1000 };
/** Streams of provenance and constants of Catoni's bound are told where there are any. */
const seeds = ['prior.mean.seed', 'prior.mean.purpose', 'theorem.constants', 'theorem.parameter'];
const settings = {
  seed: 20261122,
  numRuns: 200,
  endOnFailure: false,
  interruptAfterTimeLimit: 50_000,
  markInterruptAsFailure: true,
};

describe('what is no certificate', () => {
  it.each<[string, string | Uint8Array, RegExp]>([
    ['nothing', '', /character 0 must begin a JSON value, got the end/],
    ['half of one', text.slice(0, 700), /parseCertificate: character/],
    ['one and a half', `${text} {}`, /comes after the end/],
    [
      'another schema',
      text.replace('pac-bayes-certificate', 'analysis'),
      /\$\.schema must be "hyperribbon\/pac-bayes-certificate", got "hyperribbon\/analysis"/,
    ],
    ['a later version', text.replace('"version":3,', '"version":4,'), /\$\.version must be 1 or 2 or 3, got 4/],
    ['a key given twice', text.replace('"claim":', '"version":3,"claim":'), /given twice/],
    [
      'a key that nobody checks',
      text.replace('"claim":', '"award":"gold","claim":'),
      /"award", which this version does not know/,
    ],
    ['__proto__', text.replace('"claim":', '"__proto__":{"valid":true},"claim":'), /forbidden key __proto__/],
    ['NaN as a string', text.replace(/"bound":0\.[0-9]+/, '"bound":"NaN"'), /\$\.claim\.bound must be a finite number/],
    ['NaN as a word', text.replace(/"bound":0\.[0-9]+/, '"bound":NaN'), /must begin a JSON value/],
    ['Infinity', text.replace(/"bound":0\.[0-9]+/, '"bound":-Infinity'), /must begin a JSON value/],
    ['a number that overflows', text.replace(/"bound":0\.[0-9]+/, '"bound":1e400'), /overflows/],
    [
      'a number of a thousand digits',
      text.replace(/"bound":0\.[0-9]+/, `"bound":0.${'1'.repeat(1000)}`),
      /more than 40 characters/,
    ],
    [
      'a count with a fraction',
      text.replace('"passes":20', '"passes":20.5'),
      /\$\.risk\.passes must be a whole number/,
    ],
    [
      'a count beyond 2^53',
      text.replace('"passes":20', '"passes":9007199254740993'),
      /\$\.risk\.passes must be a whole number/,
    ],
    [
      'an unknown kind',
      text.replace('"kind":"drawn"', '"kind":"dreamt"'),
      /\$\.risk\.kind must be "exact" or "drawn", got "dreamt"/,
    ],
    ['a missing part', text.replace(/"assumptions":\[.*?\],/, ''), /\$\.assumptions is missing, it must be an array/],
    ['depth', `${'['.repeat(5000)}${']'.repeat(5000)}`, /nested more than 12 deep/],
    ['size', new Uint8Array(9_000_000).fill(32), /at most 8000000 bytes/],
    ['many values', `[${'0,'.repeat(500_000)}0]`, /at most 400000 are read/],
    ['bytes that are no text', Uint8Array.of(123, 255, 254, 125), /must be UTF-8/],
    ['a byte order mark', `\ufeff${text}`, /character 0/],
    [
      'an escape sequence for the terminal',
      text.replace('trained on everything', '\\u001b[31mtrained'),
      /without invisible characters/,
    ],
    [
      'text that runs backwards',
      text.replace('trained on everything', '\u202etrained'),
      /without invisible characters/,
    ],
    ['a control character', text.replace('trained on everything', 'trained\non'), /control character/],
    ['a list', '[]', /must be an object/],
    ['null', 'null', /must be an object/],
    [
      'an order of more rows than any data set has',
      text.replace(
        '"kind":"ranges","ranges":[[0,30000]]',
        '"kind":"permutation","seed":0,"purpose":"p","index":0,"of":1e15,"from":0,"to":30000',
      ),
      /whole number in \[1, 20000000\]/,
    ],
  ])('%s', async (_name, source, message) => {
    expect(() => parseCertificate(source)).toThrow(CertificateError);
    expect(() => parseCertificate(source)).toThrow(message);
    await expect(verifyCertificate(source)).rejects.toThrow(CertificateError);
  });
  it('has one key more or one less anywhere: refused, but for those that may be missing', () => {
    const places: string[] = [];
    const missing: string[] = [];
    const visit = (node: unknown, path: string, whole: () => unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      const record = node as Record<string, unknown>;
      if (!Array.isArray(node)) {
        places.push(path);
        record.award = 'gold';
        expect(() => parseCertificate(whole()), path).toThrow(/"award", which this version does not know/);
        delete record.award;
        for (const [key, value] of Object.entries(record)) {
          delete record[key];
          try {
            parseCertificate(whole());
            missing.push(`${path}.${key}`);
          } catch (error) {
            expect(error).toBeInstanceOf(CertificateError);
          }
          record[key] = value;
        }
      }
      for (const [key, value] of Object.entries(record)) visit(value, `${path}.${key}`, whole);
    };
    const certificate = JSON.parse(text) as unknown;
    visit(certificate, '$', () => certificate);
    expect(places.length).toBeGreaterThan(25);
    const optional = [
      'divergence.orthonormality',
      'divergence.parts',
      'prior.basis',
      'prior.basis.seed',
      'risk.errors',
    ];
    for (const name of missing.map((path) => path.slice(2))) expect([...optional, ...seeds]).toContain(name);
  });
  it('reads bytes of another realm', () => {
    const bytes = runInNewContext('Uint8Array.from(codes)', {
      codes: [...new TextEncoder().encode(text)],
    }) as Uint8Array;
    expect(parseCertificate(bytes)).toEqual(parseCertificate(text));
  });
  it('is refused as an object with numbers that JSON cannot hold', () => {
    const certificate = issueCertificate(request);
    expect(() => parseCertificate({ ...certificate, claim: { ...certificate.claim, bound: NaN } })).toThrow(
      CertificateError,
    );
    expect(() => parseCertificate(undefined)).toThrow(CertificateError);
  });
});

describe('strict JSON', () => {
  it('reads what JSON.parse reads', () => {
    const json = fc.json({ maxDepth: 4, noUnicodeString: false });
    fc.assert(
      fc.property(json, (source) => {
        let ours: unknown;
        try {
          ours = strictJson(source, limits);
        } catch (error) {
          expect((error as Error).message).toMatch(/forbidden key|given twice|40 characters/);
          return;
        }
        expect(ours).toEqual(JSON.parse(source));
      }),
      settings,
    );
  });
  it('refuses what JSON.parse refuses, at any edit of a text', () => {
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 3 }),
        fc.nat(),
        fc.string({ maxLength: 3 }),
        fc.nat({ max: 3 }),
        (source, at, insert, drop) => {
          const where = at % (source.length + 1);
          const edited = source.slice(0, where) + insert + source.slice(where + drop);
          let theirs: unknown;
          try {
            theirs = JSON.parse(edited);
          } catch {
            expect(() => strictJson(edited, limits)).toThrow(CertificateError);
            return;
          }
          try {
            expect(strictJson(edited, limits)).toEqual(theirs);
          } catch (error) {
            expect(error).toBeInstanceOf(CertificateError);
          }
        },
      ),
      { ...settings, numRuns: 500 },
    );
  });
});

describe('random edits of a certificate', () => {
  it('of its text: an error of the right type, or refused, or the same certificate', async () => {
    const original = parseCertificate(text);
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: text.length }),
        fc.oneof(fc.constantFrom('0', '9', '1', '-', 'e', '.', '"', '}', ',', '[', 'a'), fc.string({ maxLength: 2 })),
        fc.nat({ max: 2 }),
        async (at, insert, drop) => {
          const edited = text.slice(0, at) + insert + text.slice(at + drop);
          try {
            const { verdict } = await verifyCertificate(edited);
            if (verdict !== 'refused') expect(parseCertificate(edited)).toEqual(original);
          } catch (error) {
            expect(error).toBeInstanceOf(CertificateError);
          }
        },
      ),
      { ...settings, numRuns: 120 },
    );
  });
  it('of its numbers, digest made anew: never an error, never a smaller bound that is believed', async () => {
    const numbers = [...text.matchAll(/(?<=[:[,])-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?(?=[,\]}])/g)];
    const extremes = fc.constantFrom(
      '0',
      '-1',
      '1e-300',
      '1e300',
      '5e-324',
      '0.5',
      '2',
      '1e15',
      '-0',
      '9007199254740991',
      '1e9',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: numbers.length - 1 }),
        fc.oneof(extremes, fc.double({ noNaN: true, noDefaultInfinity: true }).map(String)),
        async (which, value) => {
          const { index, 0: old } = numbers[which];
          const edited = text.slice(0, index) + value + text.slice(index + old.length);
          let certificate;
          try {
            certificate = parseCertificate(edited);
          } catch (error) {
            expect(error).toBeInstanceOf(CertificateError);
            return;
          }
          const remade = { ...certificate, digest: certificateDigest(certificate) };
          const { verdict, recomputed } = await verifyCertificate(remade);
          if (verdict !== 'refused') expect(remade.claim.bound).toBeGreaterThanOrEqual(recomputed.bound! * (1 - 1e-12));
        },
      ),
      { ...settings, numRuns: 120 },
    );
  });
});
