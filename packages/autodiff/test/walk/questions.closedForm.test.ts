// Oracle: numbers. A program of degree k gives c^k times its value for parameters times c; scaled weights give what scales gave.
import { describe, expect, test } from 'vitest';
import {
  type Tensor,
  add,
  averagePool2d,
  batchNorm,
  constant,
  conv2d,
  dense,
  div,
  float64,
  full,
  matmul,
  maxPool2d,
  mul,
  relu,
  reshape,
  softmax,
  square,
  sub,
  sum,
  tanh,
  trace,
} from '@hyperribbon/autodiff';
import { attention, layerNorm, leakyRelu } from '@hyperribbon/autodiff/layers';
import { evaluate } from '@hyperribbon/autodiff/testing';
import { affineMaps, homogeneity, proportions, scaleShifts, scalesOf, withoutScales } from '@hyperribbon/autodiff/walk';

type Layer = (...args: Tensor[]) => Tensor;
const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);
const numbers = (length: number, start: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * (start + 1)));

describe('homogeneity', () => {
  const image = (x: Tensor): Tensor => reshape(x, [2, 4, 4, 1]);
  const cases: Readonly<Record<string, [Layer, number[][], number | undefined, string?]>> = {
    'rectified layers': [
      (V, W, x) => matmul(relu(matmul(x, W)), V),
      [
        [4, 2],
        [16, 4],
      ],
      2,
    ],
    'leaky ones, with a shortcut of equal degree': [
      (V, W, U, x) => add(matmul(leakyRelu(matmul(x, W)), V), mul(matmul(x, U), sum(square(V)))),
      [
        [4, 2],
        [16, 4],
        [16, 2],
      ],
      undefined,
      'add',
    ],
    'pooling of maxima and means': [
      (V, K, x) => {
        const h = maxPool2d(relu(conv2d(image(x), K, { padding: 1 })), { size: 2, padding: 1, stride: 2 });
        return matmul(reshape(averagePool2d(h, { size: 3 }), [2, 3]), V);
      },
      [
        [3, 2],
        [3, 1, 3, 3],
      ],
      2,
    ],
    'depthwise convolutions': [(K, x) => conv2d(image(x), K, { groups: 1 }), [[2, 1, 2, 2]], 1],
    'biases in the last layer': [(W, b, x) => dense(x, W, b), [[16, 2], [2]], 1],
    'biases below the last layer': [(V, W, b, x) => matmul(dense(x, W, b, 'relu'), V), [[4, 2], [16, 4], [4]], 2],
    'biases in two layers': [
      (V, c, W, b, x) => dense(leakyRelu(dense(x, W, b)), V, c),
      [[4, 2], [2], [16, 4], [4]],
      undefined,
      'add',
    ],
    'a bounded activation': [(W, x) => tanh(matmul(x, W)), [[16, 2]], undefined, 'tanh'],
    'a normalised layer, but for its epsilon': [(W, x) => layerNorm(matmul(x, W)), [[16, 2]], undefined, 'add'],
    'weights divided by their length': [(W, x) => div(matmul(x, W), sum(square(W))), [[16, 2]], -1],
    attention: [(W, x) => attention(matmul(x, W), x, x), [[16, 16]], undefined, 'softmax'],
    'what the parameters do not enter': [(_, x) => softmax(tanh(x)), [[3]], 0],
    'a constant that is 0': [(W, x) => add(matmul(x, W), full([2], 0)), [[16, 2]], 1],
  };
  test.each(Object.entries(cases))('of %s', (_, [f, parameters, degree, because]) => {
    const { program } = trace(f as never, [...parameters, [2, 16]].map((shape) => float64(...shape)) as never);
    const all = parameters.map((__, i) => i);
    expect(homogeneity(program, all)).toEqual(because === undefined ? { degree } : { degree, because });
    const data = [...parameters, [2, 16]].map((shape, i) => numbers(sizeOf(shape), i));
    const at = (c: number): Float64Array =>
      evaluate(
        program,
        data.map((x, i) => (i < parameters.length ? x.map((v) => v * c) : x)),
      )[0] as Float64Array;
    const [one, three] = [at(1), at(3)];
    const off = one.reduce((most, y, i) => Math.max(most, Math.abs(three[i] - 3 ** (degree ?? 1) * y)), 0);
    if (degree === undefined) expect(off).toBeGreaterThan(1e-3);
    else expect(off).toBeLessThan(1e-12);
  });

  test('asks for one layer alone', () => {
    const f = (V: Tensor, W: Tensor, b: Tensor, x: Tensor): Tensor => matmul(dense(x, W, b, 'relu'), V);
    const { program } = trace(f, [float64(4, 2), float64(3, 4), float64(4), float64(2, 3)]);
    expect([[0], [1], [1, 2], [0, 1, 2]].map((which) => homogeneity(program, which).degree)).toEqual([
      1,
      undefined,
      1,
      2,
    ]);
  });
});

test('depth is the longest way, width the widest map that another one reads', () => {
  const f = (A: Tensor, B: Tensor, C: Tensor, D: Tensor, x: Tensor): Tensor => {
    const h = add(matmul(x, A), matmul(relu(matmul(x, B)), C));
    return matmul(relu(h), D);
  };
  const shapes = [
    [3, 4],
    [3, 5],
    [5, 4],
    [4, 9],
    [2, 3],
  ];
  const { program } = trace(f, shapes.map((shape) => float64(...shape)) as never);
  const maps = affineMaps(program, { parameters: [0, 1, 2, 3], examples: 4 });
  expect(proportions(program, maps)).toEqual({ depth: 3, width: 5 });
  expect(proportions(trace((x: Tensor) => tanh(x), [float64(2, 3)]).program, [])).toEqual({ depth: 0, width: 0 });
});

describe('scales and shifts behind maps', () => {
  const channels = (values: readonly number[]): Tensor => constant(Float64Array.from(values));
  const normed = (x: Tensor, scale: Tensor, axis: number): Tensor =>
    batchNorm(x, {
      mean: channels([0.3, -0.2, 0.1, 0.7]),
      variance: channels([0.5, 1, 2, 0.1]),
      scale,
      shift: channels([1, 2, 3, 4]),
      axis,
    });
  const image = (x: Tensor): Tensor => reshape(x, [2, 4, 4, 2]);
  const cases: Readonly<Record<string, [Layer, number[][], number]>> = {
    'a dense layer': [(W, b, g, x) => tanh(normed(dense(x, W, b), g, 1)), [[32, 4], [4], [4]], 1],
    'a convolution': [(K, g, x) => tanh(normed(conv2d(image(x), K, { padding: 1 }), g, 3)), [[4, 2, 3, 3], [4]], 1],
    'a convolution by groups, channels first': [
      (K, g, x) => tanh(normed(conv2d(reshape(x, [2, 2, 4, 4]), K, { groups: 2, layout: 'NCHW' }), g, 1)),
      [[4, 1, 3, 3], [4]],
      1,
    ],
    'a depthwise convolution': [
      (K, b, g, x) => tanh(normed(add(conv2d(reshape(x, [2, 2, 4, 4]), K, { groups: 4, layout: 'NHWC' }), b), g, -1)),
      [[4, 1, 1, 2], [4], [4]],
      1,
    ],
    'one number for all, and differences both ways': [
      (W, g, x) => relu(mul(sub(3, mul(div(matmul(x, W), 4), reshape(g, [1]))), -2)),
      [[32, 3], [1]],
      1,
    ],
    'nothing that scales': [(W, b, x) => tanh(dense(x, W, b)), [[32, 3], [3]], 0],
    'a scale that depends on the examples': [(W, x) => mul(matmul(x, W), sum(x)), [[32, 3]], 0],
    'a scale for each example': [(W, g, x) => mul(matmul(x, W), reshape(g, [2, 1])), [[32, 3], [2]], 0],
    'an output that is read before it is scaled': [
      (W, g, x) => {
        const y = matmul(x, W);
        return mul(y, tanh(mul(y, g)));
      },
      [[32, 3], [3]],
      0,
    ],
  };
  test.each(Object.entries(cases))('%s', (_, [f, parameters, count]) => {
    const specs = [...parameters, [2, 32]].map((shape) => float64(...shape));
    const { program } = trace(f as never, specs as never);
    const roles = { parameters: parameters.map((__, i) => i), examples: parameters.length };
    const found = scaleShifts(program, roles);
    expect(found.length).toBe(count);
    if (count === 0) return;
    const [{ map }] = found;
    const data = specs.map(({ shape }, i) => numbers(sizeOf(shape), i));
    // Z = Y s + t by the program itself, with W and b scaled
    const folded = (...args: Tensor[]): Tensor => {
      const [{ scale, shift }] = scalesOf(program, found, args.slice(0, -1));
      const outputs = map.groups * map.outputs;
      const shape = parameters[map.weight];
      // every case keeps its outputs along one axis of the array
      const axis = shape.indexOf(outputs);
      const row = shape.map((__, i) => (i === axis ? outputs : 1));
      const given = args.with(map.weight, mul(args[map.weight], reshape(scale, row)));
      if (map.bias === undefined) return withoutScales(program, found, given, [shift])[0];
      const bias = add(mul(args[map.bias], scale), shift);
      return withoutScales(program, found, given.with(map.bias, bias), [undefined])[0];
    };
    const [plain] = evaluate(program, data);
    const traced = trace(folded as never, specs as never).program;
    const [other] = evaluate(traced, data);
    const off = Math.max(...Array.from(plain, (y, i) => Math.abs(other[i] - y)));
    expect(off).toBeLessThan(1e-13);
  });
});
