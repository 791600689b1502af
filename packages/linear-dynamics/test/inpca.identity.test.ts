// Oracle: identities of the embedding, each side computed by another route.
import { describe, expect, test } from 'vitest';
import { eigvalsh } from '@hyperribbon/lanczos';
import {
  bhattacharyyaDivergences,
  crossDivergences,
  embed,
  embeddedStress,
  explainedDistance,
  gaussianDivergences,
  inpca,
  type InpcaMap,
} from '../src/index.js';
import { choose, distance, largest, minkowski, softmaxCloud } from './inpcaClouds.js';

const cloud = softmaxCloud(30, 12, 4, 1);
const D = bhattacharyyaDivergences(cloud);
const m = 30;

/** W = −½ J D J by its definition */
function centred(values: ArrayLike<number>, n: number): Float64Array {
  const means = Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += values[i * n + j]!;
    return sum / n;
  });
  const grand = means.reduce((a, b) => a + b, 0) / n;
  return Float64Array.from(
    { length: n * n },
    (_, at) => -0.5 * (values[at]! - means[Math.floor(at / n)]! - means[at % n]! + grand),
  );
}

const frobenius = (a: Float64Array): number => Math.sqrt(a.reduce((sum, x) => sum + x * x, 0));

function lowRank({ coordinates, signs, dimensions, models }: InpcaMap, axes: number): Float64Array {
  return Float64Array.from({ length: models * models }, (_, at) => {
    const [i, j] = [Math.floor(at / models), at % models];
    let sum = 0;
    for (let k = 0; k < axes; k++)
      sum += signs[k]! * coordinates[i * dimensions + k]! * coordinates[j * dimensions + k]!;
    return sum;
  });
}

describe('A1: random softmax clouds (30 models, 12 samples, 4 classes)', async () => {
  const map = await inpca(D, { dimensions: m });

  test('all axes together give the divergences back, 1e-12', () => {
    const rebuilt = minkowski(map);
    expect(distance(rebuilt, D.values)).toBeLessThan(1e-12);
    rebuilt[1] = rebuilt[1]! + 1e-11;
    expect(distance(rebuilt, D.values)).toBeGreaterThan(1e-12);
    expect(map.signs.filter((s) => s === -1).length).toBeGreaterThan(3);
  });

  test('explained stress from eigenvalues is that from matrices, 1e-12', () => {
    const W = centred(D.values, m);
    for (const k of [1, 2, 3, 10, 29]) {
      const rest = lowRank(map, k).map((x, i) => W[i]! - x);
      const expected = 1 - frobenius(rest) / frobenius(W);
      expect(Math.abs(map.explainedStress[k - 1]! - expected)).toBeLessThan(1e-12);
      expect(Math.abs(map.explainedStress[k - 1]! - expected * (1 + 1e-9))).toBeGreaterThan(1e-12);
    }
    expect(Math.abs(map.norm - frobenius(W))).toBeLessThan(1e-13 * map.norm);
  });

  test('the fast distance error is the direct one, and explained distance its definition, 1e-12', () => {
    const explained = explainedDistance(map, D);
    for (const k of [1, 2, 3, 10]) {
      const rest = minkowski(map, k).map((x, i) => D.values[i]! - x);
      const total = Float64Array.from(D.values).reduce((sum, x) => sum + x, 0);
      expect(
        Math.abs(map.distanceError[k - 1]! - frobenius(rest) / frobenius(Float64Array.from(D.values))),
      ).toBeLessThan(1e-12);
      const direct = 1 - rest.reduce((sum, x) => sum + Math.abs(x), 0) / total;
      expect(Math.abs(explained[k - 1]! - direct)).toBeLessThan(1e-12);
      expect(Math.abs(explained[k - 1]! - direct - 1e-11)).toBeGreaterThan(1e-12);
    }
  });

  test('out-of-sample places of the models themselves are their coordinates, 1e-12', () => {
    const placed = embed(map, crossDivergences(cloud, cloud));
    const resolved = map.coordinates.map((x, at) => (map.signs[at % m] === 0 ? 0 : x));
    expect(distance(placed.coordinates, resolved)).toBeLessThan(1e-12);
    const flipped = placed.coordinates.map((x, at) => (map.signs[at % m] === -1 ? -x : x));
    expect(distance(flipped, resolved)).toBeGreaterThan(0.1);
    const stress = embeddedStress(map, placed, D);
    expect(distance(stress.slice(0, 10), map.explainedStress.slice(0, 10))).toBeLessThan(1e-12);
  });

  test('embedded stress of new models is its definition', () => {
    const others = softmaxCloud(11, 12, 4, 2);
    const placed = embed(map, crossDivergences(cloud, others));
    const own = bhattacharyyaDivergences(others);
    const stress = embeddedStress(map, placed, own);
    const W = centred(own.values, 11);
    const means = Array.from({ length: m }, (_, k) => {
      let sum = 0;
      for (let i = 0; i < 11; i++) sum += placed.coordinates[i * m + k]!;
      return sum / 11;
    });
    const coordinates = placed.coordinates.map((x, at) => x - means[at % m]!);
    for (const k of [1, 2, 5]) {
      const rest = lowRank({ ...map, coordinates, models: 11 }, k).map((x, i) => W[i]! - x);
      expect(Math.abs(stress[k - 1]! - (1 - frobenius(rest) / frobenius(W)))).toBeLessThan(1e-12);
    }
  });
});

test('A4: Gaussian clouds: the spectrum is that of principal components over 8 sigma² N, without negative eigenvalues', async () => {
  const [models, samples, outputs, sigma] = [20, 7, 3, 0.7];
  const { probabilities: predictions } = softmaxCloud(models, samples, outputs, 4);
  const map = await inpca(gaussianDivergences({ predictions, models, samples, outputs }, { sigma }), {
    dimensions: models,
  });
  const gram = new Float64Array(models * models);
  const size = samples * outputs;
  const mean = Array.from({ length: size }, (_, e) => {
    let sum = 0;
    for (let i = 0; i < models; i++) sum += predictions[i * size + e]!;
    return sum / models;
  });
  for (let i = 0; i < models; i++) {
    for (let j = 0; j < models; j++) {
      let sum = 0;
      for (let e = 0; e < size; e++)
        sum += (predictions[i * size + e]! - mean[e]!) * (predictions[j * size + e]! - mean[e]!);
      gram[i * models + j] = sum / (8 * sigma * sigma * samples);
    }
  }
  const expected = eigvalsh(gram, models);
  expect(distance(map.eigenvalues.slice(0, 19), expected.slice(0, 19))).toBeLessThan(
    1e-14 * largest(expected) * models,
  );
  expect(Math.min(...map.eigenvalues)).toBeGreaterThan(-1e-14);
});

test('lanczos, float32 storage and the dense way give the same map', async () => {
  const set = softmaxCloud(120, 20, 5, 13);
  const distances = bhattacharyyaDivergences(set);
  const dense = await inpca(distances, { dimensions: 6 });
  const weights = Float64Array.from({ length: 120 }, (_, i) => 1 + (i % 3));
  const weighted = await inpca(distances, { dimensions: 6, weights });
  for (const [reference, options] of [
    [dense, {}],
    [weighted, { weights }],
  ] as const) {
    const lanczos = await inpca(distances, { dimensions: 6, method: 'lanczos', seed: 5, ...options });
    expect(lanczos.converged).toBe(true);
    expect(lanczos.matvecs).toBeGreaterThan(0);
    expect(distance(lanczos.eigenvalues, reference.eigenvalues)).toBeLessThan(1e-9 * reference.eigenvalues[0]!);
    expect(distance(lanczos.coordinates, reference.coordinates)).toBeLessThan(1e-6);
    expect(distance(lanczos.explainedStress, reference.explainedStress)).toBeLessThan(1e-9);
    const narrow = await inpca(
      { values: Float32Array.from(distances.values), models: 120 },
      { dimensions: 6, method: 'lanczos', ...options },
    );
    expect(distance(narrow.eigenvalues, reference.eigenvalues)).toBeLessThan(1e-6 * reference.eigenvalues[0]!);
  }
  expect(distance(weighted.eigenvalues, dense.eigenvalues)).toBeGreaterThan(1e-3);
});

test('a model of weight 0 stands where it would stand out of sample', async () => {
  const weights = Float64Array.from({ length: m }, (_, i) => (i < 28 ? 1 : 0));
  const map = await inpca(D, { dimensions: 8, weights });
  const inside = choose(
    cloud,
    Array.from({ length: 28 }, (_, i) => i),
  );
  const own = await inpca(bhattacharyyaDivergences(inside), { dimensions: 8 });
  const placed = embed(own, crossDivergences(inside, choose(cloud, [28, 29])));
  expect(distance(map.coordinates.slice(0, 28 * 8), own.coordinates)).toBeLessThan(1e-12);
  expect(distance(map.coordinates.slice(28 * 8), placed.coordinates)).toBeLessThan(1e-12);
});

test('a weight of 2 counts as two equal models', async () => {
  const set = choose(cloud, [0, 1, 2, 3, 4, 5, 6, 7]);
  const twice = choose(cloud, [0, 1, 2, 3, 4, 5, 6, 7, 3]);
  const weighted = await inpca(bhattacharyyaDivergences(set), { dimensions: 5, weights: [1, 1, 1, 2, 1, 1, 1, 1] });
  const repeated = await inpca(bhattacharyyaDivergences(twice), { dimensions: 5 });
  expect(distance(weighted.coordinates, repeated.coordinates.slice(0, 40))).toBeLessThan(1e-13);
  expect(
    distance(
      weighted.eigenvalues.map((x) => (x * 9) / 8),
      repeated.eigenvalues,
    ),
  ).toBeLessThan(1e-13);
  expect(distance(weighted.explainedStress, repeated.explainedStress)).toBeLessThan(1e-12);
  expect(distance(weighted.distanceError, repeated.distanceError)).toBeLessThan(1e-12);
});

test('explained distance with imaginary axes is its definition; stress grows', async () => {
  // a coin: real and imaginary axes alternate
  const probabilities = Float64Array.from({ length: 40 }, (_, i) => Math.abs((i % 2) - (Math.floor(i / 2) + 0.5) / 20));
  const coin = bhattacharyyaDivergences({ probabilities, models: 20, samples: 1, classes: 2 });
  const map = await inpca(coin, { dimensions: 2 });
  expect([...map.signs]).toEqual([1, -1]);
  const rest = [1, 2].map((k) => minkowski(map, k).reduce((sum, d, i) => sum + Math.abs(coin.values[i]! - d), 0));
  const [one, two] = explainedDistance(map, coin);
  expect(Math.sign(two! - one!)).toBe(Math.sign(rest[0]! - rest[1]!));
  expect(map.explainedStress[1]).toBeGreaterThan(map.explainedStress[0]!);
});

test('one model, or several equal ones, stand at the origin with nothing left to explain', async () => {
  for (const which of [[3], [3, 3, 3]]) {
    for (const method of ['dense', 'lanczos'] as const) {
      const same = bhattacharyyaDivergences(choose(cloud, which));
      const map = await inpca(same, { dimensions: 1, method });
      expect([...map.coordinates]).toEqual(which.map(() => 0));
      expect([map.norm, map.signs[0], map.explainedStress[0], map.distanceError[0]]).toEqual([0, 0, 1, 0]);
      expect([...explainedDistance(map, same)]).toEqual([1]);
      const placed = embed(map, crossDivergences(choose(cloud, which), choose(cloud, [5])));
      expect([...placed.coordinates]).toEqual([0]);
    }
  }
});
