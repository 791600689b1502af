/** Bytes of a file that are read where they are asked for. */
export interface ByteSource {
  /** of the whole file */
  readonly length: number;
  /** the bytes [from, to), all of them */
  readonly part: (from: number, to: number) => Uint8Array;
}

/** Whether this is a source, and no array of bytes. */
export function isPlainSource(value: unknown): value is ByteSource {
  return typeof value === 'object' && value !== null && 'part' in value && typeof value.part === 'function';
}
