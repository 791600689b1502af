// Oracle: identities. X W + b of every map is the map's output, whatever the way in which the program writes it; perturbed outputs and
// their cotangents are those of the function written out by hand.
import { describe, expect, test } from 'vitest';
import {
  type Spec,
  type Tensor,
  add,
  batchNorm,
  broadcastTo,
  constant,
  conv2d,
  dense,
  float64,
  full,
  grad,
  matmul,
  mul,
  relu,
  reshape,
  softmax,
  sum,
  tanh,
  trace,
  transpose,
} from '@hyperribbon/autodiff';
import { evaluate } from '@hyperribbon/autodiff/testing';
import { type AffineMap, affineMaps, isEntrywise, placesOf, tap, weightMatrix } from '@hyperribbon/autodiff/walk';
import { convolutionCases } from './walk/convolutionCases.js';

/** Parameters first, examples last. */
type Network = (...args: Tensor[]) => Tensor;

interface Case {
  readonly network: Network;
  readonly parameters: readonly (readonly number[])[];
  readonly x: readonly number[];
  /** [weight, bias, inputs, outputs, positions, alone] of every map, and groups where they are not 1 */
  readonly maps: readonly (readonly [number, number | undefined, number, number, number, boolean, number?])[];
}

const cases: Readonly<Record<string, Case>> = {
  ...convolutionCases,
  'a stack of dense layers': {
    network: (W1, b1, W2, b2, x) => dense(dense(x, W1, b1, 'tanh'), W2, b2),
    parameters: [[3, 4], [4], [4, 2], [2]],
    x: [5, 3],
    maps: [
      [0, 1, 3, 4, 1, true],
      [2, 3, 4, 2, 1, true],
    ],
  },
  'one example, one class': {
    network: (W, b, x) => dense(x, W, b),
    parameters: [[3, 1], [1]],
    x: [1, 3],
    maps: [[0, 1, 3, 1, 1, true]],
  },
  'no parameter': {
    network: (x) => softmax(matmul(x, constant(new Float64Array(6).fill(1), [3, 2]))),
    parameters: [],
    x: [4, 3],
    maps: [],
  },
  'no bias': {
    network: (W, x) => relu(matmul(x, W)),
    parameters: [[3, 2]],
    x: [4, 3],
    maps: [[0, undefined, 3, 2, 1, true]],
  },
  'a transposed weight': {
    network: (W, b, x) => add(matmul(x, transpose(W)), b),
    parameters: [[2, 3], [2]],
    x: [4, 3],
    maps: [[0, 1, 3, 2, 1, true]],
  },
  'weights on the left': {
    network: (W, b, x) => transpose(add(matmul(W, transpose(x)), b)),
    parameters: [
      [2, 3],
      [2, 1],
    ],
    x: [4, 3],
    maps: [[0, 1, 3, 2, 1, true]],
  },
  'weights on the left of turned products': {
    network: (W, b, x) => add(transpose(matmul(W, transpose(tanh(x)))), broadcastTo(reshape(b, [1, 2]), [4, 2])),
    parameters: [[2, 3], [2]],
    x: [4, 3],
    maps: [[0, 1, 3, 2, 1, true]],
  },
  'a weight whose rows are reordered': {
    network: (W, b, x) => dense(x, reshape(transpose(reshape(W, [2, 3, 4]), [1, 0, 2]), [6, 4]), b),
    parameters: [[6, 4], [4]],
    x: [5, 6],
    maps: [[0, 1, 6, 4, 1, true]],
  },
  'a weight whose rows are tied': {
    network: (w, x) => matmul(x, broadcastTo(w, [3, 2])),
    parameters: [[1, 2]],
    x: [4, 3],
    maps: [[0, undefined, 3, 2, 1, false]],
  },
  'a convolution': {
    network: (K, b, x) =>
      sum(relu(add(conv2d(reshape(x, [2, 5, 4, 3]), K, { stride: [2, 1], padding: 1 }), b)), [1, 2]),
    parameters: [[6, 3, 3, 3], [6]],
    x: [2, 60],
    maps: [[0, 1, 27, 6, 12, true]],
  },
  'a convolution with channels first': {
    network: (K, b, x) => tanh(add(conv2d(reshape(x, [2, 3, 4, 4]), K, { layout: 'NCHW' }), reshape(b, [6, 1, 1]))),
    parameters: [[6, 3, 2, 2], [6]],
    x: [2, 48],
    maps: [[0, 1, 12, 6, 9, true]],
  },
  'a dense layer at every place of a sequence': {
    network: (W, b, x) => dense(reshape(x, [3, 5, 4]), W, b),
    parameters: [[4, 2], [2]],
    x: [3, 20],
    maps: [[0, 1, 4, 2, 5, true]],
  },
  'a residual connection': {
    network: (W1, b1, W2, x) => add(x, matmul(dense(x, W1, b1, 'relu'), W2)),
    parameters: [[3, 4], [4], [4, 3]],
    x: [5, 3],
    maps: [
      [0, 1, 3, 4, 1, true],
      [2, undefined, 4, 3, 1, true],
    ],
  },
  'a weight that is used twice': {
    network: (W, b, x) => dense(tanh(dense(x, W, b)), W, b),
    parameters: [[3, 3], [3]],
    x: [5, 3],
    maps: [
      [0, 1, 3, 3, 1, false],
      [0, 1, 3, 3, 1, false],
    ],
  },
  'a weight that is used forwards and backwards': {
    network: (W, b, c, x) => add(matmul(tanh(add(matmul(x, W), b)), transpose(W)), c),
    parameters: [[3, 2], [2], [3]],
    x: [5, 3],
    maps: [
      [0, 1, 3, 2, 1, false],
      [0, 2, 2, 3, 1, false],
    ],
  },
  'a bias that enters elsewhere too': {
    network: (W, b, x) => mul(dense(x, W, b), b),
    parameters: [[3, 2], [2]],
    x: [5, 3],
    maps: [[0, 1, 3, 2, 1, false]],
  },
  'parameters that are no weights of a map': {
    network: (scale, g, x) =>
      batchNorm(matmul(x, mul(scale, g)), {
        mean: constant(Float64Array.of(0, 0)),
        variance: constant(Float64Array.of(1, 1)),
        scale: sum(g, 0),
      }),
    parameters: [[], [3, 2]],
    x: [5, 3],
    maps: [],
  },
  'a product that is read before its bias': {
    network: (W, b, x) => {
      const product = matmul(x, W);
      return mul(product, add(product, b));
    },
    parameters: [[3, 2], [2]],
    x: [5, 3],
    maps: [[0, undefined, 3, 2, 1, true]],
  },
  'a row of numbers along the examples': {
    network: (W, b, x) => add(matmul(x, W), reshape(b, [3, 1])),
    parameters: [[2, 3], [3]],
    x: [3, 2],
    maps: [[0, undefined, 2, 3, 1, true]],
  },
  'a product of activations': {
    network: (W, x) => matmul(matmul(x, W), transpose(x)),
    parameters: [[3, 3]],
    x: [4, 3],
    maps: [[0, undefined, 3, 3, 1, true]],
  },
};

const specsOf = ({ parameters, x }: Case): Spec[] => [...parameters, x].map((shape) => float64(...shape));
const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);
/** Numbers without structure in [−1, 1]. */
const numbers = (length: number, start: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * (start + 1)));
const dataOf = (shapes: readonly Spec[]): Float64Array[] => shapes.map(({ shape }, i) => numbers(sizeOf(shape), i));

function walked(c: Case) {
  const specs = specsOf(c);
  const { program } = trace(c.network as never, specs);
  const maps = affineMaps(program, { parameters: c.parameters.map((_, i) => i), examples: c.parameters.length });
  return { specs, program, maps };
}

describe.each(Object.entries(cases))('%s', (_, c) => {
  const { specs, program, maps } = walked(c);
  const data = dataOf(specs);

  test('is found with its parameters and sizes', () => {
    expect(
      maps.map(({ weight, bias, inputs, outputs, positions, alone, groups }) => [
        weight,
        bias,
        inputs,
        outputs,
        positions,
        alone,
        ...(groups === 1 ? [] : [groups]),
      ]),
    ).toEqual(c.maps);
  });

  test('is X W + b', () => {
    const f = (...args: Tensor[]): Tensor[] =>
      tap(program, maps, args).taps.flatMap(({ input, output }, i) => [output, byHand(maps[i], args, input)]);
    if (maps.length === 0) return;
    const found = evaluate(trace(f as never, specs).program, data);
    for (let i = 0; i < found.length; i += 2) {
      expect(distance(found[i], found[i + 1])).toBeLessThan(1e-14);
      expect(
        distance(
          found[i],
          found[i + 1].map((value) => value + 1e-13),
        ),
      ).toBeGreaterThan(1e-14);
    }
  });

  test('gives the program back, and its derivatives by what is added to the outputs', () => {
    const [plain] = evaluate(program, data);
    const shifts = maps.map((map) => numbers(sizeOf(outputShape(c, map)), map.weight + 20));
    const changed = (...args: Tensor[]): Tensor => {
      const { outputs } = tap(program, maps, args, ({ output }, i) =>
        add(output, constant(shifts[i], [...output.shape])),
      );
      return outputs[0];
    };
    const unchanged = trace(((...args: Tensor[]) => [...tap(program, maps, args).outputs]) as never, specs).program;
    expect(evaluate(unchanged, data)[0]).toEqual(plain);
    if (maps.length === 0) return;
    const total = (zeros: readonly Tensor[], ...args: Tensor[]): Tensor =>
      sum(tanh(tap(program, maps, args, ({ output }, i) => add(output, zeros[i])).outputs[0]));
    const zeros = maps.map((map) => full(outputShape(c, map), 0));
    const deltas = trace(
      ((...args: Tensor[]) => grad(total as never)(zeros as never, ...(args as never[]))) as never,
      specs,
    );
    const step = 1e-6;
    const slopes = evaluate(deltas.program, data).map((slope) => Float64Array.from(slope));
    const along = slopes.reduce((sum, slope, i) => sum + slope.reduce((s, value, k) => s + value * shifts[i][k], 0), 0);
    const value = (scale: number): number => {
      const scaled = shifts.map((shift) => shift.map((s) => scale * s));
      const at = (...args: Tensor[]): Tensor =>
        sum(
          tanh(
            tap(program, maps, args, ({ output }, i) => add(output, constant(scaled[i], [...output.shape]))).outputs[0],
          ),
        );
      return evaluate(trace(at as never, specs).program, data)[0][0];
    };
    expect(Math.abs((value(step) - value(-step)) / (2 * step) - along)).toBeLessThan(1e-8 * (1 + Math.abs(along)));
    expect(distance(evaluate(trace(changed as never, specs).program, data)[0], plain)).toBeGreaterThan(1e-3);
  });

  test('names the place of every weight', () => {
    for (const map of maps.filter(({ weightViews }) => weightViews.every(({ op }) => op !== 'broadcast'))) {
      const shape = c.parameters[map.weight];
      const places = placesOf(sizeOf(shape), map.weightViews);
      const { program: matrix } = trace(((w: Tensor) => weightMatrix(map, w)) as never, [float64(...shape)]);
      const array = numbers(sizeOf(shape), 3);
      expect(Array.from(places, (place) => array[place])).toEqual(Array.from(evaluate(matrix, [array])[0]));
    }
  });
});

test('activations are entrywise, what mixes entries or takes other ways is not', () => {
  const entrywise = (between: (z: Tensor, x: Tensor) => Tensor): boolean => {
    const f = (W: Tensor, x: Tensor): Tensor[] => {
      const z = matmul(x, W);
      return [z, between(z, x)];
    };
    const { program } = trace(f as never, [float64(3, 3), float64(4, 3)]);
    const [from, to] = program.outputs;
    return isEntrywise(program, { from, to, examples: 1 });
  };
  expect(entrywise((z) => mul(2, add(tanh(z), mul(z, relu(z)))))).toBe(true);
  expect(entrywise((z) => z)).toBe(true);
  expect(entrywise((z) => softmax(z))).toBe(false);
  expect(entrywise((z, x) => add(tanh(z), x))).toBe(false);
  expect(entrywise((_, x) => tanh(x))).toBe(false);
  expect(entrywise((z) => broadcastTo(sum(z, 1), [3, 4]))).toBe(false);
});

function outputShape({ x }: Case, { positions, outputs, groups }: AffineMap): readonly number[] {
  return [...(groups === 1 ? [] : [groups]), x[0] * positions, outputs];
}

function byHand(map: AffineMap, args: readonly Tensor[], input: Tensor): Tensor {
  const { weight, bias, groups, outputs } = map;
  const product = matmul(input, weightMatrix(map, args[weight]));
  if (bias === undefined) return product;
  return add(product, reshape(args[bias], groups === 1 ? [outputs] : [groups, 1, outputs]));
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]));
  return worst;
}
