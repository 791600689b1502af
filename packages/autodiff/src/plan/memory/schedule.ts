import type { Group } from './fuse.js';

/**
 * Groups in the order of their last members: the program's own order, moved only as far as fusion demands.
 */
export function programOrder(groups: readonly Group[], before: readonly (readonly number[])[]): Group[] {
  return ordered(groups, before, (ready) => ready.reduce((a, b) => (lastOf(groups, b) < lastOf(groups, a) ? b : a)));
}

/**
 * Groups in an order that keeps few bytes alive: of those that can run next, the one that frees most (or adds least).
 *
 * @param uses buffers that each group uses, by number
 * @param bytes size of every temporary buffer; 0 for memory that is not the arena's
 */
export function frugalOrder(
  groups: readonly Group[],
  before: readonly (readonly number[])[],
  uses: readonly (readonly number[])[],
  bytes: readonly number[],
): Group[] {
  const remaining = bytes.map(() => 0);
  const alive = new Set<number>();
  for (const buffers of uses) for (const buffer of buffers) remaining[buffer]!++;
  const growth = (g: number): number => {
    let sum = 0;
    for (const buffer of uses[g]!) {
      if (!alive.has(buffer)) sum += bytes[buffer]!;
      if (remaining[buffer] === 1) sum -= bytes[buffer]!;
    }
    return sum;
  };
  return ordered(groups, before, (ready) => {
    const rank = (g: number): readonly [number, number] => [growth(g), lastOf(groups, g)];
    const better = (a: readonly [number, number], b: readonly [number, number]): boolean =>
      a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
    const next = ready.reduce((a, b) => (better(rank(b), rank(a)) ? b : a));
    for (const buffer of uses[next]!) {
      alive.add(buffer);
      remaining[buffer]!--;
    }
    return next;
  });
}

function lastOf(groups: readonly Group[], g: number): number {
  return groups[g]!.members.at(-1)!;
}

/** A topological order, `choose` picking among the groups that may run. */
function ordered(
  groups: readonly Group[],
  before: readonly (readonly number[])[],
  choose: (ready: readonly number[]) => number,
): Group[] {
  const groupOf = new Map(groups.flatMap(({ members }, g) => members.map((member) => [member, g] as const)));
  const needs = groups.map(({ members }, g) => {
    const all = members.flatMap((member) => before[member]!.map((earlier) => groupOf.get(earlier)!));
    return new Set(all.filter((other) => other !== g));
  });
  const unlocks: number[][] = groups.map(() => []);
  needs.forEach((set, g) => set.forEach((other) => unlocks[other]!.push(g)));
  const missing = needs.map((set) => set.size);
  const ready = new Set(groups.flatMap((_, g) => (missing[g] === 0 ? [g] : [])));
  const order: Group[] = [];
  while (ready.size > 0) {
    const next = choose([...ready]);
    ready.delete(next);
    order.push(groups[next]!);
    for (const g of unlocks[next]!) if (--missing[g]! === 0) ready.add(g);
  }
  return order;
}
