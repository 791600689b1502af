import type { Group } from './fuse.js';
import { LeastFirst } from './leastFirst.js';

/**
 * Groups in the order of their last members: the program's own order, moved only as far as fusion demands.
 */
export function programOrder(groups: readonly Group[], before: readonly (readonly number[])[]): Group[] {
  const ready = new LeastFirst();
  return ordered(groups, before, { unlock: (g) => ready.add(g, lastOf(groups, g)), next: () => ready.take() });
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
  const users: number[][] = bytes.map(() => []);
  uses.forEach((buffers, g) => buffers.forEach((buffer) => users[buffer]!.push(g)));
  const remaining = users.map(({ length }) => length);
  const of = (buffers: readonly number[]): number => buffers.reduce((sum, buffer) => sum + bytes[buffer]!, 0);
  // bytes that running a group would add: of the buffers that it starts, less those that it ends
  const growth = uses.map((buffers) => of(buffers) - of(buffers.filter((buffer) => remaining[buffer] === 1)));
  const states = groups.map((): 'waiting' | 'ready' | 'done' => 'waiting');
  const ready = new LeastFirst();
  const offer = (g: number): void => ready.add(g, growth[g]!, lastOf(groups, g));
  const shrink = (g: number, by: number): void => {
    if (by === 0 || states[g] === 'done') return;
    growth[g]! -= by;
    // its older, larger entry stays behind and is passed over
    if (states[g] === 'ready') offer(g);
  };
  return ordered(groups, before, {
    unlock: (g) => {
      states[g] = 'ready';
      offer(g);
    },
    next: () => {
      let g = ready.take();
      while (g !== undefined && states[g] === 'done') g = ready.take();
      if (g === undefined) return undefined;
      states[g] = 'done';
      for (const buffer of uses[g]!) {
        const own = users[buffer]!;
        if (remaining[buffer] === own.length) for (const user of own) shrink(user, bytes[buffer]!);
        if (--remaining[buffer]! === 1) shrink(own.find((user) => states[user] !== 'done')!, bytes[buffer]!);
      }
      return g;
    },
  });
}

function lastOf(groups: readonly Group[], g: number): number {
  return groups[g]!.members.at(-1)!;
}

/** A topological order: groups that may run are unlocked, and one of them is asked for. */
function ordered(
  groups: readonly Group[],
  before: readonly (readonly number[])[],
  { unlock, next }: { unlock: (g: number) => void; next: () => number | undefined },
): Group[] {
  const groupOf: number[] = [];
  groups.forEach(({ members }, g) => members.forEach((member) => (groupOf[member] = g)));
  const needs = groups.map(({ members }, g) => {
    const all = members.flatMap((member) => before[member]!.map((earlier) => groupOf[earlier]!));
    return new Set(all.filter((other) => other !== g));
  });
  const unlocks: number[][] = groups.map(() => []);
  needs.forEach((set, g) => set.forEach((other) => unlocks[other]!.push(g)));
  const missing = needs.map((set) => set.size);
  missing.forEach((count, g) => count === 0 && unlock(g));
  const order: Group[] = [];
  for (let g = next(); g !== undefined; g = next()) {
    order.push(groups[g]!);
    for (const other of unlocks[g]!) if (--missing[other]! === 0) unlock(other);
  }
  return order;
}
