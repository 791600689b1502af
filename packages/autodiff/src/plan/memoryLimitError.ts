/** A plan needs more memory than it may have. */
export class MemoryLimitError extends RangeError {
  override readonly name = 'MemoryLimitError';
  /** bytes the plan needs, and bytes it may have */
  readonly bytes: number;
  readonly limit: number;

  constructor(message: string, bytes: number, limit: number) {
    super(message);
    this.bytes = bytes;
    this.limit = limit;
  }
}
