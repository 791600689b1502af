// Oracle: numpy 1.24.2, fft2 of the padded filters, linalg.svd of each frequency, ifft2 and crop. Filters are integers mod 10007 made
// floats, so both sides have the same bits. Tolerance 1e-12: numbers of order one after an SVD of order 5.
import { flatten } from '@hyperribbon/nn';
import { stack } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { effectiveRanks, rankMax, rankMin } from '../../src/regularizers.js';

const network = stack({
  input: [3, 6, 7],
  layers: [
    { kind: 'conv2d', name: 'conv1', out: 5, kernel: 3, padding: 1 },
    { kind: 'relu' },
    { kind: 'conv2d', name: 'conv2', out: 4, kernel: 3, padding: 1, stride: 2 },
    { kind: 'globalAveragePool' },
    { kind: 'linear', name: 'fc', out: 2 },
  ],
});

function numbers(count: number, seed: number): Float64Array {
  return Float64Array.from(
    { length: count },
    (_, i) => (((i * 7919 + i * i * 31 + seed * 104729) % 10007) / 10007) * 2 - 1,
  );
}

const arrays: Record<string, Float64Array> = {
  'conv1.weight': numbers(135, 1),
  'conv1.bias': numbers(5, 5),
  'conv2.weight': numbers(180, 2),
  'conv2.bias': numbers(4, 6),
  'fc.weight': numbers(8, 3),
  'fc.bias': numbers(2, 7),
};
const params = flatten(network, arrays);

function near(found: number, stated: number): void {
  expect(Math.abs(found - stated)).toBeLessThan(1e-12 * Math.abs(stated));
  expect(Math.abs(found - stated * (1 + 1e-11))).toBeGreaterThan(1e-12 * Math.abs(stated));
}

describe('effective ranks', () => {
  it('are those of numpy, on each layer’s own image, steps left out', async () => {
    const [first, second, ...rest] = await effectiveRanks(network, params);
    expect(rest).toEqual([]);
    expect([first.name, first.kind, first.grid, first.count]).toEqual(['conv1.weight', 'convolution', [6, 7], 126]);
    near(first.largest, 8.040132771498444);
    near(first.smallest, 1.1301041150221889);
    near(first.nuclear, 478.6937967784688);
    near(first.frobenius, 46.72758664799063);
    near(first.effectiveRank, 10.244350952352331);
    expect([second.name, second.grid, second.count]).toEqual(['conv2.weight', [6, 7], 168]);
    near(second.effectiveRank, 11.473108777164107);
  });

  it('are of the matrix for a dense layer, and of another grid where one is given', async () => {
    const [dense] = await effectiveRanks(network, params, { parameters: ['fc.weight'] });
    expect([dense.kind, dense.grid, dense.count]).toEqual(['dense', [1, 1], 2]);
    near(dense.largest, 1.5668828701912598);
    near(dense.effectiveRank, 1.2670394593048708);
    const [other] = await effectiveRanks(network, params, { grid: [4, 4] });
    // Σ σ² = places ‖K‖_F²
    near(other.frobenius ** 2, 16 * numbers(135, 1).reduce((sum, x) => sum + x * x, 0));
  });
});

const stated = [
  {
    name: 'RankMax at 3',
    project: (passes: number) => rankMax(network, params, { threshold: 3, passes }),
    passes: 1,
    changed: [75, 90],
    largest: [3.9996151275934664, 4.327883100066774],
    effectiveRank: [10.698628921837727, 11.920376332589273],
    cut: [0.14002355743227068, 0.14284762316299668],
    distance: [0.10654904816705799, 0.11102003135280891],
    weights: [0.04346299, -0.28385363, 0.56036193, 0.41157494],
  },
  {
    name: 'RankMax at 3, three passes',
    project: (passes: number) => rankMax(network, params, { threshold: 3, passes }),
    passes: 3,
    changed: [75, 90],
    largest: [3.3434701527545587, 3.6105599484757875],
    effectiveRank: [10.762767499660692, 12.018543905824677],
    cut: [0.03675365732115788, 0.04121959666243803],
    distance: [0.028947341239293378, 0.03365419482011213],
    weights: [0.05789086, -0.26359198, 0.48969145, 0.40606715],
  },
  {
    name: 'RankMin at 2',
    project: (passes: number) => rankMin(network, params, { threshold: 2, passes }),
    passes: 1,
    changed: [16, 44],
    largest: [8.004734046479632, 7.1525010158223905],
    effectiveRank: [10.137459460112469, 11.224813445479992],
    cut: [0.1271389358739707, 0.15531623855158302],
    distance: [0.1665980713585526, 0.19121286539857701],
    weights: [-0.09947835, -0.44212006, 0.85692458, 0.28372639],
  },
];

describe.each(stated)('$name', ({ project, passes, ...numpy }) => {
  it('is what numpy makes of the filters, with what the crop left', async () => {
    const { params: projected, layers } = await project(passes);
    layers.forEach((layer, i) => {
      expect(layer.changed).toBe(numpy.changed[i]);
      near(layer.after.largest, numpy.largest[i]);
      near(layer.after.effectiveRank, numpy.effectiveRank[i]);
      // a difference of squares
      expect(Math.abs(layer.cut - numpy.cut[i])).toBeLessThan(1e-10);
      expect(Math.abs(layer.left.distance - numpy.distance[i])).toBeLessThan(1e-12);
      expect(layer.left.values).toBeGreaterThan(0);
    });
    const found = [projected[0], projected[1], projected[140], projected[141]];
    found.forEach((x, i) => expect(Math.abs(x - numpy.weights[i])).toBeLessThan(1e-8));
    // biases and the dense layer stay
    for (let i = 320; i < params.length; i++) expect(projected[i]).toBe(params[i]);
    for (let i = 135; i < 140; i++) expect(projected[i]).toBe(params[i]);
  });
});

describe('random filters of 16 channels on a grid of 8 × 8', () => {
  const wide = stack({
    input: [16, 8, 8],
    layers: [{ kind: 'conv2d', name: 'conv', out: 16, kernel: 3, padding: 1 }, { kind: 'globalAveragePool' }],
  });
  const within = (found: number, value: number): void => expect(Math.abs(found / value - 1)).toBeLessThan(0.05);

  it.each([1, 2])(
    'RankMax at 1.5 raises the effective rank and RankMin at 1 lowers it, as with other seeds (%i)',
    async (seed) => {
      const filters = stream({ seed, purpose: 'test/filters' }).normal(new Float64Array(2304));
      const weights = flatten(wide, {
        'conv.weight': filters.map((x) => x * Math.sqrt(2 / 144)),
        'conv.bias': new Float64Array(16),
      });
      const capped = await rankMax(wide, weights, { threshold: 1.5 });
      const again = await rankMax(wide, weights, { threshold: 1.5, passes: 3 });
      const lower = await rankMin(wide, weights, { threshold: 1 });
      const lowest = await rankMin(wide, weights, { threshold: 1, passes: 3 });
      within(capped.layers[0].before.effectiveRank, 27.08);
      within(capped.layers[0].after.effectiveRank, 27.92);
      within(again.layers[0].after.effectiveRank, 28.11);
      within(capped.layers[0].after.largest, 1.93);
      within(again.layers[0].after.largest, 1.64);
      within(lower.layers[0].after.effectiveRank, 25.84);
      within(lowest.layers[0].after.effectiveRank, 23.85);
      const ranks = [lowest, lower].map(({ layers }) => layers[0].after.effectiveRank);
      ranks.push(
        lower.layers[0].before.effectiveRank,
        capped.layers[0].after.effectiveRank,
        again.layers[0].after.effectiveRank,
      );
      expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    },
  );
});
