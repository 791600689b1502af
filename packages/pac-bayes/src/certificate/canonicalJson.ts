import { refuse, refuseType } from '@hyperribbon/contract';
import { textDigest } from '@hyperribbon/contract/digest';

/**
 * The one text of a plain-JSON value: keys sorted by code unit, no spaces, numbers in the shortest form that reads back the same
 * (as every JavaScript engine prints them). Equal values have equal texts, whatever order their keys were written in.
 * @throws ArgumentError, ArgumentTypeError naming the place of anything that JSON cannot hold: NaN, Infinity, undefined in an array, functions
 */
export function canonicalJson(value: unknown, path = '$'): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) refuse('canonicalJson', `${path} must be finite, got ${value}`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item, i) => canonicalJson(item, `${path}[${i}]`)).join(',')}]`;
  if (typeof value !== 'object') return refuseType('canonicalJson', path, 'a value that JSON has', value);
  const members = Object.entries(value).filter(([, item]) => item !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${members.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item, `${path}.${key}`)}`).join(',')}}`;
}

/**
 * Digest of everything but `digest` itself: SHA-256 of its canonical JSON.
 * @returns `sha256:` and 64 hexadecimal digits
 * @throws ArgumentError, ArgumentTypeError naming the place of anything that JSON cannot hold
 * @example certificateDigest({ version: 3 }).slice(0, 7) // 'sha256:'
 */
export function certificateDigest(certificate: Readonly<Record<string, unknown>>): string {
  const { digest: _, ...content } = certificate;
  return textDigest(canonicalJson(content));
}
