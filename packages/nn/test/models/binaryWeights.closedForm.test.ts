// Oracle: the network of the binary weights themselves, and D g, D H D with D the scale where |w| ≤ 1 and 0 beyond.
import { compile, float64, grad, hvp, mul, sum, type Tensor } from '@hyperribbon/autodiff';
import { evaluateFunction } from '@hyperribbon/autodiff/testing';
import {
  constantSchedule,
  logits,
  mlp,
  networkFromData,
  networkIdentity,
  networkToData,
  sgd,
  train,
  usedWeights,
} from '@hyperribbon/nn';
import {
  architectureOf,
  binaryWeights,
  completeArchitecture,
  parseArchitecture,
  resnet,
  stackOf,
  straightThroughSign,
} from '@hyperribbon/nn/models';
import { describe, expect, it } from 'vitest';
import { blobs } from '../blobs.js';

describe('straightThroughSign', () => {
  const points = [-3, -1, -0.4, -0, 0, 1e-300, 0.9, 1, 1 + 2 ** -52, 1e300, Infinity, -Infinity];

  it('is 1 from 0 on and −1 below, to the bit', () => {
    const signs = [-1, -1, -1, 1, 1, 1, 1, 1, 1, 1, 1, -1];
    expect(Array.from(evaluateFunction(straightThroughSign, [points]) as Float64Array)).toEqual(signs);
    const run = compile(straightThroughSign, [float64(points.length)], { deterministic: true });
    expect(Array.from(run(Float64Array.from(points)) as Float64Array)).toEqual(signs);
    expect(run(new Float64Array(points.length).fill(Number.NaN))[0]).toBeNaN();
  });

  it('has the derivative 1 where |w| ≤ 1 and 0 beyond, and no second one', () => {
    const f = (w: Tensor): Tensor => sum(mul(straightThroughSign(w), straightThroughSign(w)));
    const inside = [0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0];
    const slope = compile(
      grad((w: Tensor) => sum(straightThroughSign(w))),
      [float64(12)],
    );
    expect(Array.from(slope(Float64Array.from(points)) as Float64Array)).toEqual(inside);
    // Σ b²: H = 2 M
    const second = compile(hvp(f), [float64(12), float64(12)]);
    const Hv = second(Float64Array.from(points), new Float64Array(12).fill(1)) as Float64Array;
    expect(Array.from(Hv)).toEqual(inside.map((m) => 2 * m));
  });
});

describe('binaryWeights', () => {
  it('uses sign(w) gain/√fan_in and leaves biases, gains, norms and what is excepted', () => {
    const gain = Math.SQRT2;
    const plain = resnet(8, { classes: 3, image: [1, 8, 8], width: 1 / 8 });
    const net = binaryWeights(plain, { gain, except: ['conv1.weight', 'fc.weight'] });
    const params = net.init(3, 'float64');
    expect(params).toEqual(plain.init(3, 'float64'));
    const { network, params: used } = usedWeights(net, params);
    let at = 0;
    for (const { name, shape } of plain.parameters) {
      const size = shape.reduce((total, length) => total * length, 1);
      const binary = /^layer.*(conv\d|downsample\.0)\.weight$/.test(name);
      const scale = gain / Math.sqrt(shape.slice(1).reduce((total, length) => total * length, 1));
      for (let i = at; i < at + size; i++)
        expect(Math.abs(used[i] - (binary ? Math.sign(params[i]) * scale : params[i]))).toBeLessThan(1e-15);
      at += size;
    }
    const examples = blobs(6, 64, 3);
    expect(logits(net, params, examples)).toEqual(logits(network, used, examples));
    expect(network.name).toBe(plain.name);
    expect(stackOf(net)).toBeUndefined();
    expect(usedWeights(plain, params).params).toBe(params);
  });

  it('is read back from its name, has the examples’ sizes, and is data', () => {
    for (const text of ['binary:mlp:relu:4,5,3', 'binary:resnet:8:3:1,4,4']) {
      const net = parseArchitecture(text);
      expect([net.name, architectureOf(net)]).toEqual([text, text]);
      const identity = networkIdentity(net);
      expect(networkIdentity(networkFromData(networkToData(net)))).toBe(identity);
      expect(identity).not.toBe(networkIdentity(parseArchitecture(text.slice(7))));
    }
    expect(completeArchitecture('binary:mlp:relu:5', { features: 4, classes: 3 })).toBe('binary:mlp:relu:4,5,3');
    expect(architectureOf(binaryWeights(mlp([4, 3]), { gain: 2 }))).toBeUndefined();
    expect(() => parseArchitecture('binary:binary:mlp:relu:4,3')).toThrow('has latent weights already');
    expect(() => binaryWeights(mlp([4, 3]), { except: ['b1'] })).toThrow(
      'except must name weights of layers (W1), got b1',
    );
    expect(() => binaryWeights(mlp([4, 3]), { except: ['W1'] })).toThrow('has no weights of layers');
    expect(() => binaryWeights(mlp([4, 3]), { gain: 0 })).toThrow('binaryWeights: gain must be');
  });

  it('trains latent weights by the gradient of the signs, and those beyond ±1 stay', async () => {
    const plain = mlp([5, 3]);
    const net = binaryWeights(plain);
    const examples = blobs(12, 5, 3);
    const initial = net.init(2, 'float64');
    initial[0] = 1.5;
    initial[1] = -1;
    const once = {
      epochs: 1,
      batchSize: 12,
      dtype: 'float64',
      optimizer: sgd(),
      schedule: constantSchedule(1),
    } as const;
    const moved = await train(net, examples, { ...once, initial });
    const used = usedWeights(net, initial).params;
    const reference = await train(plain, examples, { ...once, initial: used });
    const scale = 1 / Math.sqrt(5);
    moved.params.forEach((w, k) => {
      const slope = k >= 15 ? 1 : Math.abs(initial[k]) <= 1 ? scale : 0;
      expect(Math.abs(w - (initial[k] + slope * (reference.params[k] - used[k])))).toBeLessThan(1e-14);
    });
    expect(moved.params[0]).toBe(1.5);
    expect(moved.params[1]).not.toBe(-1);
  });

  it('keeps buffers that training moved in the network of its binary weights', async () => {
    const net = parseArchitecture('binary:resnet:8:3:1,4,4:width=0.125');
    const examples = blobs(20, 16, 3);
    const run = await train(net, examples, { epochs: 4, batchSize: 10 });
    expect(run.finished).toBe(true);
    const latent = Float64Array.from(run.params);
    const { network, params } = usedWeights(run.network, latent);
    expect(logits(network, params, examples)).toEqual(logits(run.network, latent, examples));
    const before = usedWeights(net, latent).network;
    expect(logits(before, params, examples)).not.toEqual(logits(network, params, examples));
  });
});
