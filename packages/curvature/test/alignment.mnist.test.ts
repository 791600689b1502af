// Oracle: the acceptance ranges of the alignment measurements on a small network and real images, wide enough for any seed.
import { expect, test } from 'vitest';
import {
  displacementFractions,
  drawLabels,
  exampleJacobian,
  gramMatrix,
  primalDirections,
  subspaceOverlap,
} from '@hyperribbon/curvature';
import { mnist, poolImages, subset } from '@hyperribbon/data';
import type { FloatArray } from '@hyperribbon/kernels';
import { eigh } from '@hyperribbon/lanczos';
import { cosineSchedule, mlp, train } from '@hyperribbon/nn';

test('stiff directions at the start overlap those at the end, and training moves along them', async () => {
  const images = poolImages((await mnist({ task: 'binary', limit: 4000 })).train);
  const network = mlp([196, 32, 2], { activation: 'relu' });
  const initial = network.init(0, 'float64');
  const few = subset(images, 0, 600);
  const stiff = (params: FloatArray): Float64Array => {
    const examples = { ...few, labels: drawLabels(network, params, few, 1) };
    const { values, vectors } = eigh(gramMatrix(network, params, examples), few.count, { vectors: true });
    const jacobian = exampleJacobian(network, params, examples, { dtype: 'float64' });
    return primalDirections(jacobian, { values, vectors: vectors! }, 100);
  };
  const { params } = await train(network, images, {
    epochs: 20,
    batchSize: 50,
    schedule: cosineSchedule(2e-3, 5e-4),
    initial,
  });
  const start = stiff(initial);
  const overlap = subspaceOverlap(start, stiff(params), network.size);
  expect(overlap[19]).toBeGreaterThan((20 * 20) / network.size);
  expect(overlap[99]).toBeGreaterThan(0.1);
  expect(overlap[99]).toBeLessThan(0.35);
  const delta = Float64Array.from(params, (w, i) => w - initial[i]);
  expect(displacementFractions(start, delta).cumulative[99]).toBeGreaterThan((3 * 100) / network.size);
});
