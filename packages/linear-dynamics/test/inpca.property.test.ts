// Oracle: invariances that hold for every set of models.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stream } from '@hyperribbon/random';
import {
  bhattacharyyaDivergences,
  crossDivergences,
  divergencesBetween,
  embed,
  gaussianDivergences,
  inpca,
  type InpcaMap,
  type Models,
  type Predictions,
} from '../src/index.js';
import { choose, distance, largest, minkowski, softmaxCloud } from './inpcaClouds.js';

const runs = { numRuns: 25, seed: 1 };
const seeds = fc.integer({ min: 1, max: 1e6 });
const cloud = fc
  .record({
    models: fc.integer({ min: 2, max: 14 }),
    samples: fc.integer({ min: 1, max: 9 }),
    classes: fc.integer({ min: 2, max: 6 }),
    seed: seeds,
  })
  .map(({ models, samples, classes, seed }) => softmaxCloud(models, samples, classes, seed));
const kinds = ['bhattacharyya', 'symmetrizedKl', 'greatCircle'] as const;

const whole = (distances: Parameters<typeof inpca>[0]): Promise<InpcaMap> =>
  inpca(distances, { dimensions: distances.models });

function normals(length: number, seed: number): Float64Array {
  const out = new Float64Array(length);
  stream({ seed, purpose: 'test/normals', index: 0 }).normal(out);
  return out;
}

describe('the embedding', () => {
  test('gives every divergence back, whatever the kind: 1e-12 of the largest', async () => {
    await fc.assert(
      fc.asyncProperty(cloud, fc.constantFrom(...kinds), async (set, kind) => {
        const { values } = divergencesBetween(set, kind);
        const rebuilt = minkowski(await whole({ values, models: set.models }));
        expect(distance(rebuilt, values)).toBeLessThanOrEqual(1e-12 * Math.max(1, largest(values)));
      }),
      runs,
    );
  });

  test('a permutation of models permutes rows and keeps axes', async () => {
    await fc.assert(
      fc.asyncProperty(cloud, seeds, async (set, seed) => {
        const order = [...stream({ seed, purpose: 'test/order', index: 0 }).permutation(set.models)];
        const a = await whole(bhattacharyyaDivergences(set));
        const b = await whole(bhattacharyyaDivergences(choose(set, order)));
        expect(distance(a.eigenvalues, b.eigenvalues)).toBeLessThan(1e-13 * (1 + a.norm));
        // rebuilt distances do not depend on the sign or the mixing of nearly equal axes
        const [x, y] = [minkowski(a), minkowski(b)];
        const moved = y.map((_, at) => x[order[Math.floor(at / set.models)]! * set.models + order[at % set.models]!]!);
        expect(distance(moved, y)).toBeLessThan(1e-12);
      }),
      runs,
    );
  });

  test('divergences times a factor scale coordinates by its root and keep what is explained', async () => {
    await fc.assert(
      fc.asyncProperty(cloud, fc.constantFrom(0.125, 8, 2 ** 40), async (set, factor) => {
        const D = bhattacharyyaDivergences(set);
        const a = await whole(D);
        const b = await whole({ ...D, values: D.values.map((x) => factor * x) });
        expect(
          distance(
            a.eigenvalues.map((x) => factor * x),
            b.eigenvalues,
          ),
        ).toBeLessThanOrEqual(1e-13 * b.norm);
        expect(distance(a.explainedStress, b.explainedStress)).toBeLessThan(1e-12);
        expect(distance(a.distanceError, b.distanceError)).toBeLessThan(1e-12);
        expect([...a.signs]).toEqual([...b.signs]);
      }),
      runs,
    );
  });

  test('stress never falls with more axes; both measures end at 1 and 0', async () => {
    await fc.assert(
      fc.asyncProperty(cloud, async (set) => {
        const { explainedStress, distanceError } = await whole(bhattacharyyaDivergences(set));
        explainedStress.forEach((x, k) => expect(x).toBeGreaterThanOrEqual(k === 0 ? 0 : explainedStress[k - 1]!));
        expect(Math.abs(explainedStress.at(-1)! - 1)).toBeLessThan(1e-12);
        expect(distanceError.at(-1)!).toBeLessThan(1e-6);
      }),
      runs,
    );
  });

  test('a model placed out of sample keeps its divergences from the map when all axes are kept and it is one of them', async () => {
    await fc.assert(
      fc.asyncProperty(cloud, async (set) => {
        const map = await whole(bhattacharyyaDivergences(set));
        const placed = embed(map, crossDivergences(set, choose(set, [set.models - 1])));
        const own = map.coordinates.slice(-set.models).map((x, k) => (map.signs[k] === 0 ? 0 : x));
        // dividing by √λ magnifies rounding on the weakest axes
        const weakest = Math.min(...map.eigenvalues.filter((_, k) => map.signs[k] !== 0).map(Math.abs));
        expect(distance(placed.coordinates, own)).toBeLessThan(1e-14 * (1 + map.norm / Math.sqrt(weakest)));
      }),
      runs,
    );
  });
});

describe('divergences', () => {
  const permuted = (set: Models, samplesToo: boolean, seed: number): Models => {
    const { models, samples, classes } = set;
    const classOrder = stream({ seed, purpose: 'test/classes', index: 0 }).permutation(classes);
    const sampleOrder = stream({ seed, purpose: 'test/samples', index: 0 }).permutation(samples);
    const probabilities = new Float64Array(set.probabilities.length);
    for (let at = 0; at < probabilities.length; at++) {
      const [m, n, c] = [Math.floor(at / (samples * classes)), Math.floor(at / classes) % samples, at % classes];
      const source = (m * samples + (samplesToo ? sampleOrder[n]! : n)) * classes + classOrder[c]!;
      probabilities[at] = set.probabilities[source]!;
    }
    return { probabilities, models, samples, classes };
  };

  test('do not change when samples and classes are renamed', () => {
    fc.assert(
      fc.property(cloud, seeds, fc.constantFrom(...kinds), (set, seed, kind) => {
        const a = divergencesBetween(set, kind).values;
        const b = divergencesBetween(permuted(set, true, seed), kind).values;
        expect(distance(a, b)).toBeLessThan(1e-13 * (1 + largest(a)));
      }),
      runs,
    );
  });

  test('are at least 0, and the great circle obeys the triangle inequality', () => {
    fc.assert(
      fc.property(cloud, (set) => {
        for (const kind of kinds) expect(Math.min(...divergencesBetween(set, kind).values)).toBe(0);
        const { values } = divergencesBetween(set, 'greatCircle');
        const m = set.models;
        for (let i = 0; i < m; i++) {
          for (let j = 0; j < m; j++) {
            for (let k = 0; k < m; k++) {
              expect(values[i * m + j]!).toBeLessThanOrEqual(values[i * m + k]! + values[k * m + j]! + 1e-14);
            }
          }
        }
      }),
      { ...runs, numRuns: 10 },
    );
  });

  test('−ln BC, symmetrised KL and the great circle agree to second order: 8 D_B = D_sKL = d²_G for near models of one sample', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 2, max: 6 }), (seed, classes) => {
        const base = softmaxCloud(1, 1, classes, seed).probabilities;
        const eps = 1e-4;
        const moved = base.map((p, c) => p * (1 + eps * normals(classes, seed)[c]!));
        const sum = moved.reduce((a, b) => a + b, 0);
        const probabilities = Float64Array.of(...base, ...moved.map((p) => p / sum));
        const [b, kl, g] = kinds.map(
          (kind) => divergencesBetween({ probabilities, models: 2, samples: 1, classes }, kind).values[1]!,
        );
        expect(Math.abs(kl! / (g! * g!) - 1)).toBeLessThan(20 * eps);
        expect(Math.abs(b! - kl! / 8)).toBeLessThan(20 * eps * kl! + 1e-15);
      }),
      runs,
    );
  });
});

describe('Gaussian predictions', () => {
  const clouds = fc.record({
    models: fc.integer({ min: 3, max: 12 }),
    samples: fc.integer({ min: 1, max: 4 }),
    outputs: fc.integer({ min: 1, max: 4 }),
    seed: seeds,
  });
  const spectrum = async (set: Predictions): Promise<Float64Array> =>
    (await whole(gaussianDivergences(set))).eigenvalues;

  test('shift and rotation change nothing, scale multiplies eigenvalues by its square', async () => {
    await fc.assert(
      fc.asyncProperty(clouds, async ({ models, samples, outputs, seed }) => {
        const size = samples * outputs;
        const predictions = normals(models * size, seed);
        const set = { predictions, models, samples, outputs };
        const own = await spectrum(set);
        const tolerance = 1e-12 * (1 + own[0]!);
        const shift = normals(size, seed + 1);
        const shifted = predictions.map((x, at) => x + 5 * shift[at % size]!);
        expect(distance(await spectrum({ ...set, predictions: shifted }), own)).toBeLessThan(tolerance);
        // a reflection over all samples and outputs
        const v = normals(size, seed + 2);
        const squared = v.reduce((sum, x) => sum + x * x, 0);
        const turned = predictions.slice();
        for (let m = 0; m < models; m++) {
          let dot = 0;
          for (let e = 0; e < size; e++) dot += predictions[m * size + e]! * v[e]!;
          for (let e = 0; e < size; e++)
            turned[m * size + e] = predictions[m * size + e]! - (2 * dot * v[e]!) / squared;
        }
        expect(distance(await spectrum({ ...set, predictions: turned }), own)).toBeLessThan(tolerance);
        const scaled = await spectrum({ ...set, predictions: predictions.map((x) => 3 * x) });
        expect(
          distance(
            scaled,
            own.map((x) => 9 * x),
          ),
        ).toBeLessThan(9 * tolerance);
        expect(Math.min(...own)).toBeGreaterThan(-tolerance);
      }),
      runs,
    );
  });
});
