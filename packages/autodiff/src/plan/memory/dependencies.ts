import { isPlace, type Instruction, type Place } from '../instruction.js';

/**
 * For every instruction the earlier ones that must have run before it: those that wrote what it reads, and those that
 * read or wrote what it overwrites.
 */
export function dependencies(instructions: readonly Instruction[]): number[][] {
  const accesses = new Map<number, { place: Place; instruction: number; writes: boolean }[]>();
  return instructions.map(({ args, out }, instruction) => {
    const before = new Set<number>();
    const mine = args.flatMap((place, i) => (isPlace(place) ? [{ place, instruction, writes: i === out }] : []));
    for (const { place, writes } of mine) {
      for (const earlier of accesses.get(place.buffer) ?? []) {
        if ((writes || earlier.writes) && overlap(place, earlier.place)) before.add(earlier.instruction);
      }
    }
    for (const access of mine) {
      const list = accesses.get(access.place.buffer);
      if (list === undefined) accesses.set(access.place.buffer, [access]);
      else list.push(access);
    }
    return [...before].sort((a, b) => a - b);
  });
}

function overlap(x: Place, y: Place): boolean {
  return x.offset < y.offset + y.bytes && y.offset < x.offset + x.bytes;
}
