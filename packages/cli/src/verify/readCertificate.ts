import { stat } from 'node:fs/promises';
import { readInput } from '../input/readInput.js';
import { UsageError } from '../usageError.js';

/** Ten times the largest certificate that the parser takes would be refused anyway: not even read. */
const mostBytes = 8_000_000;

/** The bytes of a certificate, if it is a file of a size that one can have. */
export async function readCertificate(file: string): Promise<Uint8Array> {
  const found = await stat(file).catch(() => undefined);
  if (found !== undefined && !found.isFile())
    throw new UsageError(`verify: ${file} is no file. Name a certificate.json.`);
  if (found !== undefined && found.size > mostBytes)
    throw new UsageError(`verify: ${file} has ${found.size} bytes; a certificate has at most ${mostBytes}`);
  return readInput(file, 'certificate');
}
