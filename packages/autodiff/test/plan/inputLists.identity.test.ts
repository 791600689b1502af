import { describe, expect, it } from 'vitest';
import {
  dense,
  entriesOf,
  float32,
  linearizeProgram,
  planLinearized,
  square,
  sum,
  tanh,
  trace,
  valueAndGrad,
  type LinearizedPlan,
  type Tensor,
} from '../everything.js';

const [rows, features, hidden] = [9, 11, 32];
const loss = ([W, b]: readonly [Tensor, Tensor], x: Tensor): Tensor => sum(square(tanh(dense(x, W, b))));
const gradient = (w: readonly [Tensor, Tensor], x: Tensor): unknown => valueAndGrad(loss)(w, x);
const { program } = trace(gradient as never, [[float32(features, hidden), float32(hidden)], float32(rows, features)]);
const split = linearizeProgram(program, { wrt: [0, 1] });
const programs = [{ ...split, tangent: { ...split.tangent, outputs: split.tangent.outputs.slice(1) } }];

const wave = (length: number, phase: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(1.7 * i + phase));
const images = (entries: number, phase: number): Float32Array =>
  wave(rows * features, phase).map((v, i) => (i % Math.ceil((rows * features) / entries) === 0 ? v : 0));
const count = (values: Float32Array): number => values.filter((v) => v !== 0).length;
const given = [images(20, 1), images(7, 2)];

function planned(listed: boolean, memoryLimit = 2 ** 30): LinearizedPlan {
  const plan = planLinearized(programs, {
    chunks: [0, 0],
    shared: [true, true, false],
    outputs: 3,
    memoryLimit,
    deterministic: true,
    ...(listed && { entries: (chunk, input) => (input === 2 ? count(given[chunk]!) : undefined) }),
  });
  plan.shared[0]!.set(wave(features * hidden, 3));
  plan.shared[1]!.set(wave(hidden, 4));
  given.forEach((x, chunk) => plan.setData(chunk, [undefined, undefined, x]));
  return plan;
}

function product(plan: LinearizedPlan, v: Float32Array): Float32Array[] {
  plan.primal.clear();
  plan.tangent.clear();
  plan.tangents[0]!.set(v);
  plan.tangents[1]!.set(wave(hidden, 6));
  for (const chunk of [0, 1]) plan.primal.run(chunk);
  for (const chunk of [0, 1]) plan.tangent.run(chunk);
  return plan.tangent.outputs.map((view) => Float32Array.from(view));
}

const direction = wave(features * hidden, 5);
const infinite = direction.map((v, i) => (i === 40 ? Infinity : v));

describe('lists of inputs that are mostly zero', () => {
  it('take memory, and leave the bits of products', () => {
    const [plain, listed] = [planned(false), planned(true)];
    // two lists of 8 bytes per entry
    expect(listed.bytes - plain.bytes).toBeGreaterThanOrEqual(2 * 8 * (count(given[0]!) + count(given[1]!)));
    expect(product(listed, direction)).toEqual(product(plain, direction));
    expect(product(listed, direction)[0]!.some((v) => v !== 0)).toBe(true);
  });

  it('serve the data that they are made of: a list of other data would be seen', () => {
    const plan = planned(true);
    const before = product(plan, direction);
    const moved = planned(true);
    const other = images(15, 8);
    moved.setData(0, [undefined, undefined, other]);
    expect(product(moved, direction)).not.toEqual(before);
    const plain = planned(false);
    plain.setData(0, [undefined, undefined, other]);
    expect(product(moved, direction)).toEqual(product(plain, direction));
  });

  it('give way to whole products where data have more entries than there is room for, and come back', () => {
    const [plain, listed] = [planned(false), planned(true)];
    const first = product(listed, direction);
    for (const plan of [plain, listed]) plan.setData(1, [undefined, undefined, wave(rows * features, 9)]);
    expect(product(listed, direction)).toEqual(product(plain, direction));
    listed.setData(1, [undefined, undefined, given[1]]);
    expect(product(listed, direction)).toEqual(first);
  });

  it('let infinities and NaN of a direction through: 0 · ∞ is NaN', () => {
    const found = product(planned(true), infinite);
    expect(found).toEqual(product(planned(false), infinite));
    expect(found[0]!.some(Number.isNaN)).toBe(true);
  });

  it('are kept for as many chunks as the memory allows', () => {
    const [plain, listed] = [planned(false), planned(true)];
    const bits = product(plain, direction);
    const seen = new Set<number>();
    for (let limit = plain.bytes; limit <= listed.bytes; limit += 64) {
      const plan = planned(true, limit);
      expect(plan.bytes).toBeLessThanOrEqual(limit);
      expect(plan.residentChunks).toBe(2);
      seen.add(plan.bytes);
      expect(product(plan, direction)).toEqual(bits);
    }
    expect(seen.size).toBe(3);
  });
});

it('entries are what is not zero, of either sign, in every type', () => {
  const values = [0, -0, 1, -1, NaN, Infinity, 2 ** -149, -(2 ** -149), 0, 3];
  const counted = (all: readonly number[]): number => all.filter((v) => v !== 0).length;
  expect(entriesOf(Float32Array.from(values))).toBe(counted(values));
  const fine = [...values, 2 ** -1074, -(2 ** -1074), 2 ** -1043, 1 + 2 ** -52];
  expect(entriesOf(Float64Array.from(fine))).toBe(counted(fine));
  expect(entriesOf(Float64Array.from([9, ...fine]).subarray(1))).toBe(counted(fine));
  expect(entriesOf(Int32Array.of(0, 1, -(2 ** 31), -1))).toBe(3);
  expect(entriesOf(new Float64Array(0))).toBe(0);
});
