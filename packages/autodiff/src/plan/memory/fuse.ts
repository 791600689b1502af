import { isPlace, type Instruction } from '../instruction.js';
import { jointOf, mergeNodes, type Ordered } from './groupOrder.js';

/** Instructions that run together, block of rows by block of rows; most groups have one member. */
export interface Group {
  /** positions in the instruction list, ascending */
  readonly members: readonly number[];
  /** rows that the group is cut into; undefined for a single instruction that is not cut */
  readonly rows: number | undefined;
}

interface Candidate extends Ordered<Candidate> {
  readonly members: number[];
  /** links of the members to other instructions, counted one by one */
  links: number;
  /** fixed by a structured member */
  rows: number | undefined;
  /** elements of the flat members */
  readonly flat: Set<number>;
  /** groups that touch some of the same bytes in other rows: these never join */
  readonly misaligned: Set<Candidate>;
}

/** What groups are made of; `groupOf` holds those of the instructions seen so far. */
interface Fusion {
  readonly instructions: readonly Instruction[];
  readonly before: readonly (readonly number[])[];
  readonly after: readonly (readonly number[])[];
  readonly groupOf: Candidate[];
}

/**
 * Joins producers with consumers, and readers of the same data, that walk over the same rows, so that a chain of them
 * touches main memory once. Two groups join only if no third one must run between them.
 *
 * Cost: about linear: smaller groups join larger ones, and searches for a third one end early.
 */
export function fuse(instructions: readonly Instruction[], before: readonly (readonly number[])[]): Group[] {
  const after: number[][] = instructions.map(() => []);
  before.forEach((list, i) => list.forEach((j) => after[j]!.push(i)));
  const groupOf: Candidate[] = [];
  const fusion: Fusion = { instructions, before, after, groupOf };
  const sharersOf = lastSharers();
  instructions.forEach((instruction, i) => {
    enter(fusion, i);
    if (instruction.strip === undefined) return;
    for (const j of [...before[i]!.toReversed(), ...sharersOf(instruction, i)])
      if (instructions[j]!.strip !== undefined) tryToJoin(fusion, groupOf[j]!, groupOf[i]!);
  });
  return [...new Set(groupOf)].map(({ members, rows, flat }) => ({
    members: members.sort((i, j) => i - j),
    rows: members.length === 1 ? undefined : (rows ?? [...flat][0]!),
  }));
}

/** A group of one instruction, after all others. */
function enter({ instructions, before, after, groupOf }: Fusion, i: number): void {
  const { strip, args } = instructions[i]!;
  const count = strip === undefined ? [] : [args[strip.count] as number];
  const structured = strip?.structured === true;
  const group: Candidate = {
    rank: i,
    before: new Set(before[i]!.map((j) => groupOf[j]!)),
    after: new Set(),
    members: [i],
    links: before[i]!.length + after[i]!.length,
    rows: structured ? count[0] : undefined,
    flat: new Set(structured ? [] : count),
    misaligned: new Set(),
  };
  for (const earlier of group.before) earlier.after.add(group);
  groupOf[i] = group;
}

/** A function to be called with one instruction after the other: it gives up to 4 earlier ones that read or write exactly what this one reads, the latest first. */
function lastSharers(): (instruction: Instruction, i: number) => number[] {
  const users = new Map<string, number[]>();
  return (instruction, i) => {
    const places = new Set(movingPlaces(instruction));
    const found = new Set<number>();
    for (const place of places) {
      const earlier = users.get(place) ?? [];
      for (const j of earlier.slice(-4)) found.add(j);
      earlier.push(i);
      users.set(place, earlier);
    }
    return [...found].sort((a, b) => b - a).slice(0, 4);
  };
}

/** Places of which every block sees its own rows. */
function movingPlaces({ args, strip }: Instruction): string[] {
  return args.flatMap((place, i) => {
    if (!isPlace(place) || strip?.fixed.includes(i)) return [];
    return [`${place.buffer} ${place.offset} ${place.bytes}`];
  });
}

/** Makes two groups one, in the place of the larger, where nothing forbids it. */
function tryToJoin(fusion: Fusion, a: Candidate, b: Candidate): void {
  if (a === b || !compatible(a, b) || a.misaligned.has(b)) return;
  const joint = jointOf(a, b);
  if (joint === undefined) return;
  if (!aligned(fusion, a, b)) {
    a.misaligned.add(b);
    b.misaligned.add(a);
    return;
  }
  const [kept, other] = a.members.length >= b.members.length ? [a, b] : [b, a];
  mergeNodes(kept, other, joint);
  for (const member of other.members) {
    kept.members.push(member);
    fusion.groupOf[member] = kept;
  }
  for (const group of other.misaligned) {
    group.misaligned.add(kept);
    kept.misaligned.add(group);
  }
  kept.links += other.links;
  kept.rows ??= other.rows;
  for (const elements of other.flat) kept.flat.add(elements);
}

function compatible(a: Candidate, b: Candidate): boolean {
  if (a.rows !== undefined && b.rows !== undefined && a.rows !== b.rows) return false;
  const rows = a.rows ?? b.rows;
  const flat = [...a.flat, ...b.flat];
  if (rows === undefined) return flat.every((n) => n === flat[0]) && flat[0]! > 0;
  return rows > 0 && flat.every((n) => n % rows === 0);
}

/** Wherever one group depends on the other, both must touch the same bytes in the same rows. */
function aligned({ instructions, before, after, groupOf }: Fusion, a: Candidate, b: Candidate): boolean {
  const [fewer, more] = a.links <= b.links ? [a, b] : [b, a];
  return fewer.members.every((i) =>
    [...before[i]!, ...after[i]!].every((j) => groupOf[j] !== more || sameRows(instructions[i]!, instructions[j]!)),
  );
}

function sameRows(x: Instruction, y: Instruction): boolean {
  const moving = [movingPlaces(x), movingPlaces(y)] as const;
  for (const [i, p] of x.args.entries()) {
    for (const [j, q] of y.args.entries()) {
      if (!isPlace(p) || !isPlace(q) || p.buffer !== q.buffer || (i !== x.out && j !== y.out)) continue;
      if (p.offset >= q.offset + q.bytes || q.offset >= p.offset + p.bytes) continue;
      const key = `${p.buffer} ${p.offset} ${p.bytes}`;
      if (p.offset !== q.offset || p.bytes !== q.bytes) return false;
      if (!moving[0].includes(key) || !moving[1].includes(key)) return false;
    }
  }
  return true;
}
