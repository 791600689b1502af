/** Bytes wanted during the steps first..last, both included. */
export interface Request {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

/** Offsets are multiples of this: whole cache lines, and wider than any SIMD load. */
export const alignment = 64;

export function aligned(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

/**
 * An offset for every request such that no two that live at the same time overlap: the largest first, each into the
 * smallest gap that holds it [pisarchyk2020].
 */
export function bestFit(requests: readonly Request[]): { offsets: number[]; total: number } {
  const offsets = requests.map(() => 0);
  const order = requests.map((_, i) => i).sort((i, j) => requests[j]!.bytes - requests[i]!.bytes || i - j);
  const placed: number[] = [];
  let total = 0;
  for (const i of order) {
    const { bytes, first, last } = requests[i]!;
    const busy = placed
      .filter((j) => requests[j]!.first <= last && first <= requests[j]!.last)
      .sort((j, k) => offsets[j]! - offsets[k]!);
    let best = -1;
    let bestGap = Infinity;
    let end = 0;
    for (const j of busy) {
      const gap = offsets[j]! - end;
      if (gap >= aligned(bytes) && gap < bestGap) [best, bestGap] = [end, gap];
      end = Math.max(end, offsets[j]! + aligned(requests[j]!.bytes));
    }
    offsets[i] = best >= 0 ? best : end;
    total = Math.max(total, offsets[i]! + aligned(bytes));
    placed.push(i);
  }
  return { offsets, total };
}
