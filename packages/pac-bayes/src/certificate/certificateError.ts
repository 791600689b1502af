import { ArgumentTypeError } from '@hyperribbon/contract';

/** What was given is no certificate at all: not JSON, not this schema, or larger than one can be. */
export class CertificateError extends ArgumentTypeError {
  override readonly name = 'CertificateError';
  /** Where in the record: `$.risk.mean`, or a character position. */
  readonly path: string;
  constructor(path: string, problem: string) {
    super(`parseCertificate: ${path} ${problem}`);
    this.path = path;
  }
}
