// What looks right and is not: options that do not exist, networks whose examples depend on each other, labels of another kind.
import {
  add,
  div,
  dense,
  float64,
  grad,
  matmul,
  mean,
  mul,
  sqrt,
  square,
  sub,
  sum,
  tanh,
  trace,
  compile,
  hvp,
  type Tensor,
} from '@hyperribbon/autodiff';
import { curvatureCost, exampleJacobian, fisher, gaussNewton, gramMatrix, hessian } from '@hyperribbon/curvature';
import { defineNetwork, logits, mlp, requireSeparateExamples, train, type Network } from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';

const net = mlp([3, 4, 2]);
const examples = {
  inputs: Float32Array.from({ length: 30 }, (_, i) => Math.sin(i)),
  labels: Int32Array.from({ length: 10 }, (_, i) => i % 2),
  count: 10,
  features: 3,
  classes: 2,
};
const w = net.init(1);

/** Normalised by mean and variance of the batch. */
const batchStatistics: Network = defineNetwork({
  name: 'by-batch',
  inputs: 3,
  classes: 2,
  parameters: [
    { name: 'W', shape: [3, 2] },
    { name: 'b', shape: [2] },
  ],
  apply: ({ W, b }, x) => {
    const centred = sub(x, mean(x, 0, { keepDims: true }));
    const spread = sqrt(add(mean(square(centred), 0, { keepDims: true }), 1e-5));
    return dense(div(centred, spread), W!, b!);
  },
});

describe('a network whose examples depend on each other', () => {
  const calls: Readonly<Record<string, () => unknown>> = {
    hessian: () => hessian(batchStatistics, batchStatistics.init(1), examples),
    gaussNewton: () => gaussNewton(batchStatistics, batchStatistics.init(1), examples, { chunkSize: 5 }),
    exampleJacobian: () => exampleJacobian(batchStatistics, batchStatistics.init(1), examples),
  };
  for (const [name, call] of Object.entries(calls))
    it(`is refused by ${name}, which says what to do`, () => {
      expect(call).toThrow(
        new RegExp(`^${name}: examples must not depend on each other, but by-batch .* fixed statistics`),
      );
    });

  it('is refused by train', async () => {
    await expect(train(batchStatistics, examples)).rejects.toThrow(/^train: examples must not depend/);
  });

  it('is told from others', () => {
    for (const other of [net, mlp([5, 7, 3], { activation: 'gelu' })]) requireSeparateExamples('f', other);
  });
});

describe('an option that does not exist', () => {
  const calls: readonly [string, () => unknown][] = [
    ['hessian', () => hessian(net, w, examples, { chunksize: 5 } as never)],
    ['hessian', () => hessian(net, w, examples, { kind: 'exact' } as never)],
    ['fisher', () => fisher(net, w, examples, { kinds: 'sampled' } as never)],
    ['curvatureCost', () => curvatureCost('hessian', net, 10, { memorylimit: 5 } as never)],
    ['gramMatrix', () => gramMatrix(net, w, examples, { memory: 5 } as never)],
    ['logits', () => logits(net, w, examples, { batchSize: 5 } as never)],
    ['compile', () => compile((x: Tensor) => tanh(x), [float64(3)], { memorylimit: 5 } as never)],
    ['sum', () => trace((x: Tensor) => sum(x, 0, { keepdims: true } as never), [float64(3)])],
  ];
  for (const [name, call] of calls)
    it(`is named: ${name}`, () => expect(call).toThrow(new RegExp(`^${name}: there is no option \\w+`)));

  it('is named by train, with those that there are', async () => {
    await expect(train(net, examples, { epoch: 3 } as never)).rejects.toThrow(
      /^train: there is no option epoch; there are epochs, /,
    );
  });
  it('is not what fisher and workers have of their own', () => {
    expect(fisher(net, w, examples, { kind: 'sampled', seed: 3 }).size).toBe(net.size);
  });
});

it('labels of another kind of array are refused with what to write', () => {
  for (const labels of [[...examples.labels], Uint8Array.from(examples.labels)])
    expect(() => hessian(net, w, { ...examples, labels } as never)).toThrow(
      /labels must be an Int32Array \(Int32Array.from/,
    );
});

describe('specs', () => {
  it('that are one spec, or nothing, are refused with what to write', () => {
    for (const specs of [float64(3), undefined, null])
      expect(() => compile(tanh, specs as never)).toThrow(
        /^trace: specs must be an array with one tree of specs per argument/,
      );
    expect(() => compile('tanh' as never, [float64(3)])).toThrow(/^trace: f must be a function/);
  });

  it('that name the parts of one argument say how to write them', () => {
    const f = ({ W, x }: { W: Tensor; x: Tensor }): Tensor => matmul(x, W);
    expect(() => compile(f, { W: float64(3, 2), x: float64(4, 3) } as never)).toThrow(/write \[\{ W, x \}\]/);
    expect(compile(f, [{ W: float64(3, 2), x: float64(4, 3) }])).toBeTypeOf('function');
  });

  it('of a plan beyond 4 GiB meet the limit of WebAssembly', () => {
    expect(() => compile((x: Tensor) => tanh(x), [float64(2 ** 30)])).toThrow(
      /^plan: needs 17179869184 bytes .* memoryLimit is 4294901760$/,
    );
  });
});

describe('operators of the language on tensors', () => {
  const cases: Readonly<Record<string, (x: never) => unknown>> = {
    '*': (x) => x * 2,
    '+': (x) => x + 1,
    '-': (x) => -x,
    '>': (x) => (x > 0 ? x : 0),
    '**': (x) => x ** 2,
  };
  for (const [name, f] of Object.entries(cases))
    it(`throw with the functions to use: ${name}`, () => {
      for (const transformed of [f, grad(f as never), hvp(f as never)])
        expect(() => trace(transformed as never, [float64()])).toThrow(
          /^tensor: operators do not work on tensors.*add\(x, y\), sub, mul/,
        );
    });

  it('but text shows what a tensor is', () => {
    trace(
      (x: Tensor) => {
        expect(String(x)).toBe('tensor float64 (2, 3)');
        expect(String(mul(x, 2))).toBe('tensor float64 (2, 3)');
        return x;
      },
      [float64(2, 3)],
    );
  });
});

it('specs are tied to what the function takes: a missing key is no type', () => {
  const f = ({ W, b }: { W: Tensor; b: Tensor }, x: Tensor): Tensor => dense(x, W, b);
  const [W, b, x] = [float64(3, 2), float64(2), float64(4, 3)];
  compile(f, [{ W, b }, x]);
  // @ts-expect-error: b is missing, which dense takes for none
  expect(compile(f, [{ W }, x]).plan.inputs).toHaveLength(2);
});
