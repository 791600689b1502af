/** Thrown when memory cannot be had; `bytes` says how much was asked for. After it, a new workspace can still be made. */
export class OutOfMemoryError extends Error {
  override readonly name: string = 'OutOfMemoryError';
  readonly bytes: number;

  constructor(message: string, bytes: number) {
    super(message);
    this.bytes = bytes;
  }
}
