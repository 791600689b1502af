import { add, lgamma, matmul, mul } from '@hyperribbon/autodiff';
import { bufferValues, defineNetwork, logits, mlp } from '@hyperribbon/nn';
import { binaryWeights } from '@hyperribbon/nn/models';
import { describe, expect, it } from 'vitest';
import { type OnnxModel, onnxNetwork, onnxOf, parseOnnx, writeOnnx } from '../src/index.js';
import { networkCases } from './networkCases.js';

/** What only gives numbers another shape or order, or is known before anything runs. */
const views = new Set(['Constant', 'Reshape', 'Transpose', 'Unsqueeze', 'Squeeze']);
const operatorsOf = ({ graph }: OnnxModel): string[] =>
  graph.nodes.map(({ operator }) => operator).filter((operator) => !views.has(operator));

describe('an ONNX file of a network', () => {
  it('with binary weights holds these, and computes what it computes', () => {
    const net = binaryWeights(mlp([3, 4, 2]), { gain: 3 });
    const params = net.init(5, 'float64');
    const bytes = onnxOf(net, params);
    const { graph } = parseOnnx(bytes);
    expect(graph.nodes.map(({ operator }) => operator)).toEqual(['Gemm', 'Tanh', 'Gemm']);
    expect(Array.from(graph.initializers.get('W1')!.data as Float64Array, Math.abs)).toEqual(
      Array.from({ length: 12 }, () => 3 / Math.sqrt(3)),
    );
    const read = onnxNetwork(bytes);
    const examples = {
      inputs: Float64Array.of(1, -2, 0.5),
      labels: Int32Array.of(0),
      count: 1,
      features: 3,
      classes: 2,
    };
    expect(logits(read.network, read.params, examples)).toEqual(logits(net, params, examples));
  });

  it.each(Object.entries(networkCases))('of %s has the operators of its layers', (_, { network, operators }) => {
    const model = parseOnnx(onnxOf(network, network.init(1)));
    if (operators !== undefined) expect(operatorsOf(model).join(' ')).toBe(operators.trim().replaceAll('  ', ' '));
    expect(model.opset).toBe(17);
  });

  it.each(Object.entries(networkCases))('of %s keeps names, shapes and numbers of all weights', (_, { network }) => {
    const params = network.init(3, 'float64');
    const { initializers } = parseOnnx(onnxOf(network, params)).graph;
    const buffers = bufferValues(network, 'float64');
    const named = [...network.parameters, ...(network.buffers ?? [])];
    expect([...initializers.keys()]).toEqual(named.map(({ name }) => name));
    let offset = 0;
    for (const { name, shape } of named) {
      const { type, shape: found, data } = initializers.get(name)!;
      expect([type, found]).toEqual(['float64', shape]);
      expect(data).toEqual(buffers[name] ?? params.slice(offset, offset + data.length));
      offset += data.length;
    }
  });

  it.each(Object.entries(networkCases))('of %s takes batches of any size', (_, { network }) => {
    const { inputs, outputs, nodes } = parseOnnx(onnxOf(network, network.init(1))).graph;
    const type = network.vocabulary === undefined ? 'float32' : 'int64';
    const [x, logits] = [...inputs, ...outputs];
    expect(x).toMatchObject({ name: 'x', type, shape: ['batch', ...(network.inputShape ?? [network.inputs])] });
    expect(logits).toMatchObject({ name: 'logits', type: 'float32', shape: ['batch', network.classes] });
    const constants = nodes.flatMap(({ attributes }) => [...attributes.values()]);
    for (const constant of constants)
      if (constant.kind === 'tensor')
        expect(constant.value.data.every((n) => n % 1_000_003 !== 0 || n === 0)).toBe(true);
  });

  it('has no constant that grows with images: convolutions are Conv, not positions', () => {
    for (const name of ['lenet', 'allCnn', 'resnet of depth 18 with its large stem', 'maxima of padded windows']) {
      const { network } = networkCases[name];
      const { nodes } = parseOnnx(onnxOf(network, network.init(1))).graph;
      const constants = nodes.flatMap(({ attributes }) => [...attributes.values()]);
      const largest = constants.map((constant) => (constant.kind === 'tensor' ? constant.value.data.length : 0));
      expect(Math.max(0, ...largest)).toBeLessThanOrEqual(8);
    }
  });

  it('has one product each for the layers of a language model, and a Gather for its embedding', () => {
    const { network } = networkCases['a block of a language model'];
    const operators = operatorsOf(parseOnnx(onnxOf(network, network.init(1))));
    const count = (name: string): number => operators.filter((operator) => operator === name).length;
    expect(['Gather', 'Gemm', 'MatMul', 'Softmax', 'Expand', 'GatherElements'].map(count)).toEqual([1, 2, 2, 1, 0, 0]);
  });

  it('is float32 for float32 weights, float64 for float64 ones, and what is said', () => {
    const network = mlp([2, 2]);
    const typeOf = (bytes: Uint8Array): unknown => parseOnnx(bytes).graph.outputs[0].type;
    expect(typeOf(onnxOf(network, network.init(1)))).toBe('float32');
    expect(typeOf(onnxOf(network, network.init(1, 'float64')))).toBe('float64');
    expect(typeOf(onnxOf(network, network.init(1, 'float64'), { dtype: 'float32' }))).toBe('float32');
  });

  it('names input and output apart from weights that are called so', () => {
    const network = defineNetwork({
      inputs: 2,
      classes: 2,
      parameters: [{ name: 'x', shape: [2, 2] }],
      apply: ({ x: weight }, x) => matmul(x, weight),
    });
    const { graph } = parseOnnx(onnxOf(network, network.init(1)));
    expect(graph.inputs.map(({ name }) => name)).toEqual(['x_']);
  });

  it('writes an output that is the input, and one that is a weight', () => {
    const twice = defineNetwork({ inputs: 2, classes: 2, parameters: [], apply: (_, x) => x });
    expect(operatorsOf(parseOnnx(onnxOf(twice, new Float32Array(0))))).toEqual(['Identity']);
  });
});

describe('a network that ONNX cannot say', () => {
  const of = (apply: Parameters<typeof defineNetwork>[0]['apply']): (() => Uint8Array) => {
    const network = defineNetwork({ inputs: 2, classes: 2, parameters: [{ name: 'a', shape: [2], start: 1 }], apply });
    return () => onnxOf(network, network.init(1));
  };

  it('is refused by the name of what it computes', () => {
    expect(of(({ a }, x) => lgamma(add(x, a)))).toThrow(/^onnxOf: the network computes lgamma, which no operator/);
  });

  it('is refused where it depends on how many examples there are', () => {
    expect(of(({ a }, x) => mul(add(x, a), x.shape[0]))).toThrow(/does not do the same for batches of any size/);
  });

  it('is refused with weights of another length, and options that there are not', () => {
    const network = mlp([2, 2]);
    expect(() => onnxOf(network, new Float32Array(5))).toThrow(/has 6 weights, got a vector of 5/);
    expect(() => onnxOf(network, network.init(1), { opset: 9 } as never)).toThrow(/^onnxOf: .*opset/);
    expect(() => onnxOf(network, network.init(1), { dtype: 'float16' as never })).toThrow(/^onnxOf: dtype must be/);
  });
});

describe('a model', () => {
  it('is read as it was written', () => {
    for (const { network } of Object.values(networkCases)) {
      const model = parseOnnx(onnxOf(network, network.init(2, 'float64')));
      expect(parseOnnx(writeOnnx(model))).toEqual(model);
    }
  });

  it('is read as it was written with attributes of all kinds, and integers at their ends', () => {
    const tensor = { name: 't', type: 'int64', shape: [3], data: Float64Array.of(-1, 2 ** 53, -(2 ** 53)) } as const;
    const truths = { name: 'b', type: 'bool', shape: [2], data: Float64Array.of(0, 1) } as const;
    const small = { name: 'i', type: 'int32', shape: [1], data: Float64Array.of(-(2 ** 31)) } as const;
    const inner = { name: 'inner', nodes: [], initializers: new Map(), inputs: [], outputs: [] };
    const attributes = new Map([
      ['float', { kind: 'float', value: 0.1 }],
      ['int', { kind: 'int', value: -7 }],
      ['floats', { kind: 'floats', value: [0.1, -2] }],
      ['ints', { kind: 'ints', value: [0, 127, 128, -1, 2 ** 40] }],
      ['string', { kind: 'string', value: 'größe' }],
      ['strings', { kind: 'strings', value: ['a', ''] }],
      ['tensor', { kind: 'tensor', value: tensor }],
      ['truths', { kind: 'tensor', value: truths }],
      ['small', { kind: 'tensor', value: small }],
      ['graph', { kind: 'graph', value: inner }],
    ] as const);
    const node = { name: 'n', operator: 'Odd', domain: 'own', inputs: ['x', '', 'y'], outputs: ['z'], attributes };
    const graph = {
      name: 'g',
      nodes: [node],
      initializers: new Map([['t', tensor]]),
      inputs: [{ name: 'x', type: 'float32', typeName: 'float32', shape: ['batch', 3] }] as const,
      outputs: [{ name: 'z', typeName: 'undefined' }],
    };
    const opsets = new Map([
      ['', 17],
      ['own', 1],
    ]);
    const read = parseOnnx(writeOnnx({ irVersion: 8, producer: 'p', opsets, graph }));
    expect(read).toMatchObject({ irVersion: 8, producer: 'p', opset: 17 });
    expect(read.graph).toEqual(graph);
  });

  it('is refused with an attribute that cannot be written', () => {
    const attributes = new Map([['odd', { kind: 'other', value: 'attribute type 9' }]] as const);
    const node = { name: 'n', operator: 'Odd', domain: '', inputs: [], outputs: [], attributes };
    const graph = { name: 'g', nodes: [node], initializers: new Map(), inputs: [], outputs: [] };
    expect(() => writeOnnx({ irVersion: 8, producer: '', opsets: new Map(), graph })).toThrow(
      /^writeOnnx: attribute "odd" is of a kind that is not written/,
    );
  });
});
