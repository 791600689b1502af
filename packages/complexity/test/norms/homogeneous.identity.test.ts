// Oracle: the network without biases that has a constant input, written out: its norms, its sample and its margins are those that 'homogeneous' gives.
import { type Network, unflatten } from '@hyperribbon/nn';
import { stack } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { convolutionMatrix, networkNorms, sampleNorms } from '../../src/index.js';
import { chainOf } from '../../src/norms/chain.js';
import { expectNear } from '../near.js';
import { plainNorms } from '../plainNetwork.js';

const chain = (widths: readonly number[], bias: boolean): Network =>
  stack({
    input: [widths[0]],
    layers: widths
      .slice(1)
      .flatMap((out, i) => [
        { kind: 'linear' as const, name: `W${i + 1}`, out, bias },
        ...(i + 2 < widths.length ? [{ kind: 'relu' as const }] : []),
      ]),
  });

const normal = (length: number, seed: number): Float64Array =>
  stream({ seed, purpose: 'test/weights' }).normal(new Float64Array(length));

describe('a dense network with biases', () => {
  const biased = chain([6, 5, 4, 3], true);
  const wide = chain([7, 6, 5, 3], false);
  /** [[W, b], [0, 1]], without the last row in the last layer, stored (inputs, outputs) */
  const widened = (params: Float64Array): Float64Array => {
    const own = unflatten(biased, params);
    return Float64Array.from(
      [5, 4, 3].flatMap((outputs, i) => {
        const [weight, bias] = [own[`W${i + 1}.weight`], own[`W${i + 1}.bias`]];
        const inputs = [6, 5, 4][i];
        const more = i < 2 ? 1 : 0;
        return Array.from({ length: (inputs + 1) * (outputs + more) }, (_, k) => {
          const [row, column] = [Math.floor(k / (outputs + more)), k % (outputs + more)];
          if (column === outputs) return row === inputs ? 1 : 0;
          return row === inputs ? bias[column] : weight[row * outputs + column];
        });
      }),
    );
  };
  const [params, start] = [normal(biased.size, 1), normal(biased.size, 2)];
  const inputs = normal(8 * 6, 3);
  const labels = Int32Array.from({ length: 8 }, (_, i) => i % 3);
  const examples = { inputs, labels, count: 8, features: 6, classes: 3 };
  const more = {
    ...examples,
    features: 7,
    inputs: Float64Array.from({ length: 8 * 7 }, (_, k) => (k % 7 === 6 ? 1 : inputs[Math.floor(k / 7) * 6 + (k % 7)])),
  };

  it('has the norms of the network with a constant, changes too', async () => {
    const [found, expected] = await Promise.all([
      networkNorms(biased, params, { biases: 'homogeneous', reference: start }),
      networkNorms(wide, widened(params), { reference: widened(start) }),
    ]);
    expect(found.outside).toEqual([]);
    expect(found.inputs).toBe(expected.inputs);
    found.layers.forEach((layer, i) => {
      const other = expected.layers[i];
      for (const name of [
        'rows',
        'columns',
        'spectral',
        'frobenius',
        'rowSum',
        'columnSum',
        'largestRow',
        'largestRowOne',
        'threeOneHalf',
        'rank',
      ] as const)
        expectNear(layer.map[name], other.map[name]!, 1e-13);
      for (const name of ['spectral', 'frobenius', 'rowSum'] as const)
        expectNear(layer.change!.map[name], other.change!.map[name], 1e-13);
      expect(layer.biases).toBe(0);
      expect(layer.parameters).toBe(layer.filters.rows * layer.filters.columns - (i < 2 ? layer.filters.columns : 0));
    });
  });

  it('has the sample and the margins of the network with a constant', async () => {
    const found = await sampleNorms(biased, params, examples, { biases: 'homogeneous' });
    const expected = await sampleNorms(wide, widened(params), more);
    for (const [name, value] of Object.entries(expected)) {
      const own = found[name as keyof typeof found];
      if (typeof value === 'number') expectNear(own as number, value, 1e-13);
      else value.forEach((x: number, i: number) => expectNear((own as Float64Array)[i], x, 1e-12));
    }
    const plain = await sampleNorms(biased, params, examples);
    expect(plain.radius).toBeLessThan(found.radius);
    expect([...plain.margins]).toEqual([...found.margins]);
  });
});

describe('layers with nothing between them', () => {
  it('have the bias W₂ b₁ + b₂ together', async () => {
    const low = stack({
      input: [4],
      layers: [
        { kind: 'linear', name: 'down', out: 2 },
        { kind: 'linear', name: 'up', out: 3 },
      ],
    });
    const params = normal(low.size, 5);
    const { 'down.weight': A, 'down.bias': a, 'up.weight': B, 'up.bias': b } = unflatten(low, params);
    // stored (inputs, outputs): column o of the product, below it the bias
    const entry = (row: ArrayLike<number>, from: number, o: number): number =>
      row[from] * B[o] + row[from + 1] * B[3 + o];
    const values = [0, 1, 2].flatMap((o) => [...[0, 1, 2, 3].map((i) => entry(A, 2 * i, o)), entry(a, 0, o) + b[o]]);
    const expected = plainNorms({ rows: 3, columns: 5, values });
    const { layers, outside } = await networkNorms(low, params, { biases: 'homogeneous' });
    expect(layers.length).toBe(1);
    expect(outside).toEqual([]);
    for (const name of ['spectral', 'frobenius', 'rowSum', 'columnSum'] as const)
      expectNear(layers[0].map[name], expected[name], 1e-13);
  });
});

describe('a convolution with biases', () => {
  const network = stack({
    input: [2, 5, 4],
    layers: [
      { kind: 'conv2d', name: 'first', out: 3, kernel: 3, padding: 1, stride: 2 },
      { kind: 'relu' },
      { kind: 'averagePool', size: 2, stride: 1 },
      { kind: 'flatten' },
      { kind: 'linear', name: 'head', out: 2 },
    ],
  });
  const params = normal(network.size, 4);

  it('is [[M, B], [0, 1]], B the biases at every place, with a limit of the spectral norm', async () => {
    const [layer] = chainOf('test', network, params).layers;
    const { rows, geometry } = { ...layer, geometry: layer.convolution! };
    const M = convolutionMatrix({ ...layer, geometry });
    const height = M.length / 40;
    const values = Array.from({ length: (height + 1) * 41 }, (_, k) => {
      const [row, column] = [Math.floor(k / 41), k % 41];
      if (row === height) return column === 40 ? 1 : 0;
      return column === 40 ? layer.bias[row % rows] : M[row * 40 + column];
    });
    const expected = plainNorms({ rows: height + 1, columns: 41, values });
    const found = await networkNorms(network, params, { biases: 'homogeneous' });
    const { map } = found.layers[0];
    for (const name of [
      'rows',
      'columns',
      'frobenius',
      'rowSum',
      'columnSum',
      'largestRow',
      'largestRowOne',
      'threeOneHalf',
    ] as const)
      expectNear(map[name], expected[name], 1e-12);
    expect(map.spectralIs).toBe('upper');
    expect(map.spectral).toBeGreaterThanOrEqual(expected.spectral);
    expect(map.spectral).toBeLessThan(3 * expected.spectral);
  });

  it('hands the constant past pooling, which then does not shrink', async () => {
    const [plain, homogeneous] = await Promise.all(
      (['left-out', 'homogeneous'] as const).map(
        async (biases) => (await networkNorms(network, params, { biases })).layers[0].lipschitz,
      ),
    );
    // 2 × 2 windows at steps of 1: a pixel is in 4 of them
    expectNear(plain, 1, 1e-15);
    expect(homogeneous).toBe(1);
  });
});
