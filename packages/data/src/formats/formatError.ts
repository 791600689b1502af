/** The formats that this package reads. */
export type Format = 'npy' | 'npz' | 'idx' | 'csv' | 'safetensors';

/**
 * The bytes are not a well-formed file of the format, or one that this package refuses. The message says what is wrong,
 * where, and what to do. Compare `name`, not the class: an error that crossed a worker is no instance.
 */
export class FormatError extends Error {
  override readonly name = 'FormatError' as const;
  readonly format: Format;

  constructor(format: Format, message: string, options?: ErrorOptions) {
    super(`${format}: ${message}`, options);
    this.format = format;
  }
}

/** Untrusted text in a message: short, and without control characters. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}

export function assertBytes(where: string, bytes: unknown): asserts bytes is Uint8Array {
  if (!(bytes instanceof Uint8Array)) {
    throw new TypeError(`${where}: bytes must be a Uint8Array, got ${Object.prototype.toString.call(bytes)}`);
  }
}
