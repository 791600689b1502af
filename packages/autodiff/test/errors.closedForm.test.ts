import { describe, expect, it } from 'vitest';
import * as ad from './everything.js';
import type { Tensor } from './everything.js';

const a = ad.float32(32, 784);
const attempt =
  (f: (...args: never[]) => ad.TensorTree, ...specs: ad.Spec[]) =>
  (): unknown =>
    ad.trace(f, specs);

describe('errors of shapes name the operation and the shapes', () => {
  it.each(
    [
      [-2, -2],
      [0.5, 8],
      [-1, -4],
      [-1, 0.25],
      [NaN, 4],
    ].map((shape) => [shape]),
  )('reshape to %j', (shape) => {
    const call = attempt((x: Tensor) => ad.reshape(x, shape), ad.float64(2, 2));
    expect(call).toThrow(RangeError);
    expect(call).toThrow(/^reshape: /u);
  });
  it.each([
    [5 / 2, 5],
    [0, 4.5],
    [NaN, 4],
    [0.5, 1.5],
  ])('slice %d to %d', (start, limit) => {
    const call = attempt((x: Tensor) => ad.slice(x, [start], [limit]), ad.float64(8));
    expect(call).toThrow(`slice: [${start}] to [${limit}] must be integers: (8,)`);
  });
  it.each([
    [
      'matmul',
      attempt((x: Tensor, y: Tensor) => ad.matmul(x, y), a, ad.float32(256, 10)),
      'matmul: inner dimensions differ: (32, 784) x (256, 10)',
    ],
    [
      'add',
      attempt((x: Tensor, y: Tensor) => ad.add(x, y), a, ad.float32(783)),
      'add: shapes do not broadcast: (32, 784) x (783,)',
    ],
    ['sum', attempt((x: Tensor) => ad.sum(x, 2), a), 'sum: axis 2 does not exist in (32, 784)'],
    ['sum twice', attempt((x: Tensor) => ad.sum(x, [1, -1]), a), 'sum: axes [1, -1] name one twice'],
    ['reshape', attempt((x: Tensor) => ad.reshape(x, [5, -1]), a), 'reshape: (32, 784) cannot become (5, -1)'],
    ['constant of no shape', (): unknown => ad.constant(Float64Array.of(1, 2, 3, 4), [0.5, 8]), 'constant: '],
    ['constant of signs', (): unknown => ad.constant(Float64Array.of(1, 2, 3, 4), [-2, -2]), 'constant: '],
    ['broadcastTo half a row', attempt((x: Tensor) => ad.broadcastTo(x, [2.5, 4]), ad.float64(4)), 'broadcastTo: '],
    [
      'slice',
      attempt((x: Tensor) => ad.slice(x, [0, 0], [33, 1]), a),
      'slice: [0, 0] to [33, 1] is outside: (32, 784)',
    ],
    [
      'concatenate',
      attempt((x: Tensor, y: Tensor) => ad.concatenate([x, y]), a, ad.float32(3, 4)),
      'concatenate: inputs must agree in all axes but 0 and in dtype: (32, 784) x (3, 4)',
    ],
    [
      'gatherRows',
      attempt((x: Tensor, y: Tensor) => ad.gatherRows(x, y), a, ad.int32(31)),
      'gatherRows: needs x (m, n) and one index per row (m,): (32, 784) x (31,)',
    ],
    [
      'conv2d',
      attempt((x: Tensor, w: Tensor) => ad.conv2d(x, w), ad.float32(1, 8, 8, 3), ad.float32(4, 2, 3, 3)),
      'conv2d: weights (out, in, kh, kw) do not fit the images: (1, 8, 8, 3) x (4, 2, 3, 3)',
    ],
    [
      'conv2d window',
      attempt((x: Tensor, w: Tensor) => ad.conv2d(x, w), ad.float32(1, 2, 2, 3), ad.float32(4, 3, 3, 3)),
      'conv2d: a 3x3 window does not fit images of 2x2',
    ],
    ['max of nothing', attempt((x: Tensor) => ad.max(x), ad.float32(0)), 'max: the tensor has no elements'],
    [
      'batchNorm',
      attempt((x: Tensor, m: Tensor) => ad.batchNorm(x, { mean: m, variance: m }), a, ad.float32(3)),
      'batchNorm: variance must be (784,), got (3,)',
    ],
    ['spec', (): unknown => ad.float32(-1), 'float32: lengths must be integers ≥ 0, got (-1,)'],
    ['constant', (): unknown => ad.constant(Float64Array.of(1, 2), [3]), 'constant: shape (3,) needs 3 numbers, got 2'],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});

describe('errors of types say what to do', () => {
  it.each([
    [
      'mixed floats',
      attempt((x: Tensor, y: Tensor) => ad.mul(x, y), a, ad.float64(32, 784)),
      "mul: operands are float32 (32, 784) and float64 (32, 784); use convert(x, 'float32') on one of them",
    ],
    [
      'int32 with float',
      attempt((x: Tensor, y: Tensor) => ad.add(x, y), ad.int32(2), ad.float64(2)),
      "add: operands are int32 (2,) and float64 (2,); use convert(x, 'float64') on one of them",
    ],
    [
      'exp of int32',
      attempt((x: Tensor) => ad.exp(x), ad.int32(2)),
      "exp: needs float32 or float64, got int32 (2,); use convert(x, 'float64')",
    ],
    [
      'float index',
      attempt((x: Tensor, y: Tensor) => ad.gatherRows(x, y), a, ad.float32(32)),
      'gatherRows: indices must be int32, got float32',
    ],
    [
      'an array for a tensor',
      attempt((x: Tensor) => ad.add(x, Float32Array.of(1) as never), a),
      'add: expected a tensor or a number, got a Float32Array of length 1; wrap it with constant(data, shape)',
    ],
    ['two numbers', (): unknown => ad.add(1, 2), 'add: at least one operand must be a tensor, got 1 and 2'],
    [
      'no scalar for grad',
      attempt(
        ad.grad((x: Tensor) => x),
        a,
      ),
      'grad: the function must return one float scalar, got float32 (32, 784)',
    ],
    ['not a tensor result', attempt((() => 3) as never, a), 'trace: expected a tensor or a tree of tensors, got 3'],
    [
      'tangent of other shape',
      attempt((x: Tensor) => ad.jvp(ad.exp as (t: Tensor) => Tensor)([x], [ad.sum(x)]), a),
      'jvp: tangent 0 must be float32 (32, 784), got float32 ()',
    ],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(TypeError);
    expect(call).toThrow(message);
  });

  it('primals that are not an array of arguments', () => {
    const slope = ad.jvp((x: Tensor) => ad.exp(x)) as unknown as (x: Tensor, t: Tensor) => Tensor;
    expect(attempt((x: Tensor) => slope(x, x), a)).toThrow('jvp: expected an array with one tree per argument');
  });

  it('a tensor kept from another trace', () => {
    let kept: Tensor | undefined;
    ad.trace((x: Tensor) => (kept = x), [ad.float64(2)]);
    expect(attempt((x: Tensor) => ad.add(x, kept!), ad.float64(2))).toThrow('belongs to another trace');
  });

  it('a program that is not linear is not transposed', () => {
    const { program } = ad.trace((x: Tensor) => ad.mul(x, ad.neg(x)), [ad.float64(2)]);
    expect(() => ad.transposeProgram(program, { linear: [0] })).toThrow(
      'transposeProgram: the program is not linear: mul',
    );
    const bent = ad.trace((x: Tensor) => ad.exp(x), [ad.float64(2)]).program;
    expect(() => ad.transposeProgram(bent, { linear: [0] })).toThrow(
      'transposeProgram: the program is not linear: exp',
    );
  });

  it('numbers of another type or length are not evaluated', () => {
    const { program } = ad.trace((x: Tensor) => x, [ad.float64(2)]);
    expect(() => ad.evaluate(program, [Float32Array.of(1, 2)])).toThrow(
      'evaluate: input 0 must be float64 of length 2, got a Float32Array of length 2',
    );
    expect(() => ad.evaluate(program, [])).toThrow('evaluate: expected 1 inputs, got 0');
  });

  it('a label outside its row is refused', () => {
    const pick = (x: Tensor, y: Tensor): Tensor => ad.gatherRows(x, y);
    const x = { data: Float64Array.of(1, 2), shape: [1, 2] };
    expect(() => ad.evaluateFunction(pick, [x, Int32Array.of(2)])).toThrow(
      'gatherRows: index must be in [0, 2), got 2',
    );
  });
});

describe('results and arguments that are no trees are refused', () => {
  const spec = ad.float64(2);
  it.each([
    ['a promise', async (x: Tensor) => Promise.resolve(x)],
    ['a map', (x: Tensor) => new Map([['x', x]])],
    ['a set', (x: Tensor) => new Set([x])],
    ['a promise inside', (x: Tensor) => ({ y: x, z: Promise.resolve(x) })],
  ])('%s', (_, f) => {
    expect(() => ad.compile(f as never, [spec])).toThrow('expected a tensor or a tree of tensors');
    expect(() => ad.trace(f as never, [spec])).toThrow(TypeError);
  });
  it('objects without a prototype are trees', () => {
    const f = (x: Tensor): object => Object.assign(Object.create(null) as object, { x });
    expect(Object.keys(ad.compile(f as never, [spec])(Float64Array.of(1, 2) as never) as object)).toEqual(['x']);
  });
});
