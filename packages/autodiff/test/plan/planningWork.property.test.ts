// Work that is counted, never timed: how often planning reads the arguments of instructions, and the requests for memory. Four times as
// long a program must take about four times as much of it.
import { describe, expect, it } from 'vitest';
import {
  add,
  compile,
  concatenate,
  evaluate,
  float64,
  grad,
  hvp,
  linearizeProgram,
  logSumExp,
  matmul,
  mul,
  neg,
  planLinearized,
  relu,
  reshape,
  simplify,
  sin,
  slice,
  stack,
  sub,
  sum,
  tanh,
  trace,
  transpose,
  valueAndGrad,
  type Program,
  type Spec,
  type Tensor,
} from '../everything.js';
import { bestFit, fitBySize, fitInTime, type Request } from '../../src/plan/memory/bestFit.js';
import { dependencies } from '../../src/plan/memory/dependencies.js';
import { fuse } from '../../src/plan/memory/fuse.js';
import { jointOf, type Ordered } from '../../src/plan/memory/groupOrder.js';
import { layout } from '../../src/plan/memory/layout.js';
import { lower } from '../../src/plan/lower/lower.js';
import { rootInstructions } from '../../src/plan/memory/rootPlace.js';
import { programOrder } from '../../src/plan/memory/schedule.js';
import { differences, run } from './plannedRun.js';

const times = <T>(n: number, x: T, f: (x: T, i: number) => T): T => {
  let y = x;
  for (let i = 0; i < n; i++) y = f(y, i);
  return y;
};
const product = (x: Tensor, n: number): Tensor => times(n / 2, x, (y) => mul(tanh(y), x));
const loop = (W: Tensor, x: Tensor, n: number): Tensor => times(n / 3, x, (h) => tanh(add(matmul(h, W), x)));
const fan = (x: Tensor, n: number): Tensor[] => Array.from({ length: n / 2 }, (_, i) => sin(mul(x, 2 + i)));
const skips = (x: Tensor, n: number): Tensor => {
  const states = [x];
  for (let i = 0; i < n / 2; i++) states.push(tanh(add(states[i]!, states[(7919 * i) % states.length]!)));
  return sum(states.at(-1)!);
};
const matrices = [float64(4, 4), float64(3, 4)];

/** programs of about n operations */
const shapes: Readonly<
  Record<string, readonly [(n: number) => (...xs: Tensor[]) => Tensor | Tensor[], readonly Spec[]]>
> = {
  'a chain': [(n) => (x) => product(x, n), [float64(8)]],
  'a fan': [(n) => (x) => fan(x, n).reduce(add), [float64(8)]],
  'sums of a fan': [(n) => (x) => stack(fan(x, n / 2).map((y) => sum(y))), [float64(8)]],
  'many outputs': [(n) => (x) => fan(x, n), [float64(8)]],
  'many pieces': [
    (n) => (x) => concatenate(Array.from({ length: n / 2 }, (_, i) => tanh(slice(x, [i % 5], [3 + (i % 5)])))),
    [float64(8)],
  ],
  'an unrolled loop': [(n) => (W, x) => loop(W!, x!, n), matrices],
  'a gradient of one': [(n) => grad((W: Tensor, x: Tensor) => sum(loop(W, x, n / 3))) as never, matrices],
  'a Hessian product of a chain': [(n) => hvp((x: Tensor) => sum(product(x, n / 9))) as never, [float64(8)]],
  'states that read earlier ones': [(n) => (x) => skips(x, n), [float64(8)]],
  'a gradient of them': [(n) => grad((x: Tensor) => skips(x, n / 4)) as never, [float64(8)]],
  'rows that are normalised': [
    (n) => (x) => times(n / 4, x!, (h) => sub(h, mul(0.1, reshape(logSumExp(h), [3, 1])))),
    [float64(3, 4)],
  ],
};

/** How often dependencies, fusion, order and layout read the arguments of an instruction. */
function reads(program: Program): number {
  let count = 0;
  const { emitter } = lower(simplify(program));
  const instructions = rootInstructions(emitter.buffers, emitter.instructions).map((instruction) => {
    const { args } = instruction;
    return Object.defineProperty({ ...instruction }, 'args', { get: () => (count++, args) });
  });
  const before = dependencies(instructions);
  const groups = fuse(instructions, before);
  layout(emitter.buffers, instructions, programOrder(groups, before), 8192);
  return count;
}

describe('planning', () => {
  for (const [name, [f, specs]] of Object.entries(shapes))
    it(`does four times the work for four times the program: ${name}`, () => {
      const [short, long] = [400, 1600].map((n) => trace(f(n) as never, specs).program) as [Program, Program];
      const growth = simplify(long).equations.length / simplify(short).equations.length;
      expect(reads(long) / reads(short)).toBeLessThan(1.4 * Math.max(growth, 4));
    });

  it('looks at few edges for what runs between two groups: those between their ranks, and never many', () => {
    let count = 0;
    class Counted<T> extends Set<T> {
      override *[Symbol.iterator](): SetIterator<T> {
        for (const x of super[Symbol.iterator]()) {
          count++;
          yield x;
        }
        return undefined;
      }
    }
    interface Node extends Ordered<Node> {}
    const chain = Array.from(
      { length: 5000 },
      (_, rank): Node => ({ rank, before: new Counted(), after: new Counted() }),
    );
    chain.slice(1).forEach((node, i) => {
      node.before.add(chain[i]!);
      chain[i]!.after.add(node);
    });
    const edges = (a: number, b: number): number => {
      count = 0;
      jointOf(chain[a]!, chain[b]!);
      return count;
    };
    expect(edges(4998, 4999)).toBe(1);
    expect(edges(4990, 4999)).toBe(9);
    expect(edges(0, 4999)).toBeLessThan(1002);
    chain[4999]!.before.delete(chain[4998]!);
    chain[4999]!.before.add(chain[3000]!);
    // what precedes it is older than both
    expect(edges(3100, 4999)).toBe(1);
  });

  it('does so of the requests for memory', () => {
    const counted = (n: number): number => {
      let count = 0;
      const requests = Array.from({ length: n }, (_, i): Request => {
        const [bytes, last] = [64 * (1 + (i % 3)), i < n / 2 ? n - i : i + 1];
        return Object.defineProperty({ bytes, last } as Request, 'first', { get: () => (count++, i) });
      });
      bestFit(requests);
      return count;
    };
    expect(counted(10000) / counted(5000)).toBeLessThan(2.5);
  });
});

describe('memory of many requests', () => {
  const random = (n: number, seed: number): Request[] => {
    let state = seed;
    const next = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    return Array.from({ length: n }, () => {
      const first = next(n);
      return { bytes: next(4) * 40, first, last: first + next(12) };
    });
  };

  it('never overlaps while both live, placed in time', () => {
    for (let seed = 0; seed < 20; seed++) {
      const requests = random(60, seed);
      const { offsets, total } = fitInTime(requests);
      requests.forEach((a, i) => {
        expect(offsets[i]! % 64).toBe(0);
        expect(offsets[i]! + a.bytes).toBeLessThanOrEqual(total);
        for (const [j, b] of requests.slice(0, i).entries()) {
          const together = a.first <= b.last && b.first <= a.last;
          const apart = offsets[i]! + a.bytes <= offsets[j]! || offsets[j]! + b.bytes <= offsets[i]!;
          expect(!together || apart || a.bytes * b.bytes === 0).toBe(true);
        }
      });
    }
  });

  it('is within a third of what placing by size needs', () => {
    for (let seed = 0; seed < 5; seed++) {
      const requests = random(1500, seed);
      expect(fitInTime(requests).total).toBeLessThan((4 / 3) * fitBySize(requests).total);
    }
  });

  it('comes back whole: two neighbours that ended make room for one of both sizes', () => {
    const requests = [
      { bytes: 64, first: 0, last: 1 },
      { bytes: 64, first: 0, last: 0 },
      { bytes: 64, first: 0, last: 5 },
      { bytes: 128, first: 2, last: 3 },
    ];
    expect(fitInTime(requests)).toEqual({ offsets: [0, 64, 128, 0], total: 192 });
  });
});

describe('programs of thousands of layers', () => {
  const small = Float64Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 0.9 : 0.01 * ((i % 3) - 1)));
  const deep: Readonly<Record<string, readonly [(...xs: Tensor[]) => Tensor, readonly Spec[]]>> = {
    'products of matrices': [(W, x) => times(2500, x!, (h) => matmul(h, W!)), matrices],
    'layers with activations': [(W, x) => times(2000, x!, (h) => relu(matmul(h, W!))), matrices],
    factors: [(x) => times(6000, x, (h) => mul(h, 1.0001)), [float64(4)]],
    'signs and factors': [(x) => times(4000, x, (h) => neg(mul(h, 1.0001))), [float64(4)]],
    transposes: [(x) => times(4001, x, (h) => transpose(mul(h, 1.0001))), [float64(3, 4)]],
    'sums of products': [(W, x) => times(3000, x!, (h, i) => add(h, matmul(mul(x!, i), W!))), matrices],
  };
  for (const [name, [f, specs]] of Object.entries(deep))
    it(`plan and run as the interpreter runs them: ${name}`, () => {
      const { program } = trace(f as never, specs);
      const inputs = specs.map(({ shape }) =>
        small.slice(
          0,
          shape.reduce((a, b) => a * b, 1),
        ),
      );
      // thousands of roundings in another order
      expect(differences(run(program, inputs), evaluate(program, inputs), 20000)).toEqual([]);
    });

  it('have gradients and Hessian products', () => {
    const loss = (W: Tensor, x: Tensor): Tensor => sum(times(1000, x, (h) => matmul(h, W)));
    const gradient = compile(grad(loss), matrices);
    expect(gradient(small, small.slice(0, 12))).toHaveLength(16);
    const { program } = trace(valueAndGrad(loss), matrices);
    const { residentChunks } = planLinearized([linearizeProgram(program, { wrt: [0] })], {
      chunks: [0],
      shared: [true, false],
      outputs: 2,
    });
    expect(residentChunks).toBe(1);
  });
});
