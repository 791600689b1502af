import { LeastFirst } from './leastFirst.js';

/** Bytes wanted during the steps first..last, both included. */
export interface Request {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

export interface Fit {
  readonly offsets: number[];
  readonly total: number;
}

/** Offsets are multiples of this: whole cache lines, and wider than any SIMD load. */
export const alignment = 64;

export function aligned(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

/** More requests than this are placed in the order of time: by size, every request looks at all others. */
const manyRequests = 2000;

/** An offset for every request such that no two that live at the same time overlap. */
export function bestFit(requests: readonly Request[]): Fit {
  return requests.length > manyRequests ? fitInTime(requests) : fitBySize(requests);
}

/** The largest first, each into the smallest gap that holds it [pisarchyk2020]. */
export function fitBySize(requests: readonly Request[]): Fit {
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

interface Gap {
  start: number;
  readonly end: number;
}

/** Step by step, each into the smallest gap that holds it, what has ended giving its place back. Cost: the requests times the gaps between them. */
export function fitInTime(requests: readonly Request[]): Fit {
  const offsets = requests.map(() => 0);
  const sizes = requests.map(({ bytes }) => aligned(bytes));
  const order = requests
    .map((_, i) => i)
    .sort((i, j) => requests[i]!.first - requests[j]!.first || sizes[j]! - sizes[i]!);
  const alive = new LeastFirst();
  const gaps: Gap[] = [{ start: 0, end: Infinity }];
  let total = 0;
  for (const i of order) {
    for (
      let ended = alive.least;
      ended !== undefined && requests[ended]!.last < requests[i]!.first;
      ended = alive.least
    ) {
      giveBack(gaps, { start: offsets[ended]!, end: offsets[ended]! + sizes[ended]! });
      alive.take();
    }
    const room = (gap: Gap): number => (gap.end - gap.start >= sizes[i]! ? gap.end - gap.start : NaN);
    const best = gaps.reduce((a, b) => (room(b) < room(a) || Number.isNaN(room(a)) ? b : a));
    offsets[i] = best.start;
    best.start += sizes[i]!;
    total = Math.max(total, best.start);
    if (best.start === best.end) gaps.splice(gaps.indexOf(best), 1);
    alive.add(i, requests[i]!.last);
  }
  return { offsets, total };
}

/** A gap between the sorted gaps, joined with its neighbours; empty ones go. */
function giveBack(gaps: Gap[], { start, end }: Gap): void {
  let [at, high] = [0, gaps.length];
  while (at < high) {
    const middle = (at + high) >> 1;
    if (gaps[middle]!.end >= start) high = middle;
    else at = middle + 1;
  }
  let joined = { start, end };
  let count = 0;
  for (let gap = gaps[at]; gap !== undefined && gap.start <= end; gap = gaps[at + ++count])
    joined = { start: Math.min(gap.start, joined.start), end: Math.max(gap.end, joined.end) };
  gaps.splice(at, count, joined);
}
