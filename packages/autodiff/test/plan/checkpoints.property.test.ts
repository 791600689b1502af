// What is kept for products under a limit of memory. Oracle: the plan without a limit; every limit gives its bits, fits, and is used well.
import { describe, expect, it } from 'vitest';
import { createWorkspace } from '@hyperribbon/kernels';
import {
  float32,
  linearizeProgram,
  matmul,
  MemoryLimitError,
  planLinearized,
  square,
  sum,
  tanh,
  trace,
  valueAndGrad,
  type LinearizedPlan,
  type Tensor,
} from '../everything.js';
import { wave } from '../transforms/registry.js';

const [rows, inputs, outputs] = [4, 3, 2];
const loss = (W: Tensor, x: Tensor): Tensor => sum(square(tanh(matmul(x, W))));
const split = linearizeProgram(trace(valueAndGrad(loss), [float32(inputs, outputs), float32(rows, inputs)]).program, {
  wrt: [0],
});
const chunks = [0, 0, 0, 0, 0];

function made(options: { memoryLimit?: number; workspace?: ReturnType<typeof createWorkspace> }): LinearizedPlan {
  const plan = planLinearized([split], { chunks, shared: [true, false], deterministic: true, outputs: 2, ...options });
  plan.shared[0]!.set(wave(inputs * outputs, 1, 'float32'));
  chunks.forEach((_, i) => plan.setData(i, [undefined, wave(rows * inputs, 2 + i, 'float32')]));
  plan.primal.clear();
  chunks.forEach((_, i) => plan.primal.run(i));
  plan.tangents[0]!.set(wave(inputs * outputs, 9, 'float32'));
  return plan;
}

function product(plan: LinearizedPlan, order: readonly number[] = chunks.map((_, i) => i)): number[] {
  plan.tangent.clear();
  for (const i of order) plan.tangent.run(i);
  return Array.from(plan.tangent.outputs[1]!);
}

const all = made({});
const bits = product(all);

describe('under a limit of memory', () => {
  const limits = Array.from({ length: 40 }, (_, i) => all.bytes - 64 * i);
  const plans = limits.flatMap((limit) => {
    try {
      return [{ limit, plan: made({ memoryLimit: limit }) }];
    } catch (error) {
      expect(error).toBeInstanceOf(MemoryLimitError);
      expect(error).toMatchObject({ limit });
      expect((error as MemoryLimitError).bytes).toBeGreaterThan(limit);
      return [];
    }
  });

  it('plans fit it, and products keep their bits, once and again', () => {
    expect(plans.length).toBeGreaterThan(4);
    for (const { limit, plan } of plans) {
      expect(plan.bytes).toBeLessThanOrEqual(limit);
      expect([product(plan), product(plan)]).toEqual([bits, bits]);
    }
  });

  it('more memory never keeps fewer chunks, and fewer chunks cost more per product', () => {
    for (let i = 1; i < plans.length; i++) {
      const [more, less] = [plans[i - 1]!.plan, plans[i]!.plan];
      expect(more.residentChunks).toBeGreaterThanOrEqual(less.residentChunks);
      if (more.residentChunks > less.residentChunks) expect(less.tangent.flops).toBeGreaterThan(more.tangent.flops);
    }
    expect(plans[0]!.plan.residentChunks).toBe(chunks.length);
    expect(plans.at(-1)!.plan.residentChunks).toBe(0);
  });

  it('as many chunks stay as there is room for', () => {
    const least = new Map(plans.map(({ plan }) => [plan.residentChunks, plan.bytes]));
    expect([...least.keys()]).toEqual([5, 3, 2, 1, 0]);
    for (const { limit, plan } of plans.filter(({ plan: { residentChunks } }) => residentChunks < 3)) {
      const oneMore = least.get(plan.residentChunks + 1)! - plan.bytes;
      expect(limit - plan.bytes).toBeLessThan(oneMore);
    }
  });

  it('what still lies in place is not computed again', () => {
    const { plan } = plans.at(-1)!;
    const data = wave(rows * inputs, 6, 'float32');
    plan.setData(4, [undefined, data]);
    plan.primal.run(4);
    const kept = product(all, [4]);
    data.fill(0); // the plan holds a reference: whoever loads again sees zeros
    expect([product(plan, [4]), product(plan, [4])]).toEqual([kept, kept]);
    data.set(wave(rows * inputs, 6, 'float32'));
    expect(product(plan, [3, 4]).length).toBe(kept.length);
    data.fill(0);
    expect(product(plan, [4])).toEqual(kept);
    product(plan, [3]);
    expect(product(plan, [4])).toEqual(kept.map(() => 0));
    data.set(wave(rows * inputs, 6, 'float32'));
  });

  it('one chunk at a time leaves nothing of another in the way: any order of products sums its own terms', () => {
    const { plan } = plans.at(-1)!;
    const each = chunks.map((_, i) => product(plan, [i]));
    const orders = [
      [4, 3, 2, 1, 0],
      [2, 2, 0, 1, 1],
      [0, 4, 0, 4, 0],
    ];
    for (const order of orders) {
      const expected = order.reduce(
        (sum_, i) => sum_.map((x, j) => Math.fround(x + each[i]![j]!)),
        each[0]!.map(() => 0),
      );
      product(plan, order).forEach((x, j) =>
        expect(Math.abs(x - expected[j]!)).toBeLessThanOrEqual(2 ** -20 * (1 + Math.abs(x))),
      );
    }
  });

  it('a workspace limits as a number does, and what it had given away stays untouched', () => {
    const workspace = createWorkspace({ bytes: all.bytes + 64, deterministic: true });
    const own = workspace.float64View(workspace.allocate(64), 8).fill(7);
    const plan = made({ workspace });
    expect(product(plan)).toEqual(bits);
    expect(Array.from(own)).toEqual(Array(8).fill(7));
    expect(() => made({ workspace })).toThrow(MemoryLimitError);
  });

  it('new data of one chunk change its part of the product alone', () => {
    const plan = made({ memoryLimit: plans.at(-1)!.limit });
    const before = chunks.map((_, i) => product(plan, [i]));
    plan.setData(2, [undefined, wave(rows * inputs, 30, 'float32')]);
    plan.primal.run(2);
    const after = chunks.map((_, i) => product(plan, [i]));
    expect(after.map((part, i) => part.every((x, j) => x === before[i]![j]))).toEqual([true, true, false, true, true]);
  });
});
