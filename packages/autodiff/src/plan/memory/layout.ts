import { aligned, bestFit, type Request } from './bestFit.js';
import type { Group } from './fuse.js';
import { isPlace, type Buffer, type Instruction, type Place } from '../instruction.js';

export interface Layout {
  /** bytes of the arena */
  readonly total: number;
  /** by buffer: offset in the arena; −1 for buffers that are not temporary */
  readonly offsets: readonly number[];
  /** by buffer: holds one block of rows at a time, seen only by its group */
  readonly local: readonly boolean[];
  /** by group: rows in a block */
  readonly blocks: readonly number[];
}

interface Life {
  readonly first: number;
  last: number;
  /** position inside the group of the last use, and of the first */
  readonly firstMember: number;
  lastMember: number;
  /** groups that use it otherwise than row by row */
  readonly irregular: Set<number>;
}

/**
 * Gives every temporary buffer of an ordered list of groups its offset in one arena.
 *
 * @param blockBytes bytes of one operand that a block of rows may have
 */
export function layout(
  buffers: readonly Buffer[],
  instructions: readonly Instruction[],
  order: readonly Group[],
  blockBytes: number,
): Layout {
  const lives = lifetimes(buffers, instructions, order);
  const blocks = order.map(({ members, rows }) =>
    rows === undefined ? 0 : blockRows(instructions, members, rows, blockBytes),
  );
  const isTemporary = (b: number): boolean => buffers[b]!.region === 'temporary' && lives[b] !== undefined;
  const local = buffers.map((_, b) => {
    const life = lives[b];
    if (!isTemporary(b) || life === undefined || life.first !== life.last || life.irregular.size > 0) return false;
    return order[life.first]!.rows !== undefined;
  });
  const owner = shareInPlace(buffers, instructions, order, lives, local);
  const offsets = buffers.map(() => -1);

  const requests: Request[] = [];
  const holders: (readonly number[])[] = [];
  const localOf: number[][] = order.map(() => []);
  local.forEach((isLocal, b) => isLocal && localOf[lives[b]!.first]!.push(b));
  order.forEach((group, g) => {
    const mine = localOf[g]!;
    if (mine.length === 0) return;
    const sets = spansOf(mine, owner, (b) => [lives[b]!.firstMember, lives[b]!.lastMember]);
    const bytesOf = (b: number): number => (buffers[b]!.bytes / group.rows!) * blocks[g]!;
    const scratch = bestFit(sets.map(({ members, first, last }) => ({ bytes: bytesOf(members[0]!), first, last })));
    sets.forEach(({ members }, i) => members.forEach((b) => (offsets[b] = scratch.offsets[i]!)));
    requests.push({ bytes: scratch.total, first: g, last: g });
    holders.push(mine);
  });
  const global = buffers.flatMap((_, b) => (isTemporary(b) && !local[b] ? [b] : []));
  for (const { members, first, last } of spansOf(global, owner, (b) => [lives[b]!.first, lives[b]!.last])) {
    requests.push({ bytes: buffers[members[0]!]!.bytes, first, last });
    holders.push(members);
  }
  const arena = bestFit(requests);
  holders.forEach((set, i) => set.forEach((b) => (offsets[b] = Math.max(offsets[b]!, 0) + arena.offsets[i]!)));
  return { total: aligned(arena.total), offsets, local, blocks };
}

function lifetimes(
  buffers: readonly Buffer[],
  instructions: readonly Instruction[],
  order: readonly Group[],
): (Life | undefined)[] {
  const lives: (Life | undefined)[] = buffers.map(() => undefined);
  order.forEach(({ members }, g) => {
    members.forEach((member, position) => {
      const { args, strip } = instructions[member]!;
      args.forEach((arg, i) => {
        if (!isPlace(arg)) return;
        const life = (lives[arg.buffer] ??= {
          first: g,
          last: g,
          firstMember: position,
          lastMember: position,
          irregular: new Set(),
        });
        life.last = g;
        life.lastMember = position;
        const whole = arg.bytes === buffers[arg.buffer]!.bytes;
        if (strip === undefined || strip.fixed.includes(i) || !whole) life.irregular.add(g);
      });
    });
  });
  return lives;
}

/**
 * For every buffer the one whose memory it takes over: an elementwise kernel may write onto an operand that has its last
 * use there. Chains lead to the first owner.
 */
function shareInPlace(
  buffers: readonly Buffer[],
  instructions: readonly Instruction[],
  order: readonly Group[],
  lives: readonly (Life | undefined)[],
  local: readonly boolean[],
): number[] {
  const owner = buffers.map((_, b) => b);
  order.forEach(({ members }, g) => {
    members.forEach((member, position) => {
      const { kernel, args, out, accumulates } = instructions[member]!;
      const target = args[out];
      if (target === undefined || !isPlace(target) || accumulates || !mayOverwrite(kernel)) return;
      const starts = (b: number): boolean => lives[b]!.first === g && lives[b]!.firstMember === position;
      if (buffers[target.buffer]!.region !== 'temporary' || !starts(target.buffer)) return;
      if (lives[target.buffer]!.irregular.has(g)) return;
      const dying = args.find((arg, i): arg is Place => {
        if (!isPlace(arg) || i === out || buffers[arg.buffer]!.region !== 'temporary') return false;
        const { last, lastMember, irregular } = lives[arg.buffer]!;
        if (last !== g || lastMember !== position || irregular.has(g)) return false;
        return arg.bytes === target.bytes && local[arg.buffer] === local[target.buffer];
      });
      if (dying !== undefined) owner[target.buffer] = owner[dying.buffer]!;
    });
  });
  return owner;
}

function mayOverwrite(kernel: string): boolean {
  return (
    kernel === 'multiplyAdd' || kernel === 'select' || kernel === 'axpby' || /^(unary|binary|scalarBinary)/.test(kernel)
  );
}

/** Buffers grouped by owner, and the time each set is alive. */
function spansOf(
  buffers: readonly number[],
  owner: readonly number[],
  span: (b: number) => readonly [number, number],
): { members: number[]; first: number; last: number }[] {
  const byOwner = new Map<number, { members: number[]; first: number; last: number }>();
  for (const b of buffers) {
    const [first, last] = span(b);
    const set = byOwner.get(owner[b]!);
    if (set === undefined) byOwner.set(owner[b]!, { members: [b], first, last });
    else {
      set.members.push(b);
      set.first = Math.min(set.first, first);
      set.last = Math.max(set.last, last);
    }
  }
  return [...byOwner.values()];
}

function blockRows(
  instructions: readonly Instruction[],
  members: readonly number[],
  rows: number,
  blockBytes: number,
): number {
  let rowBytes = 1;
  for (const member of members) {
    const { args, strip } = instructions[member]!;
    args.forEach((arg, i) => {
      if (isPlace(arg) && !strip!.fixed.includes(i)) rowBytes = Math.max(rowBytes, arg.bytes / rows);
    });
  }
  return Math.min(rows, Math.max(1, Math.floor(blockBytes / rowBytes)));
}
