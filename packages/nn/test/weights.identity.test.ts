// Oracle: one network, whoever stored it. Its arrays under the names and in the order of axes of PyTorch, Keras, Flax or one's own are its weights.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lenet, mlp, unflatten, type Network } from '@hyperribbon/nn';
import { allCnn, networkFromArrays, type NamedArray } from '@hyperribbon/nn/models';
import type { FloatArray } from '@hyperribbon/kernels';

type Stored = Map<string, NamedArray>;

const turned = ({ shape: [rows, columns], data }: NamedArray): NamedArray => ({
  shape: [columns, rows],
  data: Float32Array.from({ length: rows * columns }, (_, k) =>
    Number(data[(k % rows) * columns + Math.trunc(k / rows)]),
  ),
});
const own = (network: Network, params: FloatArray): Stored => {
  const views = unflatten(network, params);
  return new Map(network.parameters.map(({ name, shape }) => [name, { shape, data: views[name] }]));
};

/** Names of the weight and the bias of layer l from 0 on, and whether weights lie (out, in). */
const habits: Readonly<Record<string, readonly [(l: number) => string, (l: number) => string, boolean]>> = {
  ours: [(l) => `W${l + 1}`, (l) => `b${l + 1}`, false],
  'ours, transposed': [(l) => `W${l + 1}`, (l) => `b${l + 1}`, true],
  'from 0': [(l) => `W${l}`, (l) => `b${l}`, false],
  'small letters': [(l) => `w_${l}`, (l) => `b_${l}`, false],
  words: [(l) => `weights${l + 1}`, (l) => `biases${l + 1}`, false],
  'PyTorch, Sequential': [(l) => `${2 * l}.weight`, (l) => `${2 * l}.bias`, true],
  'PyTorch, attributes': [(l) => `fc${l + 1}.weight`, (l) => `fc${l + 1}.bias`, true],
  'PyTorch, a list in a module': [(l) => `module.net.layers.${l}.weight`, (l) => `module.net.layers.${l}.bias`, true],
  'PyTorch, modules in_out': [(l) => `layer_${l}.weight`, (l) => `layer_${l}.bias`, false],
  Keras: [(l) => `dense${l === 0 ? '' : `_${l}`}/kernel:0`, (l) => `dense${l === 0 ? '' : `_${l}`}/bias:0`, false],
  'Keras 3': [
    (l) => `layers/dense${l === 0 ? '' : `_${l}`}/vars/0`,
    (l) => `layers/dense${l === 0 ? '' : `_${l}`}/vars/1`,
    false,
  ],
  'Keras from the root': [(l) => `/model/dense_${l + 9}/kernel`, (l) => `/model/dense_${l + 9}/bias`, false],
  Flax: [(l) => `params/Dense_${l}/kernel`, (l) => `params/Dense_${l}/bias`, false],
};

function stored(network: Network, params: FloatArray, habit: string): Stored {
  const [weight, bias, outIn] = habits[habit];
  const arrays = own(network, params);
  const layers = network.parameters.length / 2;
  return new Map(
    Array.from({ length: layers }, (_, l): [string, NamedArray][] => {
      const w = arrays.get(`W${l + 1}`)!;
      return [
        [bias(l), arrays.get(`b${l + 1}`)!],
        [weight(l), outIn ? turned(w) : w],
      ];
    })
      .flat()
      .toReversed(),
  );
}

describe('dense networks', () => {
  it.each(Object.keys(habits))('%s', (habit) => {
    for (const widths of [
      [5, 4, 3],
      [7, 2],
      [3, 4, 4, 2],
      [4, 3, 5, 6, 2, 3, 4, 5, 6, 7, 8, 9, 3],
    ]) {
      const net = mlp(widths, { activation: 'relu' });
      const params = net.init(widths.length);
      const { network, params: read, notes } = networkFromArrays('mlp:relu', stored(net, params, habit));
      expect(network.name).toBe(net.name);
      expect(read).toEqual(params);
      expect(notes).toEqual(habits[habit][2] ? ['weights are (out, in), as PyTorch stores them'] : []);
    }
  });

  it.each(Object.keys(habits).filter((habit) => !['ours, transposed', 'PyTorch, modules in_out'].includes(habit)))(
    '%s: square layers are read by their names, which a note says',
    (habit) => {
      const net = mlp([3, 3, 3]);
      const params = net.init(1);
      const { params: read, notes } = networkFromArrays('mlp:tanh', stored(net, params, habit));
      expect(read).toEqual(params);
      expect(notes).toEqual([
        expect.stringMatching(/fit both ways of lying: by their names they are read as \((in, out|out, in)\)/),
      ]);
    },
  );

  it('any widths, in either way of lying', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 5 }),
        fc.constantFrom(...Object.keys(habits)),
        (widths, habit) => {
          const net = mlp(widths);
          const params = net.init(7);
          const { network, params: read, notes } = networkFromArrays('mlp:tanh', stored(net, params, habit));
          if (notes.some((note) => note.includes('fit both'))) return;
          expect(network.name).toBe(net.name);
          expect(read).toEqual(params);
        },
      ),
      { seed: 20261130 },
    );
  });

  it('of layers with words for names follow one another by their shapes', () => {
    const net = mlp([6, 5, 4, 2]);
    const params = net.init(2);
    const arrays = own(net, params);
    const named: Stored = new Map([
      ['hidden.weight', turned(arrays.get('W2')!)],
      ['hidden.bias', arrays.get('b2')!],
      ['classifier.weight', turned(arrays.get('W3')!)],
      ['classifier.bias', arrays.get('b3')!],
      ['stem.weight', turned(arrays.get('W1')!)],
      ['stem.bias', arrays.get('b1')!],
    ]);
    expect(networkFromArrays('mlp:tanh', named).params).toEqual(params);
    const alike = new Map<string, NamedArray>([
      ...named,
      ['hidden.weight', { shape: [5, 5], data: new Float32Array(25) }],
    ]);
    expect(() => networkFromArrays('mlp:tanh', alike)).toThrow(/do not follow one another/);
  });

  it('leave aside what no network needs, and say so; refuse what acts', () => {
    const net = mlp([4, 3, 2]);
    const params = net.init(3);
    const arrays = stored(net, params, 'PyTorch, Sequential');
    const more = new Map([
      ...arrays,
      ['history', { shape: [9], data: new Float32Array(9) }],
      ['epoch', { shape: [], data: Float32Array.of(1) }],
    ]);
    const { params: read, notes } = networkFromArrays('mlp:tanh', more);
    expect(read).toEqual(params);
    expect(notes[1]).toBe('left aside: history, epoch');
    for (const name of ['1.running_mean', '1.running_var', 'bn/gamma:0', 'bn/beta', 'norm.bias', 'bn.moving_mean'])
      expect(
        () =>
          networkFromArrays(
            'mlp:tanh',
            new Map<string, NamedArray>([...arrays, [name, { shape: [3], data: new Float32Array(3) }]]),
          ),
        name,
      ).toThrow(/has no parameter .*these act|has no bias|do not follow/);
    const norm = new Map([
      ...arrays,
      ['1.weight', { shape: [3], data: new Float32Array(3) }],
      ['1.bias', { shape: [3], data: new Float32Array(3) }],
    ]);
    expect(() => networkFromArrays('mlp:tanh', norm)).toThrow(/do not follow one another/);
  });

  it('keep float64 where they are turned', () => {
    const wide = new Map<string, NamedArray>([
      ['0.weight', { shape: [2, 3], data: Float64Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6) }],
      ['0.bias', { shape: [2], data: Float64Array.of(7, 8) }],
    ]);
    expect(networkFromArrays('mlp:tanh', wide).params).toEqual(Float64Array.of(0.1, 0.4, 0.2, 0.5, 0.3, 0.6, 7, 8));
    const whole = new Map<string, NamedArray>([...wide, ['0.weight', { shape: [2, 3], data: new Int32Array(6) }]]);
    expect(() => networkFromArrays('mlp:tanh', whole)).toThrow(
      '0.weight must hold float32 or float64 numbers, got an Int32Array',
    );
  });
});

describe('LeNet', () => {
  const net = lenet({ channels: [2, 3], hidden: [7, 6], classes: 4 });
  const params = net.init(5);
  const arrays = own(net, params);
  const get = (name: string): NamedArray => arrays.get(name)!;

  it.each([
    ['attributes', ['conv1', 'conv2', 'fc1', 'fc2', 'fc3']],
    ['a Sequential', ['0', '3', '7', '9', '11']],
    ['two of them', ['features.0', 'features.3', 'classifier.0', 'classifier.2', 'classifier.4']],
  ])('of PyTorch, %s', (_, names) => {
    const torch: Stored = new Map();
    for (const [i, part] of ['conv1', 'conv2', 'fc1', 'fc2', 'fc3'].entries()) {
      torch.set(`${names[i]}.weight`, i < 2 ? get(`${part}.weight`) : turned(get(`${part}.weight`)));
      torch.set(`${names[i]}.bias`, get(`${part}.bias`));
    }
    const { network, params: read, notes } = networkFromArrays('lenet', torch);
    expect(network.name).toBe(net.name);
    expect(read).toEqual(params);
    expect(notes).toEqual(['dense weights are (out, in)']);
  });

  it('of our own', () => {
    expect(networkFromArrays('lenet', arrays)).toMatchObject({ params, notes: [] });
  });

  // definition: keras[r, c, in, out] = torch[out, in, r, c]; Flatten orders row, column, channel
  it('of Keras, channels last', () => {
    const filters = (name: string): NamedArray => {
      const {
        shape: [outs, ins],
        data,
      } = get(name);
      const flat = new Float32Array(25 * ins * outs);
      for (let r = 0; r < 5; r++)
        for (let c = 0; c < 5; c++)
          for (let i = 0; i < ins; i++)
            for (let o = 0; o < outs; o++)
              flat[((r * 5 + c) * ins + i) * outs + o] = Number(data[((o * ins + i) * 5 + r) * 5 + c]);
      return { shape: [5, 5, ins, outs], data: flat };
    };
    const first = get('fc1.weight');
    const rows = new Float32Array(48 * 7);
    for (let r = 0; r < 4; r++)
      for (let c = 0; c < 4; c++)
        for (let ch = 0; ch < 3; ch++)
          for (let j = 0; j < 7; j++)
            rows[((r * 4 + c) * 3 + ch) * 7 + j] = Number(first.data[(ch * 16 + r * 4 + c) * 7 + j]);
    const keras: Stored = new Map([
      ['conv2d/kernel:0', filters('conv1.weight')],
      ['conv2d/bias:0', get('conv1.bias')],
      ['conv2d_1/kernel:0', filters('conv2.weight')],
      ['conv2d_1/bias:0', get('conv2.bias')],
      ['dense/kernel:0', { shape: [48, 7], data: rows }],
      ['dense/bias:0', get('fc1.bias')],
      ['dense_1/kernel:0', get('fc2.weight')],
      ['dense_1/bias:0', get('fc2.bias')],
      ['dense_2/kernel:0', get('fc3.weight')],
      ['dense_2/bias:0', get('fc3.bias')],
    ]);
    const { params: read, notes } = networkFromArrays('lenet', keras);
    expect(read).toEqual(params);
    expect(notes).toEqual(['images have their channels last, as in Keras']);
  });

  it('of other shapes is refused, saying what it should be', () => {
    const odd = (change: (a: Stored) => void): Stored => {
      const copy = new Map(arrays);
      change(copy);
      return copy;
    };
    const zeros = (...shape: number[]): NamedArray => ({
      shape,
      data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
    });
    expect(() =>
      networkFromArrays(
        'lenet',
        odd((a) => a.set('conv1.weight', zeros(2, 3, 5, 5))),
      ),
    ).toThrow(/\(c, 1, 5, 5\) and \(d, c, 5, 5\), got \(2, 3, 5, 5\)/);
    expect(() =>
      networkFromArrays(
        'lenet',
        odd((a) => a.set('conv1.weight', zeros(2, 1, 3, 3))),
      ),
    ).toThrow(/conv1.weight has shape \(2, 1, 3, 3\), expected \(out, in, 5, 5\)/);
    expect(() =>
      networkFromArrays(
        'lenet',
        odd((a) => a.delete('conv1.bias')),
      ),
    ).toThrow(/conv1.weight has no bias/);
    expect(() =>
      networkFromArrays(
        'lenet',
        odd((a) => a.set('fc1.weight', zeros(50, 7))),
      ),
    ).toThrow(/from 48 inputs on, neither stored \(in, out\) nor transposed/);
    expect(() =>
      networkFromArrays(
        'lenet',
        odd((a) => a.set('conv3.weight', zeros(2, 3, 5, 5))),
      ),
    ).toThrow(/a LeNet has two convolutions/);
  });
});

describe('All-CNN', () => {
  const image = { height: 8, width: 8, channels: 1 };
  const net = allCnn({ channels: [2, 3], classes: 4, image });
  const params = net.init(6);

  it('is read by its whole name, with running statistics where there are some', () => {
    const arrays = own(net, params);
    const { network, params: read } = networkFromArrays(net.name, arrays);
    expect([network.name, read]).toEqual([net.name, params]);
    const trained = new Map<string, NamedArray>([
      ...arrays,
      ['bn1.running_mean', { shape: [2], data: Float32Array.of(0.5, -1) }],
    ]);
    const other = networkFromArrays(net.name, trained);
    expect(other.params).toEqual(params);
    expect(() => networkFromArrays('allcnn', arrays)).toThrow(
      /conv1.weight has shape \(2, 1, 3, 3\), expected \(64, 3, 3, 3\)/,
    );
    expect(() =>
      networkFromArrays(
        net.name,
        new Map<string, NamedArray>([...arrays, ['conv6.weight', arrays.get('conv1.weight')!]]),
      ),
    ).toThrow(/has no parameter conv6.weight/);
  });
});
