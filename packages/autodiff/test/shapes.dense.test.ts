// Oracle: the interpreter, and shapes by their rules. Lengths 0 and 1, scalars, and nothing at all go through every kind of operation, planned in
// both precisions, and through the derivatives.
import { describe, expect, it } from 'vitest';
import * as ad from './everything.js';
import { evaluate, grad, jvp, square, sum, trace, type Spec, type Tensor } from './everything.js';
import { differences, run } from './plan/plannedRun.js';
import { dtypes, wave } from './transforms/registry.js';

interface ShapeCase {
  readonly name: string;
  readonly f: (...xs: Tensor[]) => Tensor;
  readonly shapes: readonly (readonly number[])[];
  readonly out: readonly number[];
}

/** an operation, shapes of its arguments, the shape of its result */
const list: readonly (readonly [
  string,
  (...xs: Tensor[]) => Tensor,
  readonly (readonly number[])[],
  readonly number[],
])[] = [
  ['tanh of a scalar', (x) => ad.tanh(x), [[]], []],
  ['tanh of nothing', (x) => ad.tanh(x), [[0]], [0]],
  ['exp of a matrix without rows', (x) => ad.exp(x), [[0, 3]], [0, 3]],
  ['a scalar and a scalar', (x, y) => ad.mul(x, y), [[], []], []],
  ['a scalar and a vector', (x, y) => ad.sub(x, y), [[], [3]], [3]],
  ['a scalar and nothing', (x, y) => ad.add(x, y), [[], [0]], [0]],
  ['one number and a row', (x, y) => ad.add(x, y), [[1], [4]], [4]],
  [
    'a column and a row',
    (x, y) => ad.div(x, ad.add(2, square(y))),
    [
      [3, 1],
      [1, 4],
    ],
    [3, 4],
  ],
  [
    'a column and no columns',
    (x, y) => ad.add(x, y),
    [
      [3, 1],
      [1, 0],
    ],
    [3, 0],
  ],
  [
    'more axes of length 1',
    (x, y) => ad.maximum(x, y),
    [
      [1, 1, 1],
      [2, 1, 3],
    ],
    [2, 1, 3],
  ],
  ['pow of scalars', (x, y) => ad.pow(ad.add(2, x), y), [[], []], []],
  ['select by a scalar', (c, x, y) => ad.select(ad.greater(c, 0), x, y), [[], [3], [3]], [3]],
  ['sum of a scalar', (x) => sum(x), [[]], []],
  ['sum of nothing', (x) => sum(x), [[0]], []],
  ['sums of no rows', (x) => sum(x, 0), [[0, 3]], [3]],
  ['sums of no columns', (x) => sum(x, 1), [[3, 0]], [3]],
  ['sums of one column', (x) => sum(x, 1), [[3, 1]], [3]],
  ['sums over all axes but one of length 1', (x) => sum(x, [0, 2]), [[4, 1, 2]], [1]],
  ['sum that keeps its axes', (x) => sum(x, [0, 1], { keepDims: true }), [[2, 3]], [1, 1]],
  ['maximum of one', (x) => ad.max(x), [[1]], []],
  ['maxima of columns of length 1', (x) => ad.max(x, 0), [[1, 3]], [3]],
  ['mean of one', (x) => ad.mean(x, 0), [[1, 3]], [3]],
  ['softmax of one', (x) => ad.softmax(x), [[1]], [1]],
  ['softmax of no rows', (x) => ad.softmax(x), [[0, 3]], [0, 3]],
  ['logSumExp of rows of length 1', (x) => ad.logSumExp(x), [[3, 1]], [3]],
  ['logSumExp of a vector', (x) => ad.logSumExp(x), [[4]], []],
  ['a product of vectors', (x, y) => ad.matmul(x, y), [[3], [3]], []],
  ['a product of empty vectors', (x, y) => ad.matmul(x, y), [[0], [0]], []],
  ['a matrix and a vector', (x, y) => ad.matmul(x, y), [[2, 3], [3]], [2]],
  ['a vector and a matrix', (x, y) => ad.matmul(x, y), [[2], [2, 3]], [3]],
  [
    'an outer product',
    (x, y) => ad.matmul(x, y),
    [
      [3, 1],
      [1, 2],
    ],
    [3, 2],
  ],
  [
    'an inner product',
    (x, y) => ad.matmul(x, y),
    [
      [1, 3],
      [3, 1],
    ],
    [1, 1],
  ],
  [
    'a product with no rows',
    (x, y) => ad.matmul(x, y),
    [
      [0, 3],
      [3, 2],
    ],
    [0, 2],
  ],
  [
    'a product with empty sums',
    (x, y) => ad.matmul(x, y),
    [
      [2, 0],
      [0, 3],
    ],
    [2, 3],
  ],
  [
    'a product without columns',
    (x, y) => ad.matmul(x, y),
    [
      [2, 3],
      [3, 0],
    ],
    [2, 0],
  ],
  [
    'a batch of one product',
    (x, y) => ad.matmul(x, y),
    [
      [1, 2, 3],
      [1, 3, 2],
    ],
    [1, 2, 2],
  ],
  [
    'a batch of no products',
    (x, y) => ad.matmul(x, y),
    [
      [0, 2, 3],
      [0, 3, 2],
    ],
    [0, 2, 2],
  ],
  ['reshape of a scalar', (x) => ad.reshape(x, [1, 1]), [[]], [1, 1]],
  ['reshape to a scalar', (x) => ad.reshape(x, []), [[1, 1]], []],
  ['reshape of nothing', (x) => ad.reshape(x, [3, 0]), [[0, 2]], [3, 0]],
  ['transpose of a scalar', (x) => ad.transpose(x), [[]], []],
  ['transpose of a row', (x) => ad.transpose(x), [[1, 4]], [4, 1]],
  ['transpose of no rows', (x) => ad.transpose(x), [[0, 4]], [4, 0]],
  ['an empty slice', (x) => ad.slice(x, [2], [2]), [[4]], [0]],
  ['a slice of one', (x) => ad.slice(x, [3], [4]), [[4]], [1]],
  ['padding of nothing', (x) => ad.pad(x, [1], [2]), [[0]], [3]],
  ['concatenation with nothing', (x, y) => ad.concatenate([x, y], 0), [[0], [3]], [3]],
  [
    'concatenation of nothing',
    (x, y) => ad.concatenate([x, y], 1),
    [
      [2, 0],
      [2, 0],
    ],
    [2, 0],
  ],
  ['broadcast of a scalar to nothing', (x) => ad.broadcastTo(x, [0, 2]), [[]], [0, 2]],
  ['broadcast of a scalar', (x) => ad.broadcastTo(x, [2, 1]), [[]], [2, 1]],
  ['a dense layer on no examples', (x, W, b) => ad.dense(x, W, b, 'tanh'), [[0, 3], [3, 2], [2]], [0, 2]],
  ['a dense layer on one', (x, W, b) => ad.dense(x, W, b, 'relu'), [[1, 3], [3, 2], [2]], [1, 2]],
  [
    'a convolution of no images',
    (x, w) => ad.conv2d(x, w),
    [
      [0, 4, 4, 1],
      [2, 1, 3, 3],
    ],
    [0, 2, 2, 2],
  ],
  [
    'a convolution of one pixel',
    (x, w) => ad.conv2d(x, w),
    [
      [1, 1, 1, 2],
      [3, 2, 1, 1],
    ],
    [1, 1, 1, 3],
  ],
  ['pooling of no images', (x) => ad.averagePool2d(x, { size: 2 }), [[0, 4, 4, 1]], [0, 2, 2, 1]],
  ['pooling of one window', (x) => ad.maxPool2d(x, { size: 2 }), [[1, 2, 2, 3]], [1, 1, 1, 3]],
];
const cases = list.map(([name, f, shapes, out]): ShapeCase => ({ name, f, shapes, out }));

describe.each(dtypes)('in %s', (dtype) => {
  const specsOf = (shapes: readonly (readonly number[])[]): Spec[] => shapes.map((shape) => ({ shape, dtype }));
  const dataOf = (specs: readonly Spec[]): (Float32Array | Float64Array)[] =>
    specs.map(({ shape }, i) =>
      wave(
        shape.reduce((a, b) => a * b, 1),
        i,
        dtype,
      ),
    );

  it.each(cases)('$name', ({ f, shapes, out }) => {
    const specs = specsOf(shapes);
    const { program } = trace(f, specs);
    expect(program.values[program.outputs[0]!]!.shape).toEqual(out);
    const data = dataOf(specs);
    for (const options of [{}, { blockBytes: 16 }, { fused: false }]) {
      expect(differences(run(program, data, options), evaluate(program, data))).toEqual([]);
    }
  });

  it.each(cases)('$name, its gradient and its directional derivative', ({ f, shapes }) => {
    const specs = specsOf(shapes);
    const loss = (...xs: Tensor[]): Tensor => sum(square(f(...xs)));
    const slope = (...xs: Tensor[]): Tensor => jvp(loss)(xs, xs)[1];
    for (const derivative of [grad(loss), slope]) {
      const { program } = trace(derivative, specs);
      const data = dataOf(specs);
      const expected = evaluate(program, data);
      expect(differences(run(program, data), expected)).toEqual([]);
      expect(expected[0]!.length).toBe(derivative === slope ? 1 : data[0]!.length);
      expect(Array.from(expected[0]!).every(Number.isFinite)).toBe(true);
    }
  });
});
