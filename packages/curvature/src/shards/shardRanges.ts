/** The chunks [first, end) of each thread: consecutive, as even as whole chunks allow, no thread without one. */
export function shardRanges(chunks: number, workers: number): (readonly [first: number, end: number])[] {
  const threads = Math.min(workers, chunks);
  const first = (thread: number): number => Math.floor((thread * chunks) / threads);
  return Array.from({ length: threads }, (_, thread) => [first(thread), first(thread + 1)]);
}
