import { describe, expect, it } from 'vitest';
import {
  conv2d,
  dense,
  evaluate,
  float32,
  gatherRows,
  grad,
  hvp,
  int32,
  linearizeProgram,
  logSumExp,
  MemoryLimitError,
  planLinearized,
  reshape,
  square,
  sub,
  sum,
  tanh,
  trace,
  valueAndGrad,
  type LinearizedPlan,
  type Tensor,
} from '../everything.js';
import { differences, type Data } from './plannedRun.js';

type Weights = readonly [Tensor, Tensor, Tensor, Tensor];

function loss([W1, b1, W2, b2]: Weights, x: Tensor, labels: Tensor): Tensor {
  const logits = dense(dense(x, W1, b1, 'tanh'), W2, b2);
  return sum(sub(logSumExp(logits), gatherRows(logits, labels)));
}

const [features, hidden, classes, total, chunkSize] = [6, 5, 3, 10, 4];
const weightSpecs = [float32(features, hidden), float32(hidden), float32(hidden, classes), float32(classes)] as const;
const wave = (length: number, phase: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(1.7 * i + phase));
const sizes = weightSpecs.map(({ shape }) => shape.reduce((a, b) => a * b, 1));
const weights = sizes.map((n, i) => wave(n, i));
const direction = sizes.map((n, i) => wave(n, 10 + i));
const x = wave(total * features, 20);
const labels = Int32Array.from({ length: total }, (_, i) => (i * 2) % classes);

const linearized = [chunkSize, total % chunkSize].map((rows) => {
  const gradient = (w: Weights, data: Tensor, y: Tensor): unknown => valueAndGrad(loss)(w, data, y);
  const { program } = trace(gradient as never, [weightSpecs, float32(rows, features), int32(rows)]);
  const split = linearizeProgram(program, { wrt: [0, 1, 2, 3] });
  // the derivative of the loss itself is not wanted
  return { ...split, tangent: { ...split.tangent, outputs: split.tangent.outputs.slice(1) } };
});
const shared = [true, true, true, true, false, false];
const chunks = [0, 0, 1];

function filled(memoryLimit: number): LinearizedPlan {
  const plan = planLinearized(linearized, { chunks, shared, memoryLimit, deterministic: true, outputs: 5 });
  weights.forEach((w, i) => plan.shared[i]!.set(w));
  chunks.forEach((_, i) => {
    const [from, to] = [i * chunkSize, Math.min(total, (i + 1) * chunkSize)];
    const none = [undefined, undefined, undefined, undefined];
    plan.setData(i, [...none, x.slice(from * features, to * features), labels.slice(from, to)]);
  });
  return plan;
}

function product(plan: LinearizedPlan, v: readonly Float32Array[], count: number = chunks.length): Data[] {
  v.forEach((part, i) => plan.tangents[i]!.set(part));
  plan.tangent.clear();
  for (let i = 0; i < count; i++) plan.tangent.run(i);
  return plan.tangent.outputs.map((view) => view.slice());
}

function prepare(plan: LinearizedPlan): Data[] {
  plan.primal.clear();
  chunks.forEach((_, i) => plan.primal.run(i));
  return plan.primal.outputs.map((view) => view.slice());
}

const whole = [weightSpecs, float32(total, features), int32(total)] as const;
const inputs = [...weights, x, labels];
const everything = filled(2 ** 30).bytes;

describe('a linearised plan over chunks of 4, 4 and 2 examples', () => {
  it('sums loss and gradient to those of all 10 at once', () => {
    const expected = evaluate(trace(valueAndGrad(loss) as never, whole).program, inputs);
    expect(differences(prepare(filled(2 ** 30)), expected)).toEqual([]);
  });

  it('gives the Hessian-vector product, for one direction after the other', () => {
    const plan = filled(2 ** 30);
    prepare(plan);
    const { program } = trace(hvp(loss) as never, whole);
    for (const v of [direction, weights, direction]) {
      expect(differences(product(plan, v), evaluate(program, [...inputs, ...v]))).toEqual([]);
    }
  });

  it('keeps what fits the budget and recomputes the rest, with the same bits', () => {
    const reference = filled(everything);
    prepare(reference);
    const bits = product(reference, direction);
    expect(reference.residentChunks).toBe(3);
    const seen = new Set<number>();
    for (let budget = everything - 64; ; budget -= 256) {
      let plan: LinearizedPlan;
      try {
        plan = filled(budget);
      } catch (error) {
        expect(error).toBeInstanceOf(MemoryLimitError);
        expect((error as MemoryLimitError).limit).toBe(budget);
        break;
      }
      expect(plan.bytes).toBeLessThanOrEqual(budget);
      seen.add(plan.residentChunks);
      prepare(plan);
      expect(product(plan, direction)).toEqual(bits);
      expect(product(plan, direction)).toEqual(bits);
      expect(plan.tangent.flops).toBeGreaterThan(reference.tangent.flops);
    }
    expect([...seen].sort()).toEqual([0, 1]);
  });

  it('stores no residual that an input holds already', () => {
    // tanh(z), its derivative, the softmax and where it is above ½ are residuals; x and W2 are inputs
    const stored = filled(everything).residualBytes;
    const data = total * features * 4;
    expect(stored).toBeLessThan(data + 4 * chunks.length * (chunkSize * hidden * 4 + 64));
    const inputResiduals = linearized[0]!.residuals.filter((r) => 'input' in r);
    expect(inputResiduals.length).toBeGreaterThan(0);
  });

  it('refuses a product before the primal part and after new data', () => {
    const plan = filled(everything);
    expect(() => plan.tangent.run(0)).toThrow(/primal\.run\(0\) must come before/);
    prepare(plan);
    product(plan, direction);
    plan.setData(1, [undefined, undefined, undefined, undefined, wave(chunkSize * features, 1), labels.slice(0, 4)]);
    expect(() => plan.tangent.run(1)).toThrow(/primal\.run\(1\)/);
  });

  it('refuses labels out of range, wrong lengths and unknown chunks', () => {
    const plan = filled(everything);
    const none = [undefined, undefined, undefined, undefined];
    const data = wave(chunkSize * features, 1);
    expect(() => plan.setData(0, [...none, data, Int32Array.of(0, 1, 3, 0)])).toThrow(
      /index must be in \[0, 3\), got 3 at position 2/,
    );
    expect(() => plan.setData(0, [...none, data.slice(1), labels.slice(0, 4)])).toThrow(/input 4 of chunk 0/);
    expect(() => plan.primal.run(3)).toThrow(/chunk must be in \[0, 3\), got 3/);
  });

  it('has a Hessian: products with two directions are symmetric', () => {
    const plan = filled(everything);
    prepare(plan);
    const inner = (a: readonly Data[], b: readonly Data[]): number =>
      a.reduce((s, part, i) => s + Array.from(part).reduce((t, value, j) => t + value * b[i]![j]!, 0), 0);
    const left = inner(weights, product(plan, direction));
    const right = inner(direction, product(plan, weights));
    expect(Math.abs(left - right)).toBeLessThan(1e-5 * Math.abs(left));
  });
});

describe('a linearised plan of a convolution', () => {
  const images = (w: Tensor, data: Tensor): Tensor =>
    sum(square(tanh(conv2d(reshape(data, [2, 6, 6, 1]), w, { padding: 'valid' }))));
  const { program } = trace(grad(images as never) as never, [float32(3, 1, 3, 3), float32(2, 36)]);
  const split = linearizeProgram(program, { wrt: [0] });
  const make = (memoryLimit: number): LinearizedPlan => {
    const plan = planLinearized([split], { chunks: [0, 0], shared: [true, false], memoryLimit, deterministic: true });
    plan.shared[0]!.set(wave(27, 1));
    for (const i of [0, 1]) plan.setData(i, [undefined, wave(72, 2 + i)]);
    for (const i of [0, 1]) plan.primal.run(i);
    plan.tangents[0]!.set(wave(27, 4));
    return plan;
  };

  it('keeps images and not their patches, with the same bits whether chunks stay or recompute', () => {
    const all = make(2 ** 30);
    const [a, b] = [all, make(all.bytes - 64)].map((plan) => product(plan, [], 2));
    // patches of 2 · 16 positions in two chunks, 9 numbers each
    expect(all.residualBytes).toBeLessThan(2 * 2 * 16 * 9 * 4);
    expect(all.residentChunks).toBe(2);
    expect(a).toEqual(b);
    expect(Array.from(a![0]!).some((v) => v !== 0)).toBe(true);
  });
});
