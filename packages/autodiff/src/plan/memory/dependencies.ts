import { isPlace, type Instruction, type Place } from '../instruction.js';

/**
 * For every instruction the earlier ones that must have run before it: those that wrote what it reads, and those that
 * read or wrote what it overwrites. Left out are those behind a write of all the bytes in common, which waits for them.
 */
export function dependencies(instructions: readonly Instruction[]): number[][] {
  const firstOf = segmentsByBuffer(instructions);
  return instructions.map(({ args, out }, instruction) => {
    const before = new Set<number>();
    const visit = (place: Place, see: (segment: Segment) => void): void => {
      const end = place.offset + place.bytes;
      for (let s = firstOf.get(place.buffer)?.get(place.offset); s !== undefined && s.start < end; s = s.next) see(s);
    };
    args.forEach((place, i) => {
      if (!isPlace(place)) return;
      visit(place, ({ writer, readers }) => {
        if (writer >= 0) before.add(writer);
        if (i === out) for (const reader of readers) before.add(reader);
      });
    });
    args.forEach((place, i) => {
      if (isPlace(place) && i !== out) visit(place, ({ readers }) => readers.push(instruction));
    });
    const target = args[out];
    if (target !== undefined && isPlace(target)) {
      visit(target, (segment) => {
        segment.writer = instruction;
        segment.readers = [];
      });
    }
    before.delete(instruction);
    return [...before].sort((a, b) => a - b);
  });
}

/** Bytes that every instruction touches all or none of: the last one that wrote them and those that read them since. */
interface Segment {
  readonly start: number;
  next?: Segment;
  writer: number;
  readers: number[];
}

/** For every buffer that is written its segments by their starts; others order nothing. */
function segmentsByBuffer(instructions: readonly Instruction[]): Map<number, ReadonlyMap<number, Segment>> {
  const ends = new Map<number, Set<number>>();
  for (const { args, out } of instructions) {
    const target = args[out];
    if (target !== undefined && isPlace(target)) ends.set(target.buffer, new Set());
  }
  for (const { buffer, offset, bytes } of instructions.flatMap(({ args }) => args.filter(isPlace)))
    ends
      .get(buffer)
      ?.add(offset)
      .add(offset + bytes);
  const segments = new Map<number, ReadonlyMap<number, Segment>>();
  for (const [buffer, offsets] of ends) {
    const list = [...offsets].sort((a, b) => a - b).map((start): Segment => ({ start, writer: -1, readers: [] }));
    list.slice(1).forEach((segment, i) => (list[i]!.next = segment));
    segments.set(buffer, new Map(list.map((segment) => [segment.start, segment])));
  }
  return segments;
}
