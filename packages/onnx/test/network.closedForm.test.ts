/** Networks from files against the same networks written down: logits, parameters, names, ties, buffers, batches. */
import { type Examples, logits, mlp, networkIdentity } from '@hyperribbon/nn';
import { onnxNetwork } from '@hyperribbon/onnx';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { type Model, numbers, onnx } from './build.js';

const examples = (count: number, features: number, classes: number): Examples => ({
  inputs: Float32Array.from(numbers(count * features, 9)),
  labels: new Int32Array(count),
  count,
  features,
  classes,
});

const W1 = { shape: [4, 3], data: numbers(12, 1) };
const b1 = { shape: [4], data: numbers(4, 2) };
const W2 = { shape: [4, 2], data: numbers(8, 3) };
const b2 = { shape: [2], data: numbers(2, 4) };
/** Gemm with weights (out, in), Relu, MatMul with weights (in, out), Add: the two ways in which PyTorch writes a dense layer */
const twoLayers: Model = {
  inputs: { x: ['batch', 3] },
  outputs: ['y'],
  weights: { 'fc1.weight': W1, 'fc1.bias': b1, 'fc2.weight': W2, 'fc2.bias': b2 },
  nodes: [
    { op: 'Gemm', in: ['x', 'fc1.weight', 'fc1.bias'], out: ['h'], attributes: { transB: 1 } },
    { op: 'Relu', in: ['h'], out: ['a'] },
    { op: 'MatMul', in: ['a', 'fc2.weight'], out: ['z'] },
    { op: 'Add', in: ['z', 'fc2.bias'], out: ['y'] },
  ],
};

describe('a file with two dense layers', () => {
  const { network, params, notes } = onnxNetwork(onnx(twoLayers));

  it('has its parameters under the names of the file, in the order of use', () => {
    expect(network.parameters).toMatchObject([
      { name: 'fc1.weight', shape: [4, 3] },
      { name: 'fc1.bias', shape: [4] },
      { name: 'fc2.weight', shape: [4, 2] },
      { name: 'fc2.bias', shape: [2] },
    ]);
    expect([...params]).toEqual([...W1.data, ...b1.data, ...W2.data, ...b2.data]);
    expect(network).toMatchObject({ inputs: 3, classes: 2, inputShape: [3] });
    expect(notes).toEqual([]);
  });

  it.each([1, 2, 5])('gives the logits of the same mlp for a batch of %i', (count) => {
    const twin = mlp([3, 4, 2], { activation: 'relu' });
    const turned = Array.from({ length: 12 }, (_, i) => W1.data[(i % 4) * 3 + Math.floor(i / 4)]);
    const weights = Float64Array.from([...turned, ...b1.data, ...W2.data, ...b2.data]);
    const given = examples(count, 3, 2);
    const own = logits(network, Float64Array.from(params), given);
    expect([...own]).toEqual([...logits(twin, weights, given)].map((z) => expect.closeTo(z, 12) as number));
    expect(Math.max(...own.map(Math.abs))).toBeGreaterThan(0.01);
  });

  it('starts afresh within the bounds of its fan-in', () => {
    const fresh = network.init(3, 'float64');
    expect(Math.max(...fresh.subarray(0, 12).map(Math.abs))).toBeLessThanOrEqual(1 / Math.sqrt(3));
    expect(Math.max(...fresh.subarray(16).map(Math.abs))).toBeLessThanOrEqual(1 / 2);
    expect(Math.max(...fresh.subarray(0, 12).map(Math.abs))).toBeGreaterThan(0.4);
  });
});

describe('what is a parameter', () => {
  it('one that is chosen by a pattern or by name, the others are constants', () => {
    const all = onnxNetwork(onnx(twoLayers));
    const last = onnxNetwork(onnx(twoLayers), { parameters: /^fc2/ });
    expect(last.network.size).toBe(10);
    expect(onnxNetwork(onnx(twoLayers), { parameters: ['fc1.bias'] }).network.size).toBe(4);
    const given = examples(3, 3, 2);
    const z = logits(last.network, Float64Array.from(last.params), given);
    expect([...z]).toEqual([...logits(all.network, Float64Array.from(all.params), given)]);
    expect(() => onnxNetwork(onnx(twoLayers), { parameters: /conv/ })).toThrow(/match no float array/);
    expect(() => onnxNetwork(onnx(twoLayers), { parameters: ['fc9'] })).toThrow(/"fc9"/);
    expect(onnxNetwork(onnx(twoLayers), { parameters: runInNewContext('/weight$/g') as RegExp }).network.size).toBe(20);
    expect(() => onnxNetwork(onnx(twoLayers), { parameters: 'fc1' as never })).toThrow(/a pattern or a list of names/);
  });

  it('scalars, masks and what shapes are made of are none', () => {
    const model: Model = {
      ...twoLayers,
      weights: {
        ...twoLayers.weights,
        root: { shape: [], data: [1.7] },
        mask: { shape: [2, 2], data: [0, -1e9, 0, 0] },
        scale: { shape: [2], data: [1, 1] },
        to: { shape: [2], data: [-1, 2], type: 'int64' },
        square: { shape: [2, 2], data: numbers(4, 8) },
        idle: { shape: [3], data: [1, 2, 3] },
      },
      nodes: [
        ...twoLayers.nodes,
        { op: 'Div', in: ['y', 'root'], out: ['d'] },
        { op: 'Reshape', in: ['d', 'to'], out: ['r'] },
        { op: 'Mul', in: ['r', 'scale'], out: ['s'] },
        { op: 'MatMul', in: ['s', 'square'], out: ['q'] },
        { op: 'Add', in: ['square', 'mask'], out: ['masked'] },
        { op: 'MatMul', in: ['q', 'masked'], out: ['t'] },
      ],
      outputs: ['t'],
    };
    const names = onnxNetwork(onnx({ ...model, weights: { ...model.weights } }), { unused: 'ignore' });
    expect(names.network.parameters.map(({ name }) => name)).toEqual([
      'fc1.weight',
      'fc1.bias',
      'fc2.weight',
      'fc2.bias',
      'scale',
      'square',
    ]);
    expect(names.notes).toEqual(['not used: idle']);
    expect(() => onnxNetwork(onnx(model))).toThrow(/no node reads the weights "idle"/);
  });

  it('weights that are written twice, also transposed, and aliases by Identity are one', () => {
    const square = { shape: [3, 3], data: numbers(9, 5) };
    const turned = {
      shape: [3, 3],
      data: Array.from({ length: 9 }, (_, i) => square.data[(i % 3) * 3 + Math.floor(i / 3)]),
    };
    const { network, notes } = onnxNetwork(
      onnx({
        inputs: { x: ['batch', 3] },
        outputs: ['y'],
        weights: { first: square, second: turned },
        nodes: [
          { op: 'MatMul', in: ['x', 'first'], out: ['a'] },
          { op: 'MatMul', in: ['a', 'second'], out: ['b'] },
          { op: 'Identity', in: ['first'], out: ['alias'] },
          { op: 'MatMul', in: ['b', 'alias'], out: ['y'] },
        ],
      }),
    );
    expect(network.parameters.map(({ name }) => name)).toEqual(['first']);
    expect(notes).toEqual(['second is first, transposed: one parameter']);
    const A = square.data;
    const row = numbers(3, 9);
    const times = (x: readonly number[], entry: (i: number, j: number) => number): number[] =>
      [0, 1, 2].map((j) => x[0] * entry(0, j) + x[1] * entry(1, j) + x[2] * entry(2, j));
    const at = (i: number, j: number): number => A[3 * i + j];
    const expected = times(
      times(times(row, at), (i, j) => at(j, i)),
      at,
    );
    const z = logits(network, Float64Array.from(A), examples(1, 3, 3));
    expect([...z]).toEqual(expected.map((v) => expect.closeTo(v, 12) as number));
  });
});

describe('inputs beside that of the examples', () => {
  const masked: Model = {
    inputs: { x: ['batch', 'length'], mask: ['batch', 'length'], idle: ['batch'] },
    outputs: ['y'],
    weights: { w: { shape: [3, 2], data: numbers(6, 6) } },
    nodes: [
      { op: 'Mul', in: ['x', 'mask'], out: ['m'] },
      { op: 'MatMul', in: ['m', 'w'], out: ['y'] },
    ],
  };

  it('are fixed at a number, those that no node reads are left out', () => {
    const { network, params } = onnxNetwork(onnx(masked), { fixed: { mask: 0.5 }, inputShape: [3] });
    const plain = onnxNetwork(onnx({ ...masked, nodes: [{ op: 'MatMul', in: ['x', 'w'], out: ['y'] }] }), {
      inputShape: [3],
    });
    const given = examples(4, 3, 2);
    const whole = [...logits(plain.network, plain.params, given)];
    expect([...logits(network, params, given)]).toEqual(whole.map((z) => expect.closeTo(z / 2, 12) as number));
    expect(onnxNetwork(onnx(masked), { fixed: { x: 1 }, inputShape: [3] }).network.inputs).toBe(3);
  });

  it('are refused by name otherwise', () => {
    expect(() => onnxNetwork(onnx(masked), { inputShape: [3] })).toThrow(
      /is fed 2 inputs \("x", "mask"\).*option fixed/,
    );
    expect(() => onnxNetwork(onnx(masked), { fixed: { musk: 1 } })).toThrow(
      /a name in fixed must be one of "x", "mask", "idle", got "musk"/,
    );
    expect(() => onnxNetwork(onnx(masked), { fixed: { mask: NaN }, inputShape: [3] })).toThrow(
      /fixed mask must be finite/,
    );
    expect(() => onnxNetwork(onnx(masked), { fixed: { mask: 1 }, input: 'mask', inputShape: [3] })).toThrow(
      /one is needed/,
    );
  });
});

describe('names', () => {
  const folded: Model = {
    ...twoLayers,
    weights: { 'onnx::Gemm_7': W1, '8': b1, 'onnx::MatMul_9': W2, 'fc2.bias': b2 },
    nodes: [
      { op: 'Gemm', in: ['x', 'onnx::Gemm_7', '8'], out: ['h'], attributes: { transB: 1 }, name: '/net/net.0/fc/Gemm' },
      { op: 'Relu', in: ['h'], out: ['a'] },
      { op: 'MatMul', in: ['a', 'onnx::MatMul_9'], out: ['z'], name: '/head/MatMul' },
      { op: 'Add', in: ['z', 'fc2.bias'], out: ['y'], name: '/head/Add' },
    ],
  };
  const namesOf = (options: { names?: 'file' | 'layers' }): string[] =>
    onnxNetwork(onnx(folded), options).network.parameters.map(({ name }) => name);

  it('are those of the file', () => {
    expect(namesOf({})).toEqual(['onnx::Gemm_7', '8', 'onnx::MatMul_9', 'fc2.bias']);
    expect(namesOf({})).toEqual(namesOf({ names: 'file' }));
    expect(onnxNetwork(onnx(folded)).notes).toEqual([expect.stringMatching(/^3 weights have lost their names/)]);
  });

  it('or, where they were lost, those of the layers', () => {
    expect(namesOf({ names: 'layers' })).toEqual(['net.0.fc.weight', 'net.0.fc.bias', 'head.weight', 'fc2.bias']);
    const options = { names: 'layers', parameters: /^net/ } as const;
    expect(onnxNetwork(onnx(folded), options).network.size).toBe(16);
    expect(onnxNetwork(onnx(folded), { names: 'layers' }).notes).toEqual([]);
    expect(() => onnxNetwork(onnx(folded), { names: 'mine' as never })).toThrow(
      /names must be one of 'file', 'layers'/,
    );
  });
});

describe('batches', () => {
  const flat = (batch: number | string, to: readonly number[]): Model => ({
    inputs: { x: [batch, 1, 2, 2] },
    outputs: ['y'],
    weights: { w: { shape: [4, 2], data: numbers(8, 6) }, to: { shape: [2], data: to, type: 'int64' } },
    nodes: [
      { op: 'Reshape', in: ['x', 'to'], out: ['r'] },
      { op: 'MatMul', in: ['r', 'w'], out: ['y'] },
    ],
  });
  const open = onnxNetwork(onnx(flat('N', [-1, 4])));

  it('a graph for a batch of one takes any number together where that gives the same numbers', () => {
    const one = onnxNetwork(onnx(flat(1, [-1, 4])));
    expect(one.notes).toEqual(['exported for a batch of 1; it takes any number of examples']);
    expect(networkIdentity(one.network)).toBe(networkIdentity(open.network));
  });

  it('one that would mix examples takes them one by one', () => {
    const mixing: Model = {
      inputs: { x: [1, 3] },
      outputs: ['y'],
      weights: { w: { shape: [3, 2], data: numbers(6, 6) } },
      nodes: [
        { op: 'MatMul', in: ['x', 'w'], out: ['h'] },
        { op: 'ReduceSum', in: ['h', 'first'], out: ['s'], attributes: { keepdims: 1 } },
        { op: 'Add', in: ['h', 's'], out: ['y'] },
      ],
    };
    const first = { shape: [1], data: [0], type: 'int64' as const };
    const { network, params, notes } = onnxNetwork(onnx({ ...mixing, weights: { ...mixing.weights, first } }));
    expect(notes).toEqual(['exported for a batch of one example: its examples are computed one by one']);
    const plain = onnxNetwork(onnx({ ...mixing, outputs: ['h'], nodes: mixing.nodes.slice(0, 1) }));
    const given = examples(4, 3, 2);
    const half = logits(plain.network, plain.params, given);
    expect([...logits(network, params, given)]).toEqual([...half].map((z) => expect.closeTo(2 * z, 12) as number));
  });

  it('a graph for a batch of one whose shapes say so takes any number, one by one', () => {
    const one = onnxNetwork(onnx(flat(1, [1, 4])));
    expect(one.notes).toEqual(['exported for a batch of one example: its examples are computed one by one']);
    const given = examples(5, 4, 2);
    expect([...logits(one.network, one.params, given)]).toEqual([...logits(open.network, open.params, given)]);
    expect(one.network.inputShape).toEqual([1, 2, 2]);
  });

  it('a batch axis that is open in name only is noticed', () => {
    const named = onnxNetwork(onnx(flat('N', [1, 4])));
    expect(named.notes).toEqual(['its batch axis is open in name only: its examples are computed one by one']);
    expect(networkIdentity(named.network)).toBe(networkIdentity(onnxNetwork(onnx(flat(1, [1, 4]))).network));
  });

  it('a graph for seven examples whose shapes say so is refused with a remedy', () => {
    expect(() => onnxNetwork(onnx(flat(7, [7, 4])))).toThrow(
      /Reshape node giving "r" \(opset 17\).*dynamic batch axis/,
    );
  });
});
