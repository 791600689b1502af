/**
 * More memory is needed than may be taken (a `memoryLimit`, what is left of a workspace) or can be had (the runtime refused). Nothing was
 * computed, and what the caller holds stays usable.
 */
export class MemoryLimitError extends Error {
  override readonly name = 'MemoryLimitError';
  /** bytes that are needed */
  readonly bytes: number;
  /** bytes that there are; undefined where the runtime refused, since it does not tell */
  readonly limit: number | undefined;

  /** @param message the function that was called, and both numbers in words */
  constructor(message: string, bytes: number, limit?: number) {
    super(message);
    this.bytes = bytes;
    this.limit = limit;
  }
}
