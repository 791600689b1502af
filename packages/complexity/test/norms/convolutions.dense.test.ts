// Oracle: the matrix of a convolution, column by column from the network that holds it, and norms of that matrix by their definitions.
import { type Tensor, conv2d, reshape } from '@hyperribbon/autodiff';
import { convTranspose2d } from '@hyperribbon/autodiff/layers';
import { defineNetwork, logits, type Network, networkProgram } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { type Convolution, convolutionMatrix, convolutionNorms, networkNorms } from '../../src/index.js';
import { chainOf } from '../../src/norms/chain.js';
import { expectNear } from '../near.js';
import { plainNorms } from '../plainNetwork.js';

interface Case {
  readonly name: string;
  /** height, width, channels */
  readonly input: readonly [number, number, number];
  readonly weight: readonly number[];
  run(x: Tensor, w: Tensor): Tensor;
}

const cases: readonly Case[] = [
  { name: 'no zeros around', input: [5, 4, 2], weight: [3, 2, 3, 3], run: (x, w) => conv2d(x, w) },
  { name: 'zeros around', input: [5, 6, 2], weight: [3, 2, 3, 3], run: (x, w) => conv2d(x, w, { padding: 1 }) },
  {
    name: 'a step of 2',
    input: [7, 6, 2],
    weight: [3, 2, 3, 3],
    run: (x, w) => conv2d(x, w, { padding: 1, stride: 2 }),
  },
  {
    name: 'steps that leave pixels out',
    input: [7, 7, 1],
    weight: [2, 1, 2, 2],
    run: (x, w) => conv2d(x, w, { stride: 3 }),
  },
  {
    name: 'other sides, steps and zeros',
    input: [6, 5, 2],
    weight: [2, 2, 3, 2],
    run: (x, w) =>
      conv2d(x, w, {
        padding: [
          [2, 0],
          [0, 1],
        ],
        stride: [2, 1],
      }),
  },
  { name: 'gaps', input: [7, 7, 1], weight: [2, 1, 3, 3], run: (x, w) => conv2d(x, w, { padding: 2, dilation: 2 }) },
  { name: 'groups', input: [4, 4, 4], weight: [6, 2, 3, 3], run: (x, w) => conv2d(x, w, { padding: 1, groups: 2 }) },
  {
    name: 'channels apart',
    input: [4, 5, 3],
    weight: [3, 1, 3, 3],
    run: (x, w) => conv2d(x, w, { padding: 1, groups: 3 }),
  },
  { name: 'a pixel each', input: [3, 3, 4], weight: [5, 4, 1, 1], run: (x, w) => conv2d(x, w) },
  {
    name: 'transposed',
    input: [3, 4, 2],
    weight: [2, 3, 3, 3],
    run: (x, w) => convTranspose2d(x, w, { stride: 2, padding: 1 }),
  },
];

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

function networkOf({ input, weight, run }: Case): Network {
  const make = (classes: number): Network =>
    defineNetwork({
      inputs: size(input),
      classes,
      parameters: [{ name: 'K', shape: weight, start: { normal: 1 } }],
      apply: ({ K }, x) => {
        const image = run(reshape(x, [x.shape[0], ...input]), K);
        return reshape(image, [x.shape[0], size(image.shape) / x.shape[0]]);
      },
    });
  // a wrong number of outputs is told with the right one
  for (let classes = 1; ; classes++) {
    try {
      return make(classes);
    } catch (error) {
      if (classes > 2000) throw error;
    }
  }
}

function columnsOf(network: Network, params: Float64Array): Float64Array {
  const { inputs: n, classes } = network;
  const identity = Float64Array.from({ length: n * n }, (_, k) => (Math.floor(k / n) === k % n ? 1 : 0));
  const examples = {
    inputs: identity,
    count: n,
    features: n,
    targets: new Float64Array(n * classes),
    outputs: classes,
  };
  const z = logits(network, params, examples);
  return Float64Array.from({ length: classes * n }, (_, k) => z[(k % n) * classes + Math.floor(k / n)]);
}

describe.each(cases)('a convolution with $name', (one) => {
  const network = networkOf(one);
  const params = stream({ seed: 3, purpose: 'test/kernels' }).normal(new Float64Array(network.size));
  const dense = columnsOf(network, params);
  const { classes: rows, inputs: columns } = network;
  const [layer] = chainOf('test', network, params).layers;
  const convolution = { ...layer, geometry: layer.convolution! } satisfies Convolution;
  const expected = plainNorms({ rows, columns, values: [...dense] });

  it('is the matrix that the network multiplies by', () => {
    const matrix = convolutionMatrix(convolution);
    expect(matrix.length).toBe(dense.length);
    matrix.forEach((x, k) => expect(Math.abs(x - dense[k])).toBeLessThan(1e-14));
    expect(layer.positions).toBe(rows / layer.rows);
  });

  it('has the norms of that matrix, which is never made', () => {
    const found = convolutionNorms(convolution);
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
      expectNear(found[name], expected[name], 1e-12);
  });

  it('has a spectral norm that is exact where that is asked for, and at most its limits', async () => {
    const spectral = async (convolutions: 'filters' | 'circular' | 'exact'): Promise<readonly [number, string]> => {
      const { map } = (await networkNorms(network, params, { convolutions })).layers[0];
      return [map.spectral, map.spectralIs];
    };
    const [exact, is] = await spectral('exact');
    expectNear(exact, expected.spectral, 1e-12);
    expect(is).toBe('exact');
    for (const convolutions of ['filters', 'circular'] as const) {
      const [limit, limitIs] = await spectral(convolutions);
      expect(limitIs).toBe('upper');
      expect(limit).toBeGreaterThanOrEqual(exact * (1 - 1e-12));
      expect(limit).toBeLessThan(3.1 * exact);
    }
  });

  it('has filters in which every weight stands once', async () => {
    const { filters, parameters } = (await networkNorms(network, params)).layers[0];
    expect(filters.rows * filters.columns).toBe(params.length);
    expect(parameters).toBe(params.length);
    expectNear(filters.frobenius, Math.sqrt(params.reduce((sum, w) => sum + w * w, 0)), 1e-14);
    expect(networkProgram(network, 1).layers.length).toBe(1);
  });
});

describe('differences of neighbours with zeros around', () => {
  it('have the norm √(2 + √2) on three pixels, which circular padding stays below unless the zeros count', async () => {
    const network = defineNetwork({
      inputs: 3,
      classes: 4,
      parameters: [{ name: 'K', shape: [1, 1, 1, 2] }],
      apply: ({ K }, x) => {
        const padding = [
          [0, 0],
          [1, 1],
        ] as const;
        return reshape(conv2d(reshape(x, [x.shape[0], 1, 3, 1]), K, { padding }), [x.shape[0], 4]);
      },
    });
    const K = Float64Array.of(1, -1);
    const spectral = async (convolutions: 'circular' | 'exact' | 'circular-input'): Promise<number> =>
      (await networkNorms(network, K, { convolutions })).layers[0].map.spectral;
    // MᵀM has 2 on its diagonal and −1 beside it; |1 − ω| at the fifth and at the third root of one, the largest
    expectNear(await spectral('exact'), Math.sqrt(2 + Math.SQRT2), 1e-14);
    expectNear(await spectral('circular'), 2 * Math.sin((2 * Math.PI) / 5), 1e-14);
    expectNear(await spectral('circular-input'), Math.sqrt(3), 1e-14);
  });
});

describe('a convolution whose matrix is too large to write out', () => {
  it('has the spectral norm 4 + 4 cos(π/47), that of the five-point Laplacian on 46 × 46 pixels', async () => {
    const side = 46;
    const network = defineNetwork({
      inputs: side * side,
      classes: side * side,
      parameters: [{ name: 'K', shape: [1, 1, 3, 3] }],
      apply: ({ K }, x) => reshape(conv2d(reshape(x, [x.shape[0], side, side, 1]), K, { padding: 1 }), x.shape),
    });
    const laplacian = Float64Array.of(0, -1, 0, -1, 4, -1, 0, -1, 0);
    const { map } = (await networkNorms(network, laplacian, { convolutions: 'exact' })).layers[0];
    expectNear(map.spectral, 4 + 4 * Math.cos(Math.PI / 47), 1e-9);
    expect(map.spectralIs).toBe('exact');
    expect(map.rank).toBe(undefined);
    const circular = (await networkNorms(network, laplacian, { convolutions: 'circular' })).layers[0].map;
    expectNear(circular.spectral, 8, 1e-14);
  });
});
