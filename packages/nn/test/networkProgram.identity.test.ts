// Oracle: what is known of the networks, and identities between networks that differ in one thing.
import { broadcastTo, constant, dense, matmul, mean, mul, sub, tanh, transpose } from '@hyperribbon/autodiff';
import {
  type Network,
  type NetworkDefinition,
  defineNetwork,
  lenet,
  mlp,
  networkFromData,
  networkIdentity,
  networkProgram,
  networkToData,
  train,
  withBuffers,
} from '@hyperribbon/nn';
import { allCnn } from '@hyperribbon/nn/models';
import { describe, expect, it } from 'vitest';

const mapsOf = (network: Network, batch: number) =>
  networkProgram(network, batch).maps.map(({ weight, bias, inputs, outputs, positions, alone }) => ({
    weight: network.parameters[weight].name,
    bias: bias === undefined ? undefined : network.parameters[bias].name,
    sizes: [inputs, outputs, positions],
    alone,
  }));

describe.each([1, 2, 7])('the maps of a network on %i examples', (batch) => {
  it('are the layers of an mlp', () => {
    expect(mapsOf(mlp([5, 4, 1, 3], { activation: 'gelu' }), batch)).toEqual([
      { weight: 'W1', bias: 'b1', sizes: [5, 4, 1], alone: true },
      { weight: 'W2', bias: 'b2', sizes: [4, 1, 1], alone: true },
      { weight: 'W3', bias: 'b3', sizes: [1, 3, 1], alone: true },
    ]);
  });

  it('are convolutions and dense layers of LeNet', () => {
    expect(mapsOf(lenet({ channels: [2, 3], hidden: [6], classes: 4 }), batch)).toEqual([
      { weight: 'conv1.weight', bias: 'conv1.bias', sizes: [25, 2, 24 * 24], alone: true },
      { weight: 'conv2.weight', bias: 'conv2.bias', sizes: [50, 3, 8 * 8], alone: true },
      { weight: 'fc1.weight', bias: 'fc1.bias', sizes: [48, 6, 1], alone: true },
      { weight: 'fc2.weight', bias: 'fc2.bias', sizes: [6, 4, 1], alone: true },
    ]);
  });

  it('are the convolutions of All-CNN, not its batch norms', () => {
    const network = allCnn({ channels: [2, 3], classes: 4, image: { height: 8, width: 12, channels: 1 } });
    expect(mapsOf(network, batch).map(({ weight, bias, sizes }) => [weight, bias, ...sizes])).toEqual([
      ['conv1.weight', 'conv1.bias', 9, 2, 96],
      ['conv2.weight', 'conv2.bias', 18, 2, 24],
      ['conv3.weight', 'conv3.bias', 18, 3, 24],
      ['conv4.weight', 'conv4.bias', 27, 3, 6],
      ['conv5.weight', 'conv5.bias', 3, 4, 6],
    ]);
  });
});

const definition: NetworkDefinition = {
  inputs: 4,
  classes: 3,
  parameters: [
    { name: 'W', shape: [4, 3] },
    { name: 'b', shape: [3] },
    { name: 'gain', shape: [], start: 2 },
  ],
  apply: ({ W, b, gain }, x) => mul(gain, dense(x, W, b)),
};

describe('defineNetwork', () => {
  it('starts weights as their fan-in says and others where told', () => {
    const network = defineNetwork(definition);
    expect(network.size).toBe(16);
    const start = network.init(3, 'float64');
    expect(start.subarray(0, 15)).toEqual(mlp([4, 3]).init(3, 'float64'));
    expect(start[15]).toBe(2);
    // the fan-in of a weight that is stored transposed is that of the product
    const turned = defineNetwork({
      inputs: 400,
      classes: 2,
      parameters: [{ name: 'W', shape: [2, 400] }],
      apply: ({ W }, x) => matmul(x, transpose(W)),
    });
    const largest = Math.max(...Array.from(turned.init(1, 'float64'), Math.abs));
    expect(largest).toBeLessThanOrEqual(1 / 20);
    expect(largest).toBeGreaterThan(0.98 / 20);
  });

  it('refuses what is no network', () => {
    const define = (change: Partial<NetworkDefinition>) => () => defineNetwork({ ...definition, ...change });
    expect(define({ inputs: 0 })).toThrow('defineNetwork: inputs must be an integer >= 1, got inputs=0');
    expect(define({ parameters: definition.parameters.map(({ name, shape }) => ({ name, shape })) })).toThrow(
      'defineNetwork: gain is no weight or bias of a dense layer or convolution: its start must be given',
    );
    expect(define({ parameters: [...definition.parameters, { name: 'b', shape: [1], start: 0 }] })).toThrow(
      'defineNetwork: two parameters are called b',
    );
    expect(define({ classes: 2 })).toThrow(
      'defineNetwork: apply must give logits (batch, 2), got (2, 3) for a batch of 2',
    );
  });
});

describe('networkIdentity', () => {
  it('does not see the name', () => {
    expect(networkIdentity(defineNetwork({ ...definition, name: 'other' }))).toBe(
      networkIdentity(defineNetwork(definition)),
    );
    expect(networkIdentity({ ...mlp([4, 3]), name: 'a line' })).toBe(networkIdentity(mlp([4, 3])));
  });

  it('is what a resumed run must have in common with the one that stopped', async () => {
    const network = mlp([2, 3, 2]);
    const examples = {
      inputs: Float64Array.of(1, 2, -1, 0),
      labels: Int32Array.of(0, 1),
      count: 2,
      features: 2,
      classes: 2,
    };
    const options = { epochs: 1, batchSize: 1, seed: 2 };
    const { checkpoint } = await train(network, examples, options);
    const renamed = await train({ ...network, name: 'renamed' }, examples, {
      ...options,
      epochs: 2,
      resume: checkpoint,
    });
    expect(renamed.params).toEqual(
      (await train(network, examples, { ...options, epochs: 2, resume: checkpoint })).params,
    );
    const other = { ...mlp([2, 3, 2], { activation: 'relu' }), name: network.name };
    await expect(train(other, examples, { ...options, epochs: 2, resume: checkpoint })).rejects.toThrow(
      /^train: resume must have the network of this run, sha256:\w+, got sha256:\w+$/,
    );
  });

  it('sees the function, its constants, and the parameters', () => {
    const image = { height: 4, width: 4, channels: 1 };
    const networks = [
      mlp([4, 5, 3]),
      mlp([4, 6, 3]),
      mlp([4, 5, 3], { activation: 'relu' }),
      defineNetwork(definition),
      defineNetwork({ ...definition, apply: ({ W, b, gain }, x) => mul(gain, tanh(dense(x, W, b))) }),
      defineNetwork({
        ...definition,
        parameters: definition.parameters.map((p) => (p.name === 'b' ? { ...p, name: 'c' } : p)),
        apply: ({ W, c, gain }, x) => mul(gain, dense(x, W, c)),
      }),
      allCnn({ channels: [1, 1], classes: 2, image }),
      withBuffers(allCnn({ channels: [1, 1], classes: 2, image }), { 'bn1.running_mean': Float64Array.of(0.5) }),
      defineNetwork({
        inputs: 2,
        classes: 2,
        parameters: [],
        apply: (_, x) => mul(x, constant(Float64Array.of(1), [])),
      }),
      defineNetwork({
        inputs: 2,
        classes: 2,
        parameters: [],
        apply: (_, x) => mul(x, constant(Float64Array.of(2), [])),
      }),
    ];
    const found = networks.map(networkIdentity);
    expect(new Set(found).size).toBe(networks.length);
    for (const identity of found) expect(identity).toMatch(/^sha256:[0-9a-f]{64}$/);
  });
});

describe('networks as data', () => {
  const networks = [
    mlp([5, 4, 3], { activation: 'gelu' }),
    lenet({ channels: [2, 3], hidden: [6], classes: 4 }),
    withBuffers(allCnn({ channels: [2, 3], classes: 4, image: { height: 8, width: 8, channels: 1 } }), {
      'bn1.running_mean': Float64Array.of(0.1, 0.2),
    }),
    defineNetwork(definition),
  ];

  it.each(networks.map((network) => [network.name, network] as const))('come back with all bits: %s', (_, network) => {
    const back = networkFromData(structuredClone(networkToData(network)));
    const { name, inputs, classes, parameters, size } = network;
    expect(back).toMatchObject({ name, inputs, classes, parameters, size });
    expect(networkIdentity(back)).toBe(networkIdentity(network));
    for (const batch of [1, 2, 7]) {
      for (const dtype of ['float32', 'float64'] as const) {
        expect(networkProgram(back, batch, dtype).program).toEqual(networkProgram(network, batch, dtype).program);
      }
    }
    expect(back.init(5)).toEqual(network.init(5));
  });

  it('are refused where the size of the batch counts', () => {
    const centred = defineNetwork({
      inputs: 3,
      classes: 3,
      parameters: [],
      apply: (_, x) => sub(x, broadcastTo(mean(x, 0), x.shape)),
    });
    expect(() => networkToData(centred)).toThrow('networkToData: custom does not do the same for batches of any size');
  });
});
