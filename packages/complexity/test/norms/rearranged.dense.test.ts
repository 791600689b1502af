// Oracle: matrices of layers column by column, and counts by hand, where numbers change places between layers: groups, sums over channels, sequences.
import { conv2d, matmul, max, mean, relu, reshape, type Tensor, transpose } from '@hyperribbon/autodiff';
import { defineNetwork, logits, type Network } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { allBounds, type NetworkNorms, networkNorms, sampleNorms } from '../../src/index.js';
import { expectNear } from '../near.js';
import { plainNorms } from '../plainNetwork.js';

type Weights = Readonly<Record<string, Tensor>>;

const networkOf = (
  inputs: number,
  classes: number,
  shapes: Readonly<Record<string, readonly number[]>>,
  apply: (weights: Weights, x: Tensor, batch: number) => Tensor,
): Network =>
  defineNetwork({
    inputs,
    classes,
    parameters: Object.entries(shapes).map(([name, shape]) => ({ name, shape, start: { normal: 1 } })),
    apply: (weights, x) => apply(weights, x, x.shape[0]),
  });

const normal = (length: number, seed: number): Float64Array =>
  stream({ seed, purpose: 'test/weights' }).normal(new Float64Array(length));

const normsOf = (network: Network): Promise<NetworkNorms> => networkNorms(network, normal(network.size, 1));

/** x (batch, 6) in two groups of 3, each with its own matrix */
const grouped = (H: Tensor, x: Tensor, batch: number): Tensor =>
  reshape(transpose(matmul(transpose(reshape(x, [batch, 2, 3]), [1, 0, 2]), H), [1, 0, 2]), [batch, 4]);

describe('a dense layer in groups', () => {
  const network = networkOf(6, 4, { H: [2, 3, 2] }, ({ H }, x, batch) => grouped(H, x, batch));
  const params = normal(network.size, 2);
  const columns = logits(network, params, {
    inputs: Float64Array.from({ length: 36 }, (_, k) => (k % 7 === 0 ? 1 : 0)),
    count: 6,
    features: 6,
    targets: new Float64Array(24),
    outputs: 4,
  });

  it('is the matrix of all groups, with zeros between them', async () => {
    const values = Array.from({ length: 24 }, (_, k) => columns[(k % 6) * 4 + Math.floor(k / 6)]);
    const expected = plainNorms({ rows: 4, columns: 6, values });
    const [{ map, filters }] = (await networkNorms(network, params)).layers;
    expect([map.rows, map.columns, map.rank]).toEqual([4, 6, 4]);
    for (const name of ['spectral', 'frobenius', 'rowSum', 'columnSum', 'largestRowOne', 'threeOneHalf'] as const)
      expectNear(map[name], expected[name], 1e-13);
    expected.singularValues!.forEach((value, i) => expectNear(map.singularValues![i], value, 1e-13));
    // weights stand once among the filters
    expect([filters.rows, filters.columns]).toEqual([4, 3]);
  });
});

describe('places that one output reads', () => {
  const image = (K: Tensor, x: Tensor, batch: number): Tensor =>
    reshape(relu(conv2d(reshape(x, [batch, 4, 4, 2]), K, { padding: 1 })), [batch, 16, 4]);

  it('are all of them where channels were summed up, and one where places were', async () => {
    const channels = networkOf(32, 3, { K: [4, 2, 3, 3], W: [16, 3] }, ({ K, W }, x, batch) =>
      matmul(mean(image(K, x, batch), 2), W),
    );
    expect((await normsOf(channels)).layers[1].reads).toBe(16);
    const places = networkOf(32, 3, { K: [4, 2, 3, 3], W: [4, 3] }, ({ K, W }, x, batch) =>
      matmul(mean(image(K, x, batch), 1), W),
    );
    expect((await normsOf(places)).layers[1].reads).toBe(1);
  });

  it('are those of a sequence where a layer mixes them', async () => {
    const mixer = (tokens: number): Network =>
      networkOf(3 * tokens, 3, { A: [3, 4], M: [tokens, tokens], W: [4 * tokens, 3] }, ({ A, M, W }, x, batch) => {
        const h = relu(matmul(reshape(x, [batch, tokens, 3]), A));
        const mixed = relu(matmul(transpose(h, [0, 2, 1]), M));
        return matmul(reshape(mixed, [batch, 4 * tokens]), W);
      });
    for (const tokens of [4, 5]) {
      const { layers } = await normsOf(mixer(tokens));
      expect(layers.map(({ reads }) => reads)).toEqual([1, tokens, 4]);
    }
  });
});

describe('the largest over an image', () => {
  it('is no function of single numbers, however it is taken', async () => {
    const network = networkOf(32, 3, { K: [4, 2, 3, 3], W: [4, 3] }, ({ K, W }, x, batch) => {
      const h = relu(conv2d(reshape(x, [batch, 4, 4, 2]), K, { padding: 1 }));
      return matmul(max(reshape(h, [batch, 16, 4]), 1), W);
    });
    const { outside } = await normsOf(network);
    expect(outside).toEqual(['Maximum pooling is no function of single numbers, which theorems by peeling ask for.']);
  });
});

describe('bounds by 1-norms of rows', () => {
  it('do not shrink where means over places are taken, since the largest entry does not', async () => {
    // with constant images every filter sees the same at each place: |f| is Π ‖W‖_{1,∞} max |x| itself
    const network = networkOf(32, 1, { K: [1, 2, 1, 1], W: [1, 1] }, ({ K, W }, x, batch) =>
      matmul(mean(reshape(relu(conv2d(reshape(x, [batch, 4, 4, 2]), K)), [batch, 16, 1]), 1), W),
    );
    const params = Float64Array.of(1.5, 0.5, 1);
    const examples = {
      inputs: new Float64Array(32).fill(1),
      labels: Int32Array.of(1),
      count: 1,
      features: 32,
      classes: 2,
    };
    const sample = await sampleNorms(network, params, examples);
    expectNear(sample.largestOutput, 2, 1e-14);
    const norms = await networkNorms(network, params);
    expectNear(norms.layers[0].lipschitz, 1 / 4, 1e-14);
    const { bounds } = allBounds(norms, sample, { margins: [1] });
    const of = (name: string): number => Math.exp(bounds.find((bound) => bound.name === name)!.logComplexity!);
    // of one example the complexity of a class that holds f and −f is at least |f|
    for (const name of ['neyshabur-2015-rows', 'golowich-2018-rows', 'sparse-layers'])
      expect(of(name), name).toBeGreaterThanOrEqual(2);
    // 2 · √(4 ln 64) times the limit above the product
    expect(of('neyshabur-2015-rows')).toBeGreaterThanOrEqual(2 * 2 * Math.sqrt(4 * Math.log(64)));
  });
});
