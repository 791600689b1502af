import { decodeResult } from './resultBytes.js';

/** Two computations of one job gave different bits: a job that is not deterministic, or a version that was not told. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
  readonly id: string;

  constructor(id: string) {
    super(
      `two results of job ${id} have different bits: the job depends on more than its input, or computers ran different versions; give the version, or make the job deterministic`,
    );
    this.id = id;
  }
}

/**
 * Results by the ids of their jobs. Only whole results are ever read; the first valid one of a job stays, and another one must have the same bits.
 */
export interface ResultStore {
  /** The bytes of a whole result, or undefined. */
  read(id: string): Promise<Uint8Array | undefined>;
  /** @throws ConflictError where there is one with other bits */
  write(id: string, bytes: Uint8Array): Promise<void>;
  /** Ids under which there is something, in alphabetical order: whether it is whole is seen when it is read. */
  list(): Promise<readonly string[]>;
}

/** A store in the memory of this process. */
export function memoryStore(): ResultStore {
  const kept = new Map<string, Uint8Array>();
  return {
    read: async (id) => kept.get(id),
    async write(id, bytes) {
      decodeResult(id, bytes);
      const before = kept.get(id);
      if (before !== undefined && !sameBytes(before, bytes)) throw new ConflictError(id);
      kept.set(id, before ?? bytes.slice());
    },
    list: async () => [...kept.keys()].sort(),
  };
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
