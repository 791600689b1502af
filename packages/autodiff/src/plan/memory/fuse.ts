import { isPlace, type Instruction } from '../instruction.js';

/** Instructions that run together, block of rows by block of rows; most groups have one member. */
export interface Group {
  /** positions in the instruction list, ascending */
  readonly members: readonly number[];
  /** rows that the group is cut into; undefined for a single instruction that is not cut */
  readonly rows: number | undefined;
}

interface Candidate {
  members: number[];
  /** fixed by a structured member */
  rows: number | undefined;
  /** elements of the flat members */
  flat: Set<number>;
}

/**
 * Joins producers with consumers, and readers of the same data, that walk over the same rows, so that a chain of them
 * touches main memory once. Two groups join only if no third one must run between them.
 */
export function fuse(instructions: readonly Instruction[], before: readonly (readonly number[])[]): Group[] {
  const groupOf: (Candidate | undefined)[] = instructions.map(() => undefined);
  const after: number[][] = instructions.map(() => []);
  before.forEach((list, i) => list.forEach((j) => after[j]!.push(i)));
  instructions.forEach((instruction, i) => {
    const { strip, args } = instruction;
    const own: Candidate = { members: [i], rows: undefined, flat: new Set() };
    if (strip?.structured) own.rows = args[strip.count] as number;
    else if (strip !== undefined) own.flat.add(args[strip.count] as number);
    groupOf[i] = own;
    if (strip === undefined) return;
    const partners = [...before[i]!.toReversed(), ...sharers(instructions, i)];
    for (const j of partners) {
      const other = groupOf[j]!;
      const mine = groupOf[i]!;
      if (other === mine || instructions[j]!.strip === undefined) continue;
      if (!compatible(other, mine) || !aligned(instructions, before, other, mine)) continue;
      if (reaches(groupOf, after, other, mine) || reaches(groupOf, after, mine, other)) continue;
      const joined = join(other, mine);
      for (const member of joined.members) groupOf[member] = joined;
    }
  });
  return [...new Set(groupOf)].map((group) => ({
    members: group!.members,
    rows: group!.members.length === 1 ? undefined : (group!.rows ?? [...group!.flat][0]!),
  }));
}

/** Earlier instructions that read or write exactly what this one reads, the latest first. */
function sharers(instructions: readonly Instruction[], i: number): number[] {
  const reads = movingPlaces(instructions[i]!);
  const found: number[] = [];
  for (let j = i - 1; j >= 0 && found.length < 4; j--) {
    const other = instructions[j]!;
    if (other.strip !== undefined && movingPlaces(other).some((key) => reads.includes(key))) found.push(j);
  }
  return found;
}

/** Places of which every block sees its own rows. */
function movingPlaces({ args, strip }: Instruction): string[] {
  return args.flatMap((place, i) => {
    if (!isPlace(place) || strip?.fixed.includes(i)) return [];
    return [`${place.buffer} ${place.offset} ${place.bytes}`];
  });
}

function compatible(a: Candidate, b: Candidate): boolean {
  if (a.rows !== undefined && b.rows !== undefined && a.rows !== b.rows) return false;
  const rows = a.rows ?? b.rows;
  const flat = [...a.flat, ...b.flat];
  if (rows === undefined) return flat.every((n) => n === flat[0]) && flat[0]! > 0;
  return rows > 0 && flat.every((n) => n % rows === 0);
}

/** Wherever one group depends on the other, both must touch the same bytes in the same rows. */
function aligned(
  instructions: readonly Instruction[],
  before: readonly (readonly number[])[],
  a: Candidate,
  b: Candidate,
): boolean {
  const linked = (i: number, j: number): boolean => before[i]!.includes(j) || before[j]!.includes(i);
  for (const i of a.members) {
    for (const j of b.members) if (linked(i, j) && !sameRows(instructions[i]!, instructions[j]!)) return false;
  }
  return true;
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

/** Does a path lead from one group to the other through a third? */
function reaches(
  groupOf: readonly (Candidate | undefined)[],
  after: readonly (readonly number[])[],
  from: Candidate,
  to: Candidate,
): boolean {
  const seen = new Set<Candidate>([from]);
  const stack: Candidate[] = [];
  const visit = (group: Candidate, direct: boolean): boolean => {
    for (const member of group.members) {
      for (const next of after[member]!) {
        const other = groupOf[next];
        if (other === undefined) continue;
        if (other === to && !direct) return true;
        if (other === to || seen.has(other)) continue;
        seen.add(other);
        stack.push(other);
      }
    }
    return false;
  };
  visit(from, true);
  while (stack.length > 0) if (visit(stack.pop()!, false)) return true;
  return false;
}

function join(a: Candidate, b: Candidate): Candidate {
  const members = [...a.members, ...b.members].sort((i, j) => i - j);
  return { members, rows: a.rows ?? b.rows, flat: new Set([...a.flat, ...b.flat]) };
}
