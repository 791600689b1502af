import { type Tensor, compile, float64 } from '@hyperribbon/autodiff';
import {
  type Network,
  logits,
  networkIdentity,
  parameterSpecs,
  restrict,
  unflatten,
  withBuffers,
} from '@hyperribbon/nn';
import {
  type Stack,
  architectureOf,
  parseArchitecture,
  parseStack,
  resnet,
  stack,
  stackOf,
} from '@hyperribbon/nn/models';
import { describe, expect, it } from 'vitest';

const layer = (over: object): string => JSON.stringify({ input: [2, 6, 6], layers: [over] });
const conv = (over: object): string => layer({ kind: 'conv2d', out: 3, kernel: 3, ...over });
const nested = (depth: number): string =>
  '{"input":[4],"layers":[' + '{"kind":"sequence","layers":['.repeat(depth) + ']}'.repeat(depth) + ']}';

describe('parseStack', () => {
  it.each([
    ['', 'parseStack: the record must be JSON, got ""'],
    ['[]', 'the record must be an object'],
    ['{"input":[4]}', 'layers must be an array of at most 1000000, got nothing'],
    ['{"layers":[]}', 'input must be an array of at most 1000000, got nothing'],
    ['{"input":[],"layers":[]}', 'input must be one to three lengths with a product of at most 2^24'],
    ['{"input":[4,-1],"layers":[]}', 'input[1] must be a whole number in [1, 2^24], got -1'],
    ['{"input":[99999,99999],"layers":[]}', 'input must be one to three lengths'],
    ['{"input":[4],"layers":[],"units":3}', 'units must be absent (a stack has name, input, vocabulary, layers)'],
    [layer({ kind: 'conv3d' }), 'layers[0].kind must be one of attention, averagePool'],
    [layer({ kind: 'constructor' }), 'layers[0].kind must be one of'],
    [layer({}), 'layers[0].kind must be text, got nothing'],
    [conv({ kernel: 0 }), 'layers[0].kernel must be a whole number in [1, 2^24], got 0'],
    [conv({ kernel: [3, 3, 3] }), 'layers[0].kernel must be an array of 2'],
    [conv({ stride: 1.5 }), 'layers[0].stride must be a whole number'],
    [conv({ padding: 'full' }), 'layers[0].padding must be a whole number, a pair of them, or "same", got "full"'],
    [conv({ out: 1e9 }), 'layers[0].out must be a whole number in [1, 2^24]'],
    [conv({ dilations: 2 }), 'layers[0].dilations must be absent (conv2d has kind, name, out, kernel'],
    [conv({ start: { cauchy: 1 } }), 'layers[0].start must be a number, {"uniform": bound} or {"normal": deviation}'],
    [conv({ start: { normal: -1 } }), 'layers[0].start.normal must be a number, not negative, got -1'],
    [layer({ kind: 'residual', branch: [{ kind: 'relu', name: 3 }] }), 'layers[0].branch[0].name must be text, got 3'],
    [conv({ name: 'a/../b' }), 'layers[0].name must be letters, digits, _ and - with points between, at most 100'],
    [layer({ kind: 'scale', name: '__proto__' }), 'layers[0].name must be letters'],
    [layer({ kind: 'dropout', rate: 1 }), 'layers[0].rate must be in [0, 1), got 1'],
    [nested(40), 'at most 32 lists within each other'],
  ])('refuses %s as it is written', (json, message) => expect(() => parseStack(json)).toThrow(message));

  it.each([
    [conv({ kernel: 7 }), 'parseStack: layers[0] (0): a 7 × 7 window does not fit images of 6 × 6 with padding 0'],
    [conv({ groups: 2, out: 4, name: 'c' }), undefined],
    [conv({ groups: 2 }), 'layers[0] (0): groups must divide the 2 channels that enter and the 3 that leave, got 2'],
    [conv({ dilation: 3 }), 'a 7 × 7 window does not fit'],
    [layer({ kind: 'linear', out: 2 }), 'linear takes features or sequences of them, got [2, 6, 6]: flatten first'],
    [layer({ kind: 'attention', heads: 2 }), 'takes sequences [positions, features], got [2, 6, 6]'],
    [layer({ kind: 'groupNorm', groups: 4 }), 'groups must divide the 2 channels, got 4'],
    [layer({ kind: 'embedding', width: 2 }), 'takes tokens [positions], got [2, 6, 6] without a vocabulary'],
    [layer({ kind: 'unembedding', table: 'wte' }), 'table must name an embedding before it with 6 features, got "wte"'],
    [layer({ kind: 'maxPool', size: 2, padding: 2 }), 'padding must be smaller than the window 2 × 2, got 2'],
    [
      layer({ kind: 'residual', branch: [{ kind: 'conv2d', out: 3, kernel: 1 }] }),
      'layers[0] (0): the branch gives [3, 6, 6] and the shortcut [2, 6, 6]: project the shortcut',
    ],
    [
      JSON.stringify({
        input: [4],
        layers: [
          { kind: 'linear', out: 2, name: 'a' },
          { kind: 'linear', out: 2, name: 'a' },
        ],
      }),
      'two parameters are called a.weight',
    ],
    [conv({ padding: 60000 }), 'is more than 2^26 numbers per example'],
    ['{"input":[16777216],"layers":[{"kind":"linear","out":1000}]}', 'weights are more than 2^28'],
  ])('refuses modules that do not fit: %s', (json, message) => {
    if (message === undefined) expect(parseStack(json).parameters[0].name).toBe('c.weight');
    else expect(() => parseStack(json)).toThrow(message);
  });

  it('takes hostile sizes without making arrays of them', () => {
    const modules = Array.from({ length: 10_001 }, () => ({ kind: 'relu' }));
    expect(() => parseStack({ input: [4], layers: modules })).toThrow('layers must be an array of at most 10000');
    expect(() => parseStack(JSON.parse('{"input":[4],"layers":[{"kind":"relu","__proto__":{"a":1}}]}'))).toThrow(
      'absent',
    );
  });
});

const description: Stack = {
  name: 'mine',
  input: [2, 6, 6],
  layers: [
    { kind: 'conv2d', name: 'conv', out: 4, kernel: [3, 1], groups: 2, dilation: [2, 1], padding: 'same', bias: false },
    { kind: 'batchNorm', name: 'bn' },
    {
      kind: 'residual',
      name: 'r',
      branch: [{ kind: 'conv2d', out: 4, kernel: 1 }, { kind: 'gelu' }],
      shortcut: [{ kind: 'averagePool', size: 1 }],
    },
    { kind: 'flatten' },
    { kind: 'dropout', rate: 0.25 },
    { kind: 'linear', out: 3, start: { uniform: 0.5 } },
  ],
};

describe('stacks', () => {
  const network = stack(description);

  it('come back from their JSON, their architecture and themselves', () => {
    expect(stackOf(network)).toEqual(description);
    expect(networkIdentity(parseStack(JSON.stringify(stackOf(network))))).toBe(networkIdentity(network));
    const text = architectureOf(network)!;
    expect(networkIdentity(parseArchitecture(text))).toBe(networkIdentity(network));
    expect(architectureOf(parseArchitecture(text))).toBe(text);
    expect(network.parameters.map(({ name }) => name)).toEqual([
      'conv.weight',
      'bn.weight',
      'bn.bias',
      'r.0.weight',
      'r.0.bias',
      '5.weight',
      '5.bias',
    ]);
    const bound = withBuffers(network, { 'bn.running_mean': Float64Array.of(1, 2, 3, 4) });
    expect(bound.architecture).toBe(network.architecture);
    expect(architectureOf(bound)).toBeUndefined();
  });

  it('are copied: what is done to a description later does not reach the network', () => {
    const layers = [{ kind: 'linear' as const, out: 2 }];
    const own = stack({ input: [3], layers });
    layers[0].out = 5;
    expect(own.classes).toBe(2);
    expect(stackOf(own)!.layers).toEqual([{ kind: 'linear', out: 2 }]);
  });

  it('are those of the whole network, not of a part whose other weights are constants', () => {
    const part = restrict(network, network.init(1), /^conv/).network;
    expect([stackOf(part), part.architecture, architectureOf(part)]).toEqual([undefined, undefined, undefined]);
  });

  it('of models are modules to change: a wider image, another head', () => {
    const { layers } = stackOf(resnet(8, { image: [1, 8, 8], width: 0.25 }))!;
    const changed = stack({
      input: [3, 9, 9],
      layers: [...layers.slice(0, -1), { kind: 'linear', name: 'head', out: 2 }],
    });
    expect([changed.classes, changed.inputs]).toEqual([2, 243]);
  });

  it('of one module give what it is named after', () => {
    const x = Float64Array.of(1, 2, 3, 4, 5, 6);
    const run = (layers: Stack['layers'], input = [2, 3]): number[] => {
      const one = stack({ input, layers });
      const params = one.init(1, 'float64');
      const examples = {
        inputs: x,
        count: 1,
        features: 6,
        targets: new Float64Array(one.classes),
        outputs: one.classes,
      };
      return [...logits(one, params, examples as never)];
    };
    expect(run([{ kind: 'transpose' }])).toEqual([1, 4, 2, 5, 3, 6]);
    expect(run([{ kind: 'position', at: 1 }])).toEqual([4, 5, 6]);
    expect(run([{ kind: 'position', at: 'last' }])).toEqual([4, 5, 6]);
    expect(run([{ kind: 'classToken', start: 7 }])).toEqual([7, 7, 7, 1, 2, 3, 4, 5, 6]);
    expect(run([{ kind: 'places' }], [2, 1, 3])).toEqual([1, 4, 2, 5, 3, 6]);
    expect(run([], [2, 1, 3])).toEqual([1, 2, 3, 4, 5, 6]);
    expect(run([{ kind: 'globalAveragePool' }], [2, 1, 3])).toEqual([2, 5]);
    expect(run([{ kind: 'globalAveragePool' }])).toEqual([2.5, 3.5, 4.5]);
    expect(
      run([
        { kind: 'shift', start: 1 },
        { kind: 'scale', start: 2 },
      ]),
    ).toEqual([4, 6, 8, 10, 12, 14]);
    const waves = run([{ kind: 'positionalEmbedding', law: 'sinusoidal' }]).map((value, i) => value - x[i]);
    const slow = 10000 ** (-2 / 3);
    [0, 1, 0, Math.sin(1), Math.cos(1), Math.sin(slow)].forEach((value, i) => expect(waves[i]).toBeCloseTo(value, 12));
    const root = run([{ kind: 'rmsNorm', epsilon: 1e-12 }]);
    [1, 2, 3].forEach((value, i) => expect(root[i]).toBeCloseTo(value / Math.sqrt(14 / 3), 9));
  });
});

describe('dropout', () => {
  const step = (network: Network, uniforms: Float64Array): Float64Array =>
    compile(
      (params: Readonly<Record<string, Tensor>>, x: Tensor, draws: Tensor) =>
        network.applyTraining!(params, x, { buffers: {}, uniforms: draws }).logits,
      [parameterSpecs(network, 'float64'), float64(2, network.inputs), float64(2, network.draws!)] as const,
    )(
      unflatten(network, network.init(1, 'float64')) as never,
      new Float64Array(2 * network.inputs).fill(1),
      uniforms,
    ) as never;

  it('takes the draws of each module in turn, and nothing in evaluation', () => {
    const network = stack({
      input: [3],
      layers: [
        { kind: 'dropout', rate: 0.5 },
        { kind: 'dropout', rate: 0.25 },
      ],
    });
    expect(network.draws).toBe(6);
    const uniforms = Float64Array.of(0.6, 0.4, 0.6, 0.3, 0.3, 0.2, 0.5, 0.5, 0.4, 0.2, 0.9, 0.9);
    const both = 8 / 3;
    expect([...step(network, uniforms)].map((y) => Math.round(1e9 * y))).toEqual(
      [both, 0, 0, 0, both, 0].map((y) => Math.round(1e9 * y)),
    );
    const examples = {
      inputs: new Float64Array(3).fill(1),
      count: 1,
      features: 3,
      labels: Int32Array.of(0),
      classes: 3,
    };
    expect([...logits(network, new Float64Array(0), examples)]).toEqual([1, 1, 1]);
  });

  it('of channels drops them as a whole', () => {
    const network = stack({ input: [2, 2, 2], layers: [{ kind: 'dropout', rate: 0.5, channels: true }] });
    expect(network.draws).toBe(2);
    expect([...step(network, Float64Array.of(0.7, 0.1, 0.1, 0.7))]).toEqual([
      2, 2, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2,
    ]);
  });

  it('of rate 0 draws nothing: training is evaluation', () => {
    const network = stack({ input: [2], layers: [{ kind: 'dropout', rate: 0 }] });
    expect([network.draws, network.applyTraining]).toEqual([undefined, undefined]);
  });
});
