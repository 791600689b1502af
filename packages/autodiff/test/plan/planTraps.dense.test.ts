import { describe, expect, it } from 'vitest';
import {
  add,
  concatenate,
  evaluate,
  float64,
  logSumExp,
  matmul,
  mul,
  pad,
  plan,
  reshape,
  slice,
  softmax,
  sub,
  sum,
  tanh,
  trace,
  transpose,
  type Spec,
  type Tensor,
} from '../everything.js';
import { differences, run } from './plannedRun.js';

type Function_ = (...xs: Tensor[]) => Tensor | Tensor[];

/** cases where taking memory over, or cutting into blocks, would go wrong if it were done carelessly */
const traps: Readonly<Record<string, readonly [Function_, ...Spec[]]>> = {
  'a value that a product is added onto is needed later': [
    (a, b, c) => {
      const t = tanh(c);
      return [transpose(add(matmul(a, b), t)), transpose(mul(t, t))];
    },
    float64(5, 4),
    float64(4, 6),
    float64(5, 6),
  ],
  'a value that a product was added onto is read afterwards': [
    (a, b, c) => {
      const t = tanh(c);
      const total = logSumExp(add(matmul(a, b), t));
      return [total, logSumExp(t)];
    },
    float64(5, 4),
    float64(4, 6),
    float64(5, 6),
  ],
  'padded parts that met a product are read afterwards': [
    (a, b, x) => {
      const padded = pad(tanh(x), [2], [2]);
      const total = logSumExp(add(padded, pad(reshape(matmul(a, b), [-1]), [2], [2])));
      return [total, logSumExp(padded)];
    },
    float64(3, 4),
    float64(4, 2),
    float64(6),
  ],
  'a product is used by two sums': [
    (a, b, c) => {
      const p = matmul(a, b);
      return [transpose(add(p, tanh(c))), transpose(sub(c, p)), add(p, p)];
    },
    float64(5, 4),
    float64(4, 6),
    float64(5, 6),
  ],
  'a row is made by the group that would repeat it': [
    (x) => {
      const y = tanh(x);
      return mul(add(y, slice(y, [2, 0], [3, 7])), y);
    },
    float64(9, 7),
  ],
  'rows are read whole while they are overwritten': [
    (x) => {
      const y = tanh(x);
      const first = reshape(slice(y, [0], [1]), []);
      return sub(mul(y, first), first);
    },
    float64(40),
  ],
  'a number that repeats over many blocks': [(x, s) => mul(sub(tanh(x), sum(s)), sum(s)), float64(100), float64(3)],
  'a column that is made in the same group': [
    (x) => {
      const s = softmax(tanh(x));
      return mul(s, sub(x, sum(mul(s, x), 1, { keepDims: true })));
    },
    float64(30, 5),
  ],
  'the same value twice in one vector': [
    (x) => {
      const y = tanh(x);
      return [concatenate([y, y, x], 0), mul(y, 2)];
    },
    float64(6),
  ],
  'pieces inside pieces, one used elsewhere': [
    (x, y) => {
      const inner = concatenate([tanh(x), tanh(y)], 0);
      return [concatenate([inner, x], 0), tanh(inner)];
    },
    float64(6),
    float64(5),
  ],
  'overlapping padded parts of one vector': [
    (x, y) => add(add(pad(tanh(x), [0], [4]), pad(tanh(y), [4], [0])), pad(x, [2], [2])),
    float64(6),
    float64(6),
  ],
  'a box cut on two middle axes, in long rows': [
    (x) => slice(tanh(x), [0, 1, 1, 0], [3, 4, 3, 20]),
    float64(3, 5, 4, 20),
  ],
  'the same box padded back': [(x) => pad(tanh(x), [0, 1, 1, 0], [0, 1, 2, 0]), float64(3, 2, 2, 20)],
  'an axis of length one between cut axes': [(x) => slice(tanh(x), [1, 2, 0], [4, 3, 20]), float64(5, 3, 20)],
  'stacks of products of unequal sizes': [
    (a, b, c) => add(matmul(a, b), matmul(transpose(a, [0, 2, 1]), c)),
    float64(3, 4, 4),
    float64(3, 4, 6),
    float64(3, 4, 6),
  ],
  'one matrix for a stack, on either side': [
    (a, b, c) => [matmul(a, b), matmul(c, transpose(a, [0, 2, 1]))],
    float64(3, 4, 5),
    float64(5, 2),
    float64(6, 5),
  ],
  'products with one row, one column, and nothing between': [
    (a, b) => [
      matmul(slice(a, [0, 0], [1, 5]), b),
      matmul(a, slice(b, [0, 0], [5, 1])),
      matmul(slice(a, [0, 0], [4, 0]), slice(b, [0, 0], [0, 6])),
    ],
    float64(4, 5),
    float64(5, 6),
  ],
  'empty arrays': [(x) => [tanh(x), sum(x, 0), concatenate([x, x], 1)], float64(0, 4)],
  'sums over axes apart from each other': [(x) => [sum(x, [0, 2]), sum(x, [1, 3]), sum(x)], float64(3, 4, 2, 5)],
  'layers with an activation on top of a sum': [
    (x, W, b) => {
      const z = add(matmul(x, W), b);
      return [tanh(z), logSumExp(z)];
    },
    float64(20, 5),
    float64(5, 4),
    float64(4),
  ],
};

describe('planned execution agrees with the interpreter where', () => {
  it.each(Object.entries(traps))('%s', (_, [f, ...specs]) => {
    const { program } = trace(f as never, specs);
    const inputs = specs.map(({ shape }, k) =>
      Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_x, i) => Math.sin(3.1 * i + k)),
    );
    const expected = evaluate(program, inputs);
    const accumulate = program.outputs.map(() => true);
    const doubled = expected.map((x) => x.map((value) => 2 * value));
    for (const options of [{}, { blockBytes: 8 }, { fused: false }]) {
      expect(differences(run(program, inputs, { ...options, runs: 2 }), expected)).toEqual([]);
      expect(differences(run(program, inputs, { ...options, accumulate, runs: 2 }), doubled)).toEqual([]);
    }
  });

  it('an activation is added to an output, not the sum below it', () => {
    const f = (x: Tensor, W: Tensor): Tensor => tanh(matmul(x, W));
    const { program } = trace(f, [float64(3, 2), float64(2, 4)]);
    const inputs = [Float64Array.of(1, 2, 3, 4, 5, 6), Float64Array.of(1, -1, 0.5, 2, 0.1, 0.3, -0.2, 0.4)];
    const doubled = evaluate(program, inputs).map((y) => y.map((value) => 2 * value));
    expect(differences(run(program, inputs, { accumulate: [true], runs: 2 }), doubled)).toEqual([]);
  });

  it('a product that two consumers need is computed once', () => {
    const f = (a: Tensor, b: Tensor, c: Tensor): Tensor[] => {
      const p = matmul(a, b);
      return [transpose(add(p, matmul(a, c))), transpose(sub(p, matmul(a, c)))];
    };
    const { program } = trace(f, [float64(5, 4), float64(4, 6), float64(4, 6)]);
    const kernels = plan(program).steps.flatMap(({ instructions }) => instructions.map(({ kernel }) => kernel));
    expect(kernels.filter((kernel) => kernel === 'gemm').length).toBeLessThanOrEqual(3);
  });
});
