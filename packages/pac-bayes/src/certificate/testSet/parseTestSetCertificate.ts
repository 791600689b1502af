import { parseBy } from '../parseCertificate.js';
import { testSetCertificate, type TestSetCertificate } from './testSetCertificate.js';

/**
 * Reads the certificate of a test set from a stranger: strict JSON, limits on size and depth, exactly the known keys, every type checked.
 *
 * @param source text, bytes in UTF-8, or a value that JSON.parse returned
 * @throws CertificateError naming the place and the problem
 * @example const certificateOf = async (file) => parseTestSetCertificate(await file.bytes());
 */
export function parseTestSetCertificate(source: unknown): TestSetCertificate {
  return parseBy(testSetCertificate, source);
}
