import { ArgumentError, describe, refuse, refuseType, typedArrayName } from '@hyperribbon/contract';

/** The formats that are read here, and `onnx`, which the package of that name reads. */
export type Format = 'npy' | 'npz' | 'idx' | 'csv' | 'safetensors' | 'cifar' | 'gzip' | 'matrix-market' | 'onnx';

/**
 * The bytes are not a well-formed file of the format, or one that this package refuses. The message says what is wrong,
 * where, and what to do. Compare `name`, not the class: an error that crossed a worker is no instance.
 */
export class FormatError extends ArgumentError {
  override readonly name = 'FormatError' as const;
  readonly format: Format;
  /** the bytes may be sound, but are of a type that is not read here: text, Python objects, numbers of 4 bits */
  readonly unsupported: boolean;

  constructor(format: Format, message: string, options: ErrorOptions & { readonly unsupported?: boolean } = {}) {
    const { unsupported = false, ...rest } = options;
    super(`${format}: ${message}`, rest);
    this.format = format;
    this.unsupported = unsupported;
  }
}

/** Untrusted text in a message: short, and without control characters. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}

/**
 * What every parser asks of its arguments.
 * @throws ArgumentTypeError unless bytes are a Uint8Array, of any realm; ArgumentError for a limit that would limit nothing, such as NaN
 */
export function requireBytes(
  caller: string,
  bytes: unknown,
  limits: Readonly<Record<string, number>> = {},
): asserts bytes is Uint8Array {
  if (typedArrayName(bytes) !== 'Uint8Array') refuseType(caller, 'bytes', 'a Uint8Array', bytes);
  for (const [name, limit] of Object.entries(limits))
    if (typeof limit !== 'number' || !(limit >= 0))
      refuse(caller, `${name} must be a number >= 0, got ${describe(limit)}`);
}
