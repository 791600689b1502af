// Oracle: the network that was folded. Equal outputs, and no batch norm is left.
import { describe, expect, test } from 'vitest';
import {
  type Tensor,
  add,
  averagePool2d,
  batchNorm,
  conv2d,
  dense,
  matmul,
  mul,
  relu,
  reshape,
} from '@hyperribbon/autodiff';
import {
  defineNetwork,
  foldBatchNorm,
  logits,
  type Network,
  networkProgram,
  type ParameterTensors,
  sizeOf,
  withBuffers,
} from '@hyperribbon/nn';
import { resnet } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';

const channels = 4;
const norm = (name: string, x: Tensor, params: ParameterTensors, buffers: ParameterTensors, axis = -1): Tensor =>
  batchNorm(x, {
    mean: buffers[`${name}.running_mean`],
    variance: buffers[`${name}.running_var`],
    scale: params[`${name}.weight`],
    shift: params[`${name}.bias`],
    axis,
  });
const gains = (name: string) => [
  { name: `${name}.weight`, shape: [channels], start: { uniform: 1 } },
  { name: `${name}.bias`, shape: [channels], start: { uniform: 1 } },
];
const statistics = (...names: string[]) =>
  names.flatMap((name, i) => [
    { name: `${name}.running_mean`, shape: [channels], value: Float64Array.of(0.2, -0.4, 0.6, 0.1 * i) },
    { name: `${name}.running_var`, shape: [channels], value: Float64Array.of(0.3, 1.4, 0.6, 2.1 + i) },
  ]);

/** A residual block, a depthwise and a grouped convolution, a dense layer with a bias, a norm before everything. */
const residual = defineNetwork({
  inputs: 36,
  inputShape: [1, 6, 6],
  classes: 3,
  parameters: [
    { name: 'conv1.weight', shape: [channels, 1, 3, 3] },
    ...gains('bn1'),
    { name: 'conv2.weight', shape: [channels, 1, 3, 3] },
    ...gains('bn2'),
    { name: 'conv3.weight', shape: [channels, 2, 1, 1] },
    { name: 'conv3.bias', shape: [channels] },
    ...gains('bn3'),
    { name: 'fc.weight', shape: [channels, 3] },
    { name: 'fc.bias', shape: [3] },
  ],
  buffers: statistics('bn1', 'bn2', 'bn3'),
  apply(w, x, buffers) {
    const h = relu(norm('bn1', conv2d(reshape(x, [-1, 6, 6, 1]), w['conv1.weight'], { padding: 1 }), w, buffers));
    const wide = norm('bn2', conv2d(h, w['conv2.weight'], { padding: 1, groups: channels }), w, buffers);
    const mixed = add(conv2d(relu(wide), w['conv3.weight'], { groups: 2 }), w['conv3.bias']);
    const out = relu(add(h, norm('bn3', mixed, w, buffers)));
    return dense(reshape(averagePool2d(out, { size: 6 }), [-1, channels]), w['fc.weight'], w['fc.bias']);
  },
});

function outputs(network: Network, params: Float64Array): Float64Array {
  const inputs = new Float64Array(7 * network.inputs);
  stream({ seed: 5, purpose: 'test' }).normal(inputs);
  const { inputs: features, classes } = network;
  return logits(network, params, { inputs, labels: new Int32Array(7), count: 7, features, classes }) as Float64Array;
}

const distance = (a: Float64Array, b: Float64Array): number =>
  a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), a.length === b.length ? 0 : Infinity);

describe('folded', () => {
  test('a network of convolutions computes the same, with a bias for each norm and nothing else', () => {
    const params = residual.init(3, 'float64') as Float64Array;
    const { network, params: scaled, folded } = foldBatchNorm(residual, params);
    expect(folded).toEqual(['conv1.weight', 'conv2.weight', 'conv3.weight']);
    expect(network.parameters.map(({ name }) => name)).toEqual([
      'conv1.weight',
      'conv1.bias',
      'conv2.weight',
      'conv2.bias',
      'conv3.weight',
      'conv3.bias',
      'fc.weight',
      'fc.bias',
    ]);
    const plain = outputs(residual, params);
    expect(distance(outputs(network, scaled as Float64Array), plain)).toBeLessThan(1e-12);
    expect(distance(outputs(network, scaled.map((w) => w * (1 + 1e-10)) as Float64Array), plain)).toBeGreaterThan(
      1e-12,
    );
    // every map keeps its bias; no scale is left behind one
    expect(networkProgram(network, 2).layers.map(({ bias }) => bias !== undefined)).toEqual([true, true, true, true]);
    expect(foldBatchNorm(network, scaled).folded).toEqual([]);
    expect(network.buffers).toBeUndefined();
  });

  test('a residual net with running statistics of its own computes the same', () => {
    const bare = resnet(8, { image: [1, 8, 8], width: 0.25 });
    const values = Object.fromEntries(
      bare.buffers!.map(({ name, shape }, i) => {
        const numbers = new Float64Array(sizeOf(shape));
        stream({ seed: i, purpose: 'test' }).uniform(numbers);
        return [name, numbers.map((u) => (name.endsWith('var') ? 0.2 + 3 * u : u - 0.5))];
      }),
    );
    const network = withBuffers(bare, values);
    const params = network.init(2, 'float64').map((w, i) => w * (1 + 0.3 * Math.sin(i))) as Float64Array;
    const found = foldBatchNorm(network, params);
    expect(found.folded.length).toBe(9);
    expect(found.network.parameters.filter(({ name }) => /bn|downsample\.1/.test(name))).toEqual([]);
    const plain = outputs(network, params);
    const scale = Math.max(...plain.map(Math.abs));
    expect(distance(outputs(found.network, found.params as Float64Array), plain)).toBeLessThan(1e-12 * scale);
    expect(distance(outputs(bare, params), plain)).toBeGreaterThan(1e-3 * scale);
  });

  test('starts where the network starts, in either precision', () => {
    const { network } = foldBatchNorm(residual, residual.init(0));
    const params = residual.init(8, 'float64') as Float64Array;
    const start = network.init(8, 'float64') as Float64Array;
    expect(distance(outputs(network, start), outputs(residual, params))).toBeLessThan(1e-12);
    expect(network.init(8)).toEqual(Float32Array.from(start));
  });
});

describe('not folded', () => {
  const square = (apply: (w: ParameterTensors, x: Tensor, buffers: ParameterTensors) => Tensor): Network =>
    defineNetwork({
      inputs: channels,
      classes: channels,
      parameters: [{ name: 'W', shape: [channels, channels], start: { uniform: 1 } }, ...gains('bn')],
      buffers: statistics('bn'),
      apply,
    });
  const cases: Readonly<Record<string, Network>> = {
    'a norm before the layer': square((w, x, buffers) => matmul(norm('bn', x, w, buffers), w.W)),
    'weights that are used twice': square((w, x, buffers) => {
      const h = relu(norm('bn', matmul(x, w.W), w, buffers));
      return norm('bn', matmul(h, w.W), w, buffers);
    }),
    'outputs that are read before the norm': square((w, x, buffers) => {
      const y = matmul(x, w.W);
      return mul(y, norm('bn', y, w, buffers));
    }),
  };
  test.each(Object.entries(cases))('%s', (_, network) => {
    const params = network.init(1, 'float64');
    const found = foldBatchNorm(network, params);
    expect(found).toEqual({ network, params, folded: [] });
    expect(found.params).not.toBe(params);
  });

  test('parameters that are read elsewhere too stay', () => {
    const network = square((w, x, buffers) => mul(relu(norm('bn', matmul(x, w.W), w, buffers)), w['bn.weight']));
    const params = network.init(2, 'float64') as Float64Array;
    const found = foldBatchNorm(network, params);
    expect(found.network.parameters.map(({ name }) => name)).toEqual(['W', 'W.bias', 'bn.weight']);
    expect(distance(outputs(found.network, found.params as Float64Array), outputs(network, params))).toBeLessThan(
      1e-12,
    );
  });

  test('weights of another length are refused', () => {
    expect(() => foldBatchNorm(residual, new Float64Array(3))).toThrow(/foldBatchNorm: params/);
  });
});
