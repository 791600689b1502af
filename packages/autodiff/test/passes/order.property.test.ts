// Oracle: the definition. Every order runs each group once, none before what it needs; the frugal one keeps no more alive than it must in
// programs of which that is known.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sum, square, tanh, trace, add, mul, concatenate, float64, plan, type Tensor } from '../everything.js';
import type { Instruction, Place } from '../../src/plan/instruction.js';
import { dependencies } from '../../src/plan/memory/dependencies.js';
import { fuse, type Group } from '../../src/plan/memory/fuse.js';
import { rootInstructions, rootPlace } from '../../src/plan/memory/rootPlace.js';
import { frugalOrder, programOrder } from '../../src/plan/memory/schedule.js';

const [bytes, rows] = [64, 8];
const place = (buffer: number, offset = 0, size = bytes): Place => ({ buffer, offset, bytes: size });
/** out ← f(ins), row by row */
const flat = (out: Place, ...ins: readonly Place[]): Instruction => ({
  kernel: 'binary.add',
  dtype: 'float64',
  args: [rows, ...ins, out],
  out: ins.length + 1,
  accumulates: false,
  flops: rows,
  strip: { count: 0, structured: false, fixed: [] },
});
const whole = (out: Place, ...ins: readonly Place[]): Instruction => {
  const { strip: _, ...rest } = flat(out, ...ins);
  return rest;
};
const alone = (instructions: readonly Instruction[]): Group[] =>
  instructions.map((_, i) => ({ members: [i], rows: undefined }));

/** Random instructions: each writes a buffer of its own (or, sometimes, one that was written before) and reads earlier ones, whole or in part. */
const programs = fc
  .array(fc.record({ a: fc.nat(1000), b: fc.nat(1000), cut: fc.boolean(), again: fc.nat(5), part: fc.nat(63) }), {
    minLength: 1,
    maxLength: 24,
  })
  .map((list) =>
    list.map(({ a, b, cut, again, part }, i) => {
      const partOf = (buffer: number, which: number): Place =>
        which % 4 === 1 ? place(buffer, 0, 32) : which % 4 === 2 ? place(buffer, 16, 48) : place(buffer);
      const out = partOf(again === 0 && i > 0 ? (a % i) + 1 : i + 1, part);
      return (cut ? flat : whole)(out, partOf(a % (i + 1), part >> 2), partOf(b % (i + 1), part >> 4));
    }),
  );

/** By definition: the earlier instructions that share bytes with each one, written by either. */
function conflicts(list: readonly Instruction[]): number[][] {
  const places = ({ args }: Instruction): Place[] => args.filter((arg) => typeof arg !== 'number');
  const touches = (x: Place, y: Place): boolean =>
    x.buffer === y.buffer && x.offset < y.offset + y.bytes && y.offset < x.offset + x.bytes;
  return list.map((later, i) =>
    list.slice(0, i).flatMap((earlier, j) => {
      const written = [earlier.args[earlier.out], later.args[later.out]] as Place[];
      const meet = places(earlier).some((x) =>
        places(later).some((y) => touches(x, y) && (x === written[0] || y === written[1])),
      );
      return meet ? [j] : [];
    }),
  );
}

function violations(order: readonly Group[], before: readonly (readonly number[])[]): string[] {
  const at = new Map(order.flatMap(({ members }, g) => members.map((member) => [member, g] as const)));
  const wrong = before.flatMap((list, i) => list.filter((j) => at.get(j)! > at.get(i)!).map((j) => `${j} after ${i}`));
  return at.size === before.length ? wrong : [...wrong, `${at.size} of ${before.length} run`];
}

describe('dependencies', () => {
  it('are read after write, write after read and write after write of the same bytes', () => {
    const list = [
      flat(place(1), place(0)),
      flat(place(2), place(1)),
      flat(place(1), place(0)),
      flat(place(3), place(2)),
    ];
    expect(dependencies(list)).toEqual([[], [0], [0, 1], [1]]);
  });

  it('leave out what a write of the same bytes waits for already', () => {
    const again = [flat(place(1), place(0)), flat(place(1), place(0)), flat(place(2), place(1))];
    expect(dependencies(again)).toEqual([[], [0], [1]]);
  });

  it('are none between readers, nor between disjoint parts of one buffer', () => {
    const parts = [flat(place(1, 0, 32), place(0)), flat(place(1, 32, 32), place(0)), flat(place(2), place(1))];
    expect(dependencies(parts)).toEqual([[], [], [0, 1]]);
  });

  it('see parts by the buffer that owns them', () => {
    const own = { bytes: 128, region: 'temporary', index: -1, parent: undefined } as const;
    const buffers = [
      own,
      { ...own, bytes: 64, parent: place(0, 64) },
      { ...own, bytes: 32, parent: place(1, 32, 32) },
      own,
      own,
    ];
    expect(rootPlace(buffers, place(2, 8, 8))).toEqual(place(0, 104, 8));
    const list = rootInstructions(buffers, [
      flat(place(2, 0, 32), place(3)),
      flat(place(4), place(0, 96, 32)),
      flat(place(4, 0, 8), place(0, 0, 64)),
    ]);
    expect(dependencies(list).slice(0, 2)).toEqual([[], [0]]);
  });
});

describe('orders', () => {
  it('of random programs, fused or not, run everything once and nothing before what it needs', () => {
    const property = fc.property(programs, (list) => {
      const before = dependencies(list);
      for (const groups of [alone(list), fuse(list, before)]) {
        const uses = groups.map(({ members }) => [
          ...new Set(
            members.flatMap((i) => list[i]!.args.flatMap((arg) => (typeof arg === 'number' ? [] : [arg.buffer]))),
          ),
        ]);
        const sizes = Array.from({ length: list.length + 1 }, () => bytes);
        const all = conflicts(list);
        expect(violations(programOrder(groups, before), all)).toEqual([]);
        expect(violations(frugalOrder(groups, before, uses, sizes), all)).toEqual([]);
      }
    });
    fc.assert(property, { seed: 11, numRuns: 500 });
  });

  it('would be caught: a program run backwards is not in order', () => {
    const list = [flat(place(1), place(0)), flat(place(2), place(1))];
    expect(violations(alone(list).toReversed(), dependencies(list))).toEqual(['0 after 1']);
  });

  it('of the program itself are kept where nothing is fused', () => {
    const list = [whole(place(2), place(0)), whole(place(1), place(0)), whole(place(3), place(2))];
    expect(programOrder(alone(list), dependencies(list)).map(({ members }) => members)).toEqual([[0], [1], [2]]);
  });

  it('that are frugal count what a step frees: a result of 96 bytes that ends 64 comes before one of 80', () => {
    const list = [
      whole(place(1), place(0)),
      whole(place(2), place(0)),
      whole(place(3), place(1)),
      whole(place(4), place(2), place(3)),
    ];
    const uses = [[1], [2], [1, 3], [2, 3, 4]];
    const order = frugalOrder(alone(list), dependencies(list), uses, [0, 64, 80, 96, 8]);
    expect(order.map(({ members }) => members[0])).toEqual([0, 2, 1, 3]);
  });

  it('that are frugal finish one branch before they begin the next', () => {
    // four branches of a large intermediate each, summed up at the end
    const branches = (x: Tensor): Tensor => {
      const wide = [1, 2, 3, 4].map((k) => concatenate([mul(x, k), tanh(x), square(x)], 0));
      return wide.map((y) => sum(square(y))).reduce(add);
    };
    const { program } = trace(branches, [float64(4096)]);
    const { layout } = plan(program, { fused: false });
    expect(layout.total).toBeLessThan(2 * 4 * 3 * 4096 * 8);
  });
});

describe('fusion', () => {
  it('joins a chain, and readers of the same data', () => {
    const chain = [flat(place(1), place(0)), flat(place(2), place(1)), flat(place(3), place(0))];
    expect(fuse(chain, dependencies(chain))).toEqual([{ members: [0, 1, 2], rows }]);
  });

  it('leaves alone what is not cut into rows, and what would have to wait for it', () => {
    // 0 → 1 (whole) → 2, and 0 → 2: joining 0 with 2 would put 1 inside of their group
    const list = [flat(place(1), place(0)), whole(place(2), place(1)), flat(place(3), place(1), place(2))];
    expect(fuse(list, dependencies(list)).map(({ members }) => members)).toEqual([[0], [1], [2]]);
  });

  it('does not join what meets in shifted rows', () => {
    const list = [flat(place(1, 0, 128), place(0, 0, 128)), flat(place(2), place(1, 64, 64))];
    expect(fuse(list, dependencies(list)).map(({ members }) => members)).toEqual([[0], [1]]);
  });

  it('does not join what also meets in the same rows, if one meeting is shifted', () => {
    const list = [flat(place(1), place(0)), flat(place(2), place(1), place(1, 32, 32))];
    expect(fuse(list, dependencies(list)).map(({ members }) => members)).toEqual([[0], [1]]);
  });

  it('keeps no two groups that need each other, in random programs', () => {
    const property = fc.property(programs, (list) => {
      const groups = fuse(list, dependencies(list));
      expect(groups.flatMap(({ members }) => members).sort((a, b) => a - b)).toEqual(list.map((_, i) => i));
      for (const { members, rows: cut } of groups) {
        expect(cut === undefined).toBe(members.length === 1);
        expect(members.every((i) => members.length === 1 || list[i]!.strip !== undefined)).toBe(true);
      }
    });
    fc.assert(property, { seed: 13, numRuns: 300 });
  });
});
