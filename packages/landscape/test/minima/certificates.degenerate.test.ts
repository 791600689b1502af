import { log } from '@hyperribbon/kernels';
import { mlp } from '@hyperribbon/nn';
import { stack } from '@hyperribbon/nn/models';
import { describe, expect, it } from 'vitest';
import {
  badStart,
  certifyMinimum,
  constructMinimum,
  deadMinimum,
  embedNetwork,
  extendSubnet,
  kinksOf,
  runawayModel,
  trainFromBadStarts,
  UnattainedMinimumError,
} from '../../src/minima.js';
import { checkSet, examplesOf } from './checkSet.js';

const examples = checkSet();
const network = mlp([6, 8, 8, 3], { activation: 'relu' });

describe('minima of dead networks', () => {
  it('cost the entropy of the labels, or half the variance of targets, and are certified', async () => {
    const shares = [0, 1, 2].map((c) => examples.labels.filter((label) => label === c).length / 120);
    const entropy = shares.reduce((sum, p) => sum - p * log(p), 0);
    const half = 0.5 * (1 - shares.reduce((sum, p) => sum + p * p, 0));
    for (const [loss, value, rank] of [
      ['softmax-cross-entropy', entropy, 2],
      ['squared-error', half, 3],
    ] as const) {
      const params = deadMinimum(network, network.init(0, 'float64'), examples, { loss });
      const found = await certifyMinimum(network, params, examples, { loss });
      expect(Math.abs(found.loss - value)).toBeLessThan(1e-14);
      expect(found.gradientNorm).toBeLessThan(1e-14);
      expect(found.rank).toMatchObject({ found: rank, predicted: rank });
      expect(found.verdict).toBe('local-minimum');
      expect(kinksOf(network, params, examples)).toMatchObject({ blocked: true, layers: [1, 1] });
    }
  });

  it('need every class', () => {
    const one = { ...examples, labels: examples.labels.map((label) => label % 2) };
    expect(() => deadMinimum(network, network.init(0, 'float64'), one)).toThrow(UnattainedMinimumError);
  });

  it('are of zero weights too, where no pre-activation is at zero', async () => {
    const params = deadMinimum(network, new Float64Array(network.size), examples);
    const found = await certifyMinimum(network, params, examples);
    expect(found.margin).toBe(1);
    expect(found.verdict).toBe('local-minimum');
  });
});

describe('what is no local minimum', () => {
  it('is not critical after a bias has moved', async () => {
    const { params } = await constructMinimum(network, examples);
    params[params.length - 1] += 1e-6;
    expect((await certifyMinimum(network, params, examples)).verdict).toBe('not-critical');
  });

  it('is at a kink where weights are zero', async () => {
    expect((await certifyMinimum(network, new Float64Array(network.size), examples)).verdict).toBe('at-a-kink');
  });

  it('has negative curvature at a saddle of active units', async () => {
    // hidden units of constant 1 and an output of the best constant: only the product of first and last weights feels the inputs
    const net = mlp([6, 2, 3], { activation: 'relu' });
    const params = deadMinimum(net, new Float64Array(net.size), examples, { margin: 1 });
    params.fill(1, 12, 14);
    const found = await certifyMinimum(net, params, examples);
    expect(found.gradientNorm).toBeLessThan(1e-12);
    expect(found.verdict).toBe('negative-curvature');
  });

  it('is unattained where cross-entropy has no minimum, with the feature that is to blame', async () => {
    const x = examples.inputs.map((value, i) => (i % 6 === 5 ? (i < 18 ? 1 : 0) : value));
    const labels = examples.labels.map((label, i) => (i < 3 ? 1 : label));
    const separable = { ...examples, inputs: x, labels };
    await expect(constructMinimum(network, separable)).rejects.toThrow(
      'feature 5 is above 0 in 3 examples, none of class 0, 2',
    );
    const runaway = await runawayModel(separable);
    expect(runaway.curvature).toBeLessThan(1e-9);
    const { params } = await constructMinimum(network, separable, { linear: runaway });
    const found = await certifyMinimum(network, params, separable);
    expect(found.verdict).toBe('unattained');
    expect(found.reason).toContain('T1');
  });

  it('is undecided, or has a gradient, where units change from example to example', async () => {
    const found = await certifyMinimum(network, network.init(0, 'float64'), examples);
    expect(found.verdict).toBe('not-critical');
    expect(found.rank).toBeUndefined();
  });

  it('is refused with NaN, and for arguments that do not fit', async () => {
    await expect(certifyMinimum(network, new Float64Array(network.size).fill(NaN), examples)).rejects.toThrow('NaN');
    await expect(certifyMinimum(network, new Float64Array(3), examples)).rejects.toThrow('params');
    await expect(certifyMinimum(network, network.init(0, 'float64'), examples, { tol: 1 } as never)).rejects.toThrow(
      'tol',
    );
  });
});

describe('what constructMinimum refuses', () => {
  it('names the layer that is too narrow, other activations, and layers without biases', async () => {
    await expect(constructMinimum(mlp([6, 8, 1, 3], { activation: 'relu' }), examples)).rejects.toThrow(
      'W2 must have 2',
    );
    await expect(constructMinimum(mlp([6, 8, 3], { activation: 'tanh' }), examples)).rejects.toThrow('tanh');
    const bare = stack({
      input: [6],
      layers: [{ kind: 'linear', out: 4, bias: false }, { kind: 'relu' }, { kind: 'linear', out: 3 }],
    });
    await expect(constructMinimum(bare, examples)).rejects.toThrow('bias');
    await expect(constructMinimum(network, examples, { margin: 0 })).rejects.toThrow('margin');
  });

  it('takes one example, one class of squared error, and inputs of zeros', async () => {
    const net = mlp([2, 3, 2], { activation: 'relu' });
    const alone = examplesOf([[3, -4]], [1], 2);
    const { params } = await constructMinimum(net, alone, { loss: 'squared-error' });
    expect((await certifyMinimum(net, params, alone, { loss: 'squared-error' })).verdict).toBe('local-minimum');
    const zeros = examplesOf(
      [
        [0, 0],
        [0, 0],
      ],
      [0, 1],
      2,
    );
    const still = await constructMinimum(net, zeros);
    expect(Math.abs(still.model.loss - log(2))).toBeLessThan(1e-15);
    expect((await certifyMinimum(net, still.params, zeros)).rank).toMatchObject({ found: 1, predicted: 1 });
  });

  it('keeps unused units dead if asked to', async () => {
    const { kinks } = await constructMinimum(network, examples, { unused: 'dead' });
    expect(kinks.dead).toBe(12);
    expect(kinks.margin).toBeGreaterThan(0.999);
  });
});

describe('networks within networks', () => {
  const shallow = mlp([6, 5, 3], { activation: 'relu' });
  const params = shallow.init(1, 'float64');

  it('compute the same on the examples, whichever layer becomes several', () => {
    const deep = mlp([6, 5, 6, 4, 3], { activation: 'relu' });
    expect(embedNetwork(shallow, params, deep, examples, { layer: 1 }).outputDifference).toBeLessThan(1e-14);
    const wide = mlp([6, 7, 5, 3], { activation: 'relu' });
    for (const by of ['svd', 'identity'] as const)
      expect(embedNetwork(shallow, params, wide, examples, { by }).outputDifference).toBeLessThan(1e-14);
    expect(() =>
      embedNetwork(shallow, params, mlp([6, 9, 6, 3], { activation: 'relu' }), examples, { layer: 1 }),
    ).toThrow('widths');
  });

  it('extend a subnet by identities with the constant of the published code, or with offsets that fit', () => {
    const subnet = mlp([4, 5, 3], { activation: 'relu' });
    const net = mlp([6, 7, 4, 5, 3], { activation: 'relu' });
    for (const options of [{}, { offset: 2 }]) {
      const found = extendSubnet(subnet, subnet.init(2, 'float64'), net, examples, options);
      expect(found.outputDifference).toBeLessThan(1e-14);
      expect(kinksOf(net, found.params, examples).layers.slice(0, 2)).toEqual([1, 1]);
    }
  });

  it('are minima where the shallow one is: a constructed minimum stays one when it is embedded', async () => {
    const built = await constructMinimum(shallow, examples);
    const deep = mlp([6, 5, 4, 3], { activation: 'relu' });
    const found = embedNetwork(shallow, built.params, deep, examples, { layer: 1 });
    expect((await certifyMinimum(deep, found.params, examples)).verdict).toBe('local-minimum');
  });
});

describe('bad starts', () => {
  it('leave every unit the same for all examples, before training and after', async () => {
    const starts = [
      { kind: 'usual' },
      { kind: 'biases-shifted', by: 20 },
      { kind: 'biases-shifted', by: -20 },
      { kind: 'constant', value: 0.001 },
    ] as const;
    const rows = await trainFromBadStarts(network, examples, { starts, epochs: 20 });
    expect(rows.map(({ after }) => after.settled.every((share) => share === 1))).toEqual([false, true, true, true]);
    expect(rows[2].after.loss).toBeGreaterThan(1.09);
    expect(rows[0].steps).toBe(80);
  });

  it('draw biases within their bound, others for another seed', () => {
    const start = { kind: 'biases-uniform', bound: 50 } as const;
    const [a, b] = [badStart(network, start, 0), badStart(network, start, 1)];
    const last = (params: Float64Array): Float64Array => params.slice(-3);
    expect(last(a)).not.toEqual(last(b));
    expect(Math.max(...a.map(Math.abs))).toBeLessThanOrEqual(50);
    expect(Math.max(...a.map(Math.abs))).toBeGreaterThan(40);
  });
});
