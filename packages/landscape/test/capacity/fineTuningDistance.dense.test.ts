import { hessian } from '@hyperribbon/curvature';
import { eigh } from '@hyperribbon/lanczos';
import { materialize } from '@hyperribbon/linop';
import { examplesAt } from '@hyperribbon/nn';
import { describe, expect, test } from 'vitest';
import { fineTuningBound, fineTuningDistance } from '../../src/capacity.js';
import { examples, network, params, size } from '../small.js';

const weights = Float64Array.from(params);
const start = network.init(8, 'float64') as Float64Array;
const layers = [
  { name: 'W1', from: 0, to: 24 },
  { name: 'W2', from: 24, to: size },
];

async function matrixOf(rows: readonly number[]): Promise<Float64Array> {
  return Float64Array.from(
    await materialize(hessian(network, weights, examplesAt(examples, rows), { dtype: 'float64' })),
  );
}

function quadratic(matrix: Float64Array, n: number, u: ArrayLike<number>, v: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) sum += u[i] * matrix[i * n + j] * v[j];
  return sum;
}

const batches = [0, 1, 2].map((batch) => Array.from({ length: batch < 2 ? 15 : 10 }, (_, i) => 15 * batch + i));

describe('Distances of layers are those of the dense Hessian of each batch', () => {
  for (const heads of [[], ['W2']])
    test(heads.length === 0 ? 'from the start' : 'a head counts from zero', async () => {
      const found = await fineTuningDistance(network, weights, start, examples, {
        batchSize: 15,
        positiveSteps: 30,
        heads,
      });
      const moved = weights.map((w, i) => w - (heads.length > 0 && i >= 24 ? 0 : start[i]));
      const matrices = await Promise.all(batches.map(matrixOf));
      layers.forEach(({ name, from, to }, l) => {
        const own = moved.map((v, i) => (i >= from && i < to ? v : 0));
        const n = to - from;
        const blocks = matrices.map((matrix) => quadratic(matrix, size, own, own));
        const joint = matrices.map((matrix) => quadratic(matrix, size, own, moved));
        const positive = matrices.map((matrix) => {
          const block = Float64Array.from(
            { length: n * n },
            (_, at) => matrix[(from + Math.floor(at / n)) * size + from + (at % n)],
          );
          const { values, vectors } = eigh(block, n, { vectors: true });
          return values.reduce((sum, value, k) => {
            const along = own.subarray(from, to).reduce((total, v, i) => total + v * vectors[k * n + i], 0);
            return sum + Math.max(value, 0) * along * along;
          }, 0);
        });
        const mean = (list: readonly number[]): number => list.reduce((sum, x) => sum + x, 0) / list.length;
        expect(found[l].name).toBe(name);
        expect(found[l].distance).toBeCloseTo(Math.hypot(...own), 12);
        for (const [kind, list] of [
          ['block', blocks],
          ['joint', joint],
          ['positive', positive],
        ] as const) {
          expect(found[l][kind]!.max).toBeCloseTo(Math.max(...list), 9);
          expect(found[l][kind]!.mean).toBeCloseTo(mean(list), 9);
        }
        // terms between layers, and negative curvature, are there to be told apart
        expect(Math.abs(mean(joint) - mean(blocks))).toBeGreaterThan(1e-3);
        if (l === 0) expect(mean(positive) - mean(blocks)).toBeGreaterThan(1e-4);
      });
    });

  test('what did not move is at distance zero', async () => {
    const found = await fineTuningDistance(network, weights, weights, examples, { positiveSteps: 3 });
    for (const { distance, block, joint, positive } of found)
      expect([distance, block.max, joint.mean, positive!.max].map((x) => x + 0)).toEqual([0, 0, 0, 0]);
  });

  test('a head that there is not, weights that do not fit', async () => {
    await expect(fineTuningDistance(network, weights, start, examples, { heads: ['fc'] })).rejects.toThrow(
      /W1, W2; got fc/u,
    );
    await expect(fineTuningDistance(network, weights, start.subarray(1), examples)).rejects.toThrow(/start/u);
    await expect(fineTuningDistance(network, weights, start, examples, { batchSize: 0 })).rejects.toThrow(/batchSize/u);
    await expect(
      fineTuningDistance(network, weights, start, examples, { signal: AbortSignal.abort() }),
    ).rejects.toThrow(/abort/iu);
  });
});

test('the shape of the bound: (1 + ε)(L̂ + Σ √(C h/n)), and it says that it is no theorem', () => {
  const bound = fineTuningBound([4, 9, -1], { count: 400, most: 4, training: 0.5, epsilon: 0.1 });
  expect(bound.gap).toBeCloseTo(1.1 * (0.2 + 0.3), 13);
  expect(bound.value).toBeCloseTo(1.1 * 0.5 + 1.1 * 0.5, 13);
  expect(bound.standing).toBe('reconstructed');
  expect(bound.caveats.at(-1)).toBe('1 of 3 distances were below zero and count as zero.');
  expect(() => fineTuningBound([1], { count: 0, most: 1, training: 0 })).toThrow(/count/u);
  expect(() => fineTuningBound([1], { count: 1, most: 0, training: 0 })).toThrow(/most/u);
});
