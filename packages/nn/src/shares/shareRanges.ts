/** Consecutive chunks or micro-batches from..to−1. */
export interface ShareRange {
  readonly from: number;
  readonly to: number;
}

/** The chunks or micro-batches of each thread: consecutive, as even as whole chunks allow, no thread without one. */
export function shareRanges(chunks: number, workers: number): ShareRange[] {
  const threads = Math.min(workers, chunks);
  const first = (thread: number): number => Math.floor((thread * chunks) / threads);
  return Array.from({ length: threads }, (_, thread) => ({ from: first(thread), to: first(thread + 1) }));
}
