import { describe, typedArrayName } from '@hyperribbon/contract';
import { Mismatch, type Decoder } from '@hyperribbon/contract/decode';
import { certificate, type Certificate } from './certificate.js';
import { CertificateError } from './certificateError.js';
import { strictJson } from './strictJson.js';
import { upgradeRecord } from './upgradeRecord.js';

/** The longest part is a split with 1e5 ranges, about 2 MB. */
const limits = { maxCharacters: 8_000_000, maxDepth: 12, maxValues: 400_000 };

/**
 * Reads a certificate from a stranger: strict JSON, limits on size and depth, exactly the known keys, all of them, every type checked.
 * Older versions come in the form of the last one, with their `version`. Whether what it says is true is for `verifyCertificate`.
 * @param source text, bytes in UTF-8, or a value that JSON.parse returned
 * @throws CertificateError naming the place and the problem
 * @example const certificateOf = async (file) => parseCertificate(await file.bytes());
 */
export function parseCertificate(source: unknown): Certificate {
  return readRecord(source).certificate;
}

/** The certificate, and the record as it was written, of which its digest was taken. */
export function readRecord(source: unknown): { readonly certificate: Certificate; readonly written: Certificate } {
  const written = valueOf(source);
  const read = decodeBy(certificate, upgradeRecord(written));
  return { certificate: read, written: read.version === 3 ? read : (written as Certificate) };
}

/** The same for a record of any shape. */
export function parseBy<T>(shape: Decoder<T>, source: unknown): T {
  return decodeBy(shape, valueOf(source));
}

function valueOf(source: unknown): unknown {
  if (typeof source === 'string') return strictJson(source, limits);
  return typedArrayName(source) === 'Uint8Array' ? fromBytes(source as Uint8Array) : source;
}

function decodeBy<T>(shape: Decoder<T>, value: unknown): T {
  try {
    return shape(value, '$');
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    const { path, expected, found } = error;
    throw new CertificateError(
      path,
      found === undefined ? `is missing, it must be ${expected}` : `must be ${expected}, got ${describe(found)}`,
    );
  }
}

function fromBytes(bytes: Uint8Array): unknown {
  if (bytes.length > limits.maxCharacters)
    throw new CertificateError('$', `must have at most ${limits.maxCharacters} bytes, got ${bytes.length}`);
  let content: string;
  try {
    content = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CertificateError('$', 'must be UTF-8, got bytes that are not');
  }
  return strictJson(content, limits);
}
