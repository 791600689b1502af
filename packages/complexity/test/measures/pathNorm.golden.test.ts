// Oracles: enumeration of all paths, in numpy for the network whose sizes differ and here for batch norm; the network without its rectifiers.
import {
  add,
  averagePool2d,
  batchNorm,
  conv2d,
  dense,
  maxPool2d,
  mul,
  relu,
  reshape,
  type Tensor,
} from '@hyperribbon/autodiff';
import { layerNorm, leakyRelu } from '@hyperribbon/autodiff/layers';
import { pathNorm } from '@hyperribbon/complexity';
import { defineNetwork, logits, mlp, type Network, type NetworkDefinition } from '@hyperribbon/nn';
import { gpt, resnet } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { flat, network, weights } from './uneven.js';

const normal = (n: number, seed: number): Float64Array => stream({ seed, purpose: 'test' }).normal(new Float64Array(n));
const near = (value: number, expected: number, tolerance = 1e-12): boolean =>
  Math.abs(value - expected) <= tolerance * Math.abs(expected);

describe('the path norm', () => {
  it('of G0 is 52, the sum over its twelve paths', () => {
    const net = mlp([3, 2, 2], { activation: 'relu' });
    // W₁ᵀ, no biases, W₂ᵀ, no biases
    const params = Float64Array.of(3, 0, 4, 0, 0, 1, 0, 0, 1, -1, -1, 1, 0, 0);
    const { logSum, logNorm } = pathNorm(net, params);
    expect(Math.exp(logSum)).toBeCloseTo(52, 12);
    expect(Math.exp(logNorm)).toBeCloseTo(Math.sqrt(52), 12);
    // Σ |w| over the paths: (7 + 1) · 2
    expect(Math.exp(pathNorm(net, params, { power: 1 }).logSum)).toBeCloseTo(16, 12);
  });

  it('of a network with biases counts the paths from them, and takes the p-th root', () => {
    const params = flat(weights);
    expect(near(Math.exp(pathNorm(network, params).logSum), 43.90414810180664)).toBe(true);
    expect(near(Math.exp(pathNorm(network, params).logSum), 43.90414810180664 * (1 + 1e-11))).toBe(false);
    expect(near(Math.exp(pathNorm(network, params, { power: 1 }).logSum), 99.072265625)).toBe(true);
    expect(near(Math.exp(pathNorm(network, params, { power: 3 }).logNorm), 2.9338738937408295)).toBe(true);
  });

  it('folds batch norms before it squares: scale γ/√(v + ε), bias β + (b − mean) · scale', () => {
    const [gamma, beta, mean, variance] = [
      [2, -0.5],
      [0.25, -3],
      [1, -1],
      [4, 0.5],
    ];
    const net = defineNetwork({
      inputs: 2,
      classes: 1,
      parameters: [
        { name: 'W', shape: [2, 2] },
        { name: 'b', shape: [2] },
        { name: 'scale', shape: [2], start: 1 },
        { name: 'shift', shape: [2], start: 0 },
        { name: 'V', shape: [2, 1] },
      ],
      buffers: [
        { name: 'mean', shape: [2], value: Float64Array.from(mean) },
        { name: 'variance', shape: [2], value: Float64Array.from(variance) },
      ],
      apply: ({ W, b, scale, shift, V }, x, buffers) =>
        dense(relu(batchNorm(dense(x, W, b), { mean: buffers.mean, variance: buffers.variance, scale, shift })), V),
    });
    const [W, b, V] = [
      [1, 2, 3, 4],
      [0.5, -2],
      [3, 5],
    ];
    const expected = [0, 1].reduce((sum, j) => {
      const s = gamma[j] / Math.sqrt(variance[j] + 1e-5);
      const bias = beta[j] + (b[j] - mean[j]) * s;
      return sum + V[j] ** 2 * ((W[j] * s) ** 2 + (W[2 + j] * s) ** 2 + bias ** 2);
    }, 0);
    const found = Math.exp(pathNorm(net, Float64Array.of(...W, ...b, ...gamma, ...beta, ...V)).logSum);
    expect(near(found, expected)).toBe(true);
    // with ε = 0 it is another number
    expect(near(found, expected, 1e-7)).toBe(true);
  });

  const image = (activate: (x: Tensor) => Tensor, pool: 'mean' | 'max'): Network => {
    const definition: NetworkDefinition = {
      inputs: 36,
      classes: 3,
      parameters: [
        { name: 'K', shape: [2, 1, 3, 3] },
        { name: 'b', shape: [2] },
        { name: 'V', shape: [8, 3] },
        { name: 'c', shape: [3] },
      ],
      apply: ({ K, b, V, c }, x) => {
        const maps = conv2d(reshape(x, [x.shape[0], 1, 6, 6]), K, { layout: 'NCHW' });
        const z = activate(add(maps, reshape(b, [1, 2, 1, 1])));
        const pooled = (pool === 'mean' ? averagePool2d : maxPool2d)(z, { size: 2, layout: 'NCHW' });
        return dense(reshape(pooled, [x.shape[0], 8]), V, c);
      },
    };
    return defineNetwork(definition);
  };

  it.each(['mean', 'max'] as const)(
    'of a convolution with pooling (%s) is the network without rectifiers at squared weights',
    (pool) => {
      for (const activate of [relu, (x: Tensor) => leakyRelu(x, 0.2)]) {
        const net = image(activate, pool);
        const params = normal(net.size, 3);
        const ones = {
          inputs: new Float64Array(36).fill(1),
          labels: new Int32Array(1),
          count: 1,
          features: 36,
          classes: 3,
        };
        const linear = logits(
          image((x) => x, pool),
          params.map((w) => w * w),
          ones,
        );
        expect(
          near(
            Math.exp(pathNorm(net, params).logSum),
            Array.from(linear).reduce((sum, z) => sum + z, 0),
          ),
        ).toBe(true);
      }
    },
  );

  it('is there for residual networks with batch norms', () => {
    const net = resnet(8, { image: [1, 8, 8], classes: 4 });
    const { logSum, undefinedBecause } = pathNorm(net, net.init(1));
    expect(undefinedBecause).toBeUndefined();
    expect(Number.isFinite(logSum)).toBe(true);
  });
});

describe('what has no paths', () => {
  it('is undefined, with the operation that they do not lead through', () => {
    const smooth = mlp([3, 2, 2], { activation: 'tanh' });
    expect(pathNorm(smooth, smooth.init(1))).toEqual({
      logSum: NaN,
      logNorm: NaN,
      undefinedBecause: 'tanh is no rectifier, pooling or sum: there are no paths through it',
    });
    const normed = defineNetwork({
      inputs: 3,
      classes: 2,
      parameters: [{ name: 'W', shape: [3, 2] }],
      apply: ({ W }, x) => dense(layerNorm(x), W),
    });
    expect(pathNorm(normed, normed.init(1)).undefinedBecause).toMatch(/is no rectifier, pooling or sum/);
    const gated = defineNetwork({
      inputs: 3,
      classes: 3,
      parameters: [{ name: 'W', shape: [3, 3] }],
      apply: ({ W }, x) => {
        const z = dense(x, W);
        return mul(relu(z), z);
      },
    });
    expect(pathNorm(gated, gated.init(1)).undefinedBecause).toMatch(/is no rectifier, pooling or sum/);
  });

  it('are networks of tokens', () => {
    const net = gpt(8, 1, 2, { vocabulary: 5, positions: 4 });
    expect(pathNorm(net, net.init(1)).undefinedBecause).toBe('its inputs are tokens: there is no all-ones input');
  });

  it('and weights that do not fit are refused', () => {
    expect(() => pathNorm(network, new Float64Array(3))).toThrow(/pathNorm: params must hold the 89 weights/);
    expect(() => pathNorm(network, flat(weights).fill(NaN, 2, 3))).toThrow(/params must be finite/);
    expect(() => pathNorm(network, flat(weights), { power: 0.5 })).toThrow(/power must be in \[1, 100\]/);
  });
});

describe('sizes out of the ordinary', () => {
  const net = mlp([3, 2, 2], { activation: 'relu' });
  const g0 = Float64Array.of(3, 0, 4, 0, 0, 1, 0, 0, 1, -1, -1, 1, 0, 0);

  it('of 1e±150 are logarithms like any other, where there are no biases', () => {
    for (const size of [1e150, 1e-150]) {
      const { logSum } = pathNorm(
        net,
        g0.map((w) => w * size),
      );
      expect(near(logSum, Math.log(52) + 4 * Math.log(size))).toBe(true);
      const opposed = g0.map((w, i) => (i < 8 ? w * size : w / size));
      expect(Math.exp(pathNorm(net, opposed).logSum)).toBeCloseTo(52, 10);
    }
  });

  it('with biases are undefined, and say which way they went', () => {
    const huge = g0.map((w) => w * 1e160).fill(1e160, 6, 8);
    expect(pathNorm(net, huge).undefinedBecause).toMatch(/overflows, and biases/);
  });

  it('of zero are −∞, and of a zero layer below a bias what the bias gives', () => {
    expect(pathNorm(net, new Float64Array(net.size)).logSum).toBe(-Infinity);
    const bias = new Float64Array(net.size);
    bias.set([2, 3], 12);
    expect(Math.exp(pathNorm(net, bias).logSum)).toBeCloseTo(13, 12);
  });

  it('in float32 are what they are in float64', () => {
    expect(Math.exp(pathNorm(net, Float32Array.from(g0)).logSum)).toBeCloseTo(52, 12);
  });
});
