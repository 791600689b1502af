/** Consecutive chunks from..to−1. */
export interface ChunkRange {
  readonly from: number;
  readonly to: number;
}

/** The chunks of each thread: consecutive, as even as whole chunks allow, no thread without one. */
export function shardRanges(chunks: number, workers: number): ChunkRange[] {
  const threads = Math.min(workers, chunks);
  const first = (thread: number): number => Math.floor((thread * chunks) / threads);
  return Array.from({ length: threads }, (_, thread) => ({ from: first(thread), to: first(thread + 1) }));
}
