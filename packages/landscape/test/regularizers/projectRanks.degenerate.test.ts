// Weights that are special, and calls that cannot be answered.
import { flatten, mlp } from '@hyperribbon/nn';
import { resnet, stack } from '@hyperribbon/nn/models';
import { describe, expect, it } from 'vitest';
import { effectiveRanks, rankMax, rankMin } from '../../src/regularizers.js';

const network = stack({
  input: [2, 4, 4],
  layers: [
    { kind: 'conv2d', name: 'conv', out: 3, kernel: 3, padding: 1, bias: false },
    { kind: 'globalAveragePool' },
    { kind: 'linear', name: 'fc', out: 2 },
  ],
});
const start = Float64Array.from(network.init(1, 'float64'));

describe('special weights', () => {
  it('all zero have effective rank 0 and stay as they are', async () => {
    const zero = new Float64Array(network.size);
    expect((await effectiveRanks(network, zero))[0].effectiveRank).toBe(0);
    const { params, layers } = await rankMin(network, zero);
    expect([...params]).toEqual([...zero]);
    expect([layers[0].changed, layers[0].cut, layers[0].left]).toEqual([0, 0, { values: 0, distance: 0 }]);
  });

  it('all below RankMin’s threshold become exactly zero but for rounding', async () => {
    const { layers } = await rankMin(network, start, { threshold: 100 });
    expect(layers[0].after.largest).toBeLessThan(1e-15);
    expect(layers[0].cut).toBeLessThan(1e-7);
  });

  it('of 1e150 and 1e-150 have the effective rank of their like of order one', async () => {
    const [{ effectiveRank, largest }] = await effectiveRanks(network, start);
    for (const scale of [1e150, 1e-150]) {
      const [found] = await effectiveRanks(
        network,
        start.map((x) => x * scale),
      );
      expect(Math.abs(found.effectiveRank - effectiveRank)).toBeLessThan(1e-12);
      const threshold = 0.7 * largest * scale;
      const { layers } = await rankMax(
        network,
        start.map((x) => x * scale),
        { threshold },
      );
      const plain = await rankMax(network, start, { threshold: 0.7 * largest });
      expect(Math.abs(layers[0].left.distance - plain.layers[0].left.distance)).toBeLessThan(1e-12);
    }
  });

  it('of one tap per filter are projected exactly, and of rank one have effective rank √places', async () => {
    const single = flatten(network, {
      'conv.weight': Float64Array.from({ length: 54 }, (_, i) => (i % 9 === 4 ? [1, 2][Math.floor(i / 9) % 2] : 0)),
      'fc.weight': new Float64Array(6),
      'fc.bias': new Float64Array(2),
    });
    const { layers } = await rankMax(network, single, { threshold: 1 });
    expect(layers[0].after.largest).toBeCloseTo(1, 12);
    expect(layers[0].left.distance).toBeLessThan(1e-14);
    expect(layers[0].cut).toBeLessThan(1e-7);
    expect(layers[0].before.effectiveRank).toBeCloseTo(4, 12);
  });

  it('in float32 stay float32, and what no value changes keeps its bits', async () => {
    const weights = Float32Array.from(start);
    const { params } = await rankMax(network, weights, { threshold: 1e6 });
    expect(params).toBeInstanceOf(Float32Array);
    expect([...params]).toEqual([...weights]);
  });
});

describe('layers', () => {
  it('that are chosen without a word are convolutions larger than 1 × 1, stem and shortcut not among the latter', async () => {
    const net = resnet(8, { image: [1, 8, 8], width: 0.25 });
    const names = (await effectiveRanks(net, net.init(1))).map(({ name }) => name);
    expect(names).toHaveLength(7);
    expect(names.some((name) => name.includes('downsample') || name.includes('fc'))).toBe(false);
  });

  it('that are not there are refused', async () => {
    const dense = mlp([3, 4, 2]);
    await expect(effectiveRanks(dense, dense.init(1))).rejects.toThrow(
      'has no convolution of a kernel larger than 1 × 1',
    );
    await expect(effectiveRanks(network, start, { parameters: ['fc.bias'] })).rejects.toThrow(
      'fc.bias of stack is neither a matrix of a dense layer nor filters of a convolution',
    );
    expect(await effectiveRanks(dense, dense.init(1), { parameters: /W/ })).toHaveLength(2);
  });

  it('with bad options, weights or signals are refused', async () => {
    await expect(rankMin(network, start, { threshold: 0 })).rejects.toThrow('rankMin: threshold');
    await expect(rankMax(network, start, { passes: 0 })).rejects.toThrow('rankMax: passes');
    await expect(rankMax(network, start, { pass: 1 } as object)).rejects.toThrow('pass');
    await expect(rankMax(network, start, { grid: [2, 4] })).rejects.toThrow('image must be at least as large');
    await expect(effectiveRanks(network, start.with(3, NaN))).rejects.toThrow('effectiveRanks');
    await expect(effectiveRanks(network, start, { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
  });
});
