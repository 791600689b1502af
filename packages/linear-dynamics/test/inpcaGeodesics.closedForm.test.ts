// Oracle: closed forms and defining properties of geodesics, progress, means and isKL coordinates.
import { describe, expect, test } from 'vitest';
import { exp, log } from '@hyperribbon/kernels';
import {
  bhattacharyyaDivergences,
  crossDivergences,
  geodesicPoint,
  greatCircleDivergences,
  ignorance,
  isklCoordinates,
  meanModel,
  progress,
  reindexTrajectory,
  symmetrizedKlDivergences,
  trajectoryDistance,
  truth,
  type MeanKind,
  type Models,
} from '../src/index.js';
import { choose, distance, largest, softmaxCloud } from './inpcaClouds.js';

const [samples, classes] = [12, 4];
const labels = Array.from({ length: samples }, (_, n) => (n * 7) % classes);
const P0 = ignorance(samples, classes);
const P1 = truth(labels, classes);

/** models on a geodesic at the given shares */
function onGeodesic(shares: readonly number[], from: Float64Array = P0, to: Float64Array = P1): Models {
  const size = samples * classes;
  const probabilities = new Float64Array(shares.length * size);
  shares.forEach((s, m) => geodesicPoint(from, to, classes, s, probabilities.subarray(m * size, (m + 1) * size)));
  return { probabilities, models: shares.length, samples, classes };
}

describe('geodesics', () => {
  test('from ignorance to truth the angle 2 arccos(1/√C) is shared in proportion to s', () => {
    const { values } = greatCircleDivergences(onGeodesic([0, 0.1, 0.5, 1]));
    const total = 2 * Math.acos(0.5);
    const expected = [0, 0.1, 0.5, 1].flatMap((s) => [0, 0.1, 0.5, 1].map((t) => Math.abs(s - t) * total));
    expect(distance(values, expected)).toBeLessThan(1e-14);
  });

  test('points are probabilities, between equal distributions too', () => {
    const [p, q] = [
      softmaxCloud(1, samples, classes, 1).probabilities,
      softmaxCloud(1, samples, classes, 2).probabilities,
    ];
    for (const [a, b] of [
      [p, q],
      [p, p],
    ] as const) {
      const point = geodesicPoint(a, b, classes, 0.3);
      for (let n = 0; n < samples; n++) {
        const sum = point.subarray(n * classes, (n + 1) * classes).reduce((x, y) => x + y, 0);
        expect(Math.abs(sum - 1)).toBeLessThan(1e-14);
      }
    }
    expect(distance(geodesicPoint(p, p, classes, 0.3), p)).toBeLessThan(4e-16);
    expect(distance(geodesicPoint(p, q, classes, 0), p)).toBeLessThan(1e-15);
    expect(distance(geodesicPoint(p, q, classes, 1), q)).toBeLessThan(1e-15);
  });
});

describe('progress', () => {
  test('A5: models on the geodesic have their own progress, ignorance 0 and truth 1', () => {
    const shares = [0.1, 0.5, 0.9, 0.001, 0.999];
    for (const mode of ['geodesic', 'mean'] as const) {
      expect(distance(progress(onGeodesic(shares), P0, P1, { mode }), shares)).toBeLessThan(1e-6);
      const ends = progress(onGeodesic([0, 1]), P0, P1, { mode });
      expect(distance(ends, [0, 1])).toBeLessThan(1e-6);
    }
    expect(distance(progress(onGeodesic([0.1]), P0, P1), [0.1 + 1e-5])).toBeGreaterThan(1e-6);
  });

  test('the geodesic need not start at ignorance: angles differ between samples', () => {
    const [from, to] = [3, 4].map((seed) => softmaxCloud(1, samples, classes, seed).probabilities as Float64Array) as [
      Float64Array,
      Float64Array,
    ];
    expect(distance(progress(onGeodesic([0.25, 0.7], from, to), from, to), [0.25, 0.7])).toBeLessThan(1e-6);
  });

  test('of all points of the geodesic the one at s is nearest', () => {
    // halfway between a point of the geodesic and a random model
    const some = onGeodesic([0.3, 0.4, 0.5, 0.8, 0.9]).probabilities;
    const random = softmaxCloud(5, samples, classes, 5);
    const set = { ...random, probabilities: random.probabilities.map((p, at) => 0.5 * (p + some[at]!)) };
    const found = progress(set, P0, P1);
    found.forEach((s, m) => {
      expect(s).toBeGreaterThan(0);
      expect(s).toBeLessThan(1);
      const near = onGeodesic([s - 1e-3, s, s + 1e-3]);
      const { values } = crossDivergences(near, choose(set, [m]), { kind: 'greatCircle' });
      expect(values[1]).toBeLessThan(values[0]!);
      expect(values[1]).toBeLessThan(values[2]!);
      // the minimum is quadratic: 1e-9 aside the distance is flat, so both sides rise alike
      expect(Math.abs(values[0]! - values[2]!)).toBeLessThan(1e-2 * (values[0]! - values[1]!));
    });
  });

  test('the two modes differ where samples disagree', () => {
    const set = softmaxCloud(3, samples, classes, 6);
    expect(distance(progress(set, P0, P1), progress(set, P0, P1, { mode: 'mean' }))).toBeGreaterThan(1e-3);
  });
});

describe('re-indexing', () => {
  test('a trajectory along the geodesic is carried to the grid', () => {
    const trajectory = onGeodesic([0.03, 0.2, 0.21, 0.7, 0.98, 1]);
    const index = progress(trajectory, P0, P1);
    const even = reindexTrajectory(trajectory, index, { points: 20 });
    const expected = onGeodesic(Array.from({ length: 20 }, (_, k) => (k + 1) / 20));
    expect(distance(even.probabilities, expected.probabilities)).toBeLessThan(1e-6);
    expect([even.models, even.grid[0], even.grid[19]]).toEqual([20, 0.05, 1]);
  });

  test('beyond the ends stand the first and the last checkpoint; the default grid has 50 points', () => {
    const trajectory = onGeodesic([0.3, 0.6]);
    const even = reindexTrajectory(trajectory, [0.3, 0.6]);
    const size = samples * classes;
    expect(even.models).toBe(50);
    expect(even.probabilities.slice(0, size)).toEqual(trajectory.probabilities.slice(0, size));
    expect(even.probabilities.slice(49 * size)).toEqual(trajectory.probabilities.slice(size));
  });
});

describe('distance of trajectories', () => {
  const a = onGeodesic([0, 0.25, 0.5, 0.75, 1]);
  const b = { ...softmaxCloud(4, samples, classes, 7) };

  test('is 0 from itself, symmetric, and the hard minimum of the definition', () => {
    expect(trajectoryDistance(a, a)).toBe(0);
    for (const symmetrize of ['min', 'mean'] as const) {
      expect(trajectoryDistance(a, b, { symmetrize })).toBeCloseTo(trajectoryDistance(b, a, { symmetrize }), 14);
    }
    // equal steps: trapezoidal weights 1/8, 1/4, 1/4, 1/4, 1/8
    const cross = crossDivergences(b, a).values;
    const nearest = [0, 1, 2, 3, 4].map((i) => Math.min(...cross.subarray(4 * i, 4 * i + 4)));
    const one = nearest.reduce((sum, d, i) => sum + d * [0.125, 0.25, 0.25, 0.25, 0.125][i]!, 0);
    const [min, mean] = (['min', 'mean'] as const).map((symmetrize) => trajectoryDistance(a, b, { symmetrize }));
    const other = 2 * mean! - one;
    expect(Math.abs(min! - Math.min(one, other))).toBeLessThan(1e-14);
    expect(other).toBeGreaterThan(0);
    expect(mean).toBeGreaterThan(min!);
  });

  test('a soft minimum is above the hard one and tends to it', () => {
    const hard = trajectoryDistance(a, b);
    const soft = [1, 0.1, 0.01].map((softness) => trajectoryDistance(a, b, { softness }));
    expect(soft[0]).toBeGreaterThan(soft[1]!);
    expect(soft[1]).toBeGreaterThan(hard);
    expect(Math.abs(soft[2]! - hard)).toBeLessThan(1e-6);
  });
});

describe('means of models', () => {
  const set = softmaxCloud(5, samples, classes, 8);
  const weights = [1, 2, 3, 4, 5];
  const kinds: readonly MeanKind[] = ['arithmetic', 'geometric', 'harmonic', 'root', 'bhattacharyya', 'jeffreys'];

  test('each sums to 1, keeps equal models, and is the first model when that has all the weight', () => {
    for (const kind of kinds) {
      const mean = meanModel(set, { kind, weights });
      for (let n = 0; n < samples; n++) {
        const sum = mean.probabilities.subarray(n * classes, (n + 1) * classes).reduce((x, y) => x + y, 0);
        expect(Math.abs(sum - 1)).toBeLessThan(1e-14);
      }
      expect(mean.converged).toBe(true);
      const same = meanModel(choose(set, [2, 2, 2]), { kind });
      expect(distance(same.probabilities, choose(set, [2]).probabilities)).toBeLessThan(1e-13);
      const first = meanModel(set, { kind, weights: [1, 0, 0, 0, 0] });
      expect(distance(first.probabilities, choose(set, [0]).probabilities)).toBeLessThan(1e-13);
    }
  });

  test('two coins: the means in closed form', () => {
    const pair: Models = { probabilities: Float64Array.of(0.9, 0.1, 0.2, 0.8), models: 2, samples: 1, classes: 2 };
    const expected: Partial<Record<MeanKind, number>> = {
      arithmetic: 0.55,
      geometric: Math.sqrt(0.18) / (Math.sqrt(0.18) + Math.sqrt(0.08)),
      harmonic: 1 / (1 / 0.9 + 1 / 0.2) / (1 / (1 / 0.9 + 1 / 0.2) + 1 / (1 / 0.1 + 1 / 0.8)),
      root: (0.55 + Math.sqrt(0.18)) / (0.55 + Math.sqrt(0.18) + 0.45 + Math.sqrt(0.08)),
      // the middle of the great circle
      bhattacharyya: (0.55 + Math.sqrt(0.18)) / (0.55 + Math.sqrt(0.18) + 0.45 + Math.sqrt(0.08)),
    };
    for (const [kind, value] of Object.entries(expected)) {
      const [p] = meanModel(pair, { kind: kind as MeanKind }).probabilities;
      expect(Math.abs(p! - value)).toBeLessThan(1e-13);
    }
  });

  test('centroids have the least mean divergence among models nearby', () => {
    const near = (p: Float64Array, seed: number): Models => {
      const moved = softmaxCloud(20, samples, classes, seed, 0.01).probabilities.map((z, at) => z * p[at % p.length]!);
      for (let row = 0; row < moved.length; row += classes) {
        const sum = moved.subarray(row, row + classes).reduce((x, y) => x + y, 0);
        for (let c = 0; c < classes; c++) moved[row + c] = moved[row + c]! / sum;
      }
      return { probabilities: moved, models: 20, samples, classes };
    };
    const mean = meanModel(set, { kind: 'bhattacharyya', weights });
    const cost = (of: Models): Float64Array => {
      const { values } = crossDivergences(set, of);
      return Float64Array.from({ length: of.models }, (_, q) =>
        weights.reduce((sum, w, j) => sum + w * values[q * 5 + j]!, 0),
      );
    };
    const [own] = cost(mean);
    expect(Math.min(...cost(near(mean.probabilities, 9)))).toBeGreaterThan(own!);
    expect(Math.min(...cost(meanModel(set, { kind: 'arithmetic', weights })))).toBeGreaterThan(own!);
  });

  test('before normalisation the Jeffreys centroid solves ln(c/G) + 1 = A/c', () => {
    const one: Models = { probabilities: Float64Array.of(0.6, 0.4, 0.1, 0.9), models: 2, samples: 1, classes: 2 };
    const { probabilities } = meanModel(one, { kind: 'jeffreys' });
    // by bisection, class by class
    const solved = [0, 1].map((c) => {
      const [x, y] = [one.probabilities[c]!, one.probabilities[2 + c]!];
      const [a, g] = [(x + y) / 2, exp((log(x) + log(y)) / 2)];
      let [low, high] = [g, a];
      for (let step = 0; step < 100; step++) {
        const mid = (low + high) / 2;
        if (log(mid / g) + 1 - a / mid < 0) low = mid;
        else high = mid;
      }
      return low;
    });
    expect(Math.abs(probabilities[0]! - solved[0]! / (solved[0]! + solved[1]!))).toBeLessThan(1e-14);
  });

  test('disjoint models have no geometric mean', () => {
    const disjoint: Models = { probabilities: Float64Array.of(1, 0, 0, 1), models: 2, samples: 1, classes: 2 };
    expect(() => meanModel(disjoint, { kind: 'geometric' })).toThrow("use kind 'arithmetic' or 'root'");
    expect([...meanModel(disjoint, { kind: 'root' }).probabilities]).toEqual([0.5, 0.5]);
  });
});

test('isKL coordinates: symmetrised KL is the squared real minus the squared imaginary distance, and S, T are uncorrelated', () => {
  const set = softmaxCloud(9, samples, classes, 10);
  const { real, imaginary, alpha, axes } = isklCoordinates(set);
  const { values } = symmetrizedKlDivergences(set);
  const rebuilt = Float64Array.from({ length: 81 }, (_, at) => {
    const [i, j] = [Math.floor(at / 9), at % 9];
    let sum = 0;
    for (let a = 0; a < axes; a++) {
      const [s, t] = [real, imaginary].map((x) => x[i * axes + a]! - x[j * axes + a]!) as [number, number];
      sum += s * s - t * t;
    }
    return sum;
  });
  expect(distance(rebuilt, values)).toBeLessThan(2e-14 * largest(values));
  for (let a = 0; a < axes; a += 7) {
    const [s, t] = [real, imaginary].map((x) => {
      const column = Array.from({ length: 9 }, (_, i) => x[i * axes + a]!);
      const mean = column.reduce((p, q) => p + q, 0) / 9;
      return column.map((v) => v - mean);
    }) as [number[], number[]];
    const dot = s.reduce((sum, v, i) => sum + v * t[i]!, 0);
    expect(Math.abs(dot)).toBeLessThan(1e-13 * s.reduce((sum, v) => sum + v * v, 0) + 1e-15);
    expect(alpha[a]).toBeGreaterThan(0);
  }
});

test('equal models have great-circle distance 0 and near ones keep their digits', () => {
  const eps = 1e-9;
  const pair: Models = {
    probabilities: Float64Array.of(0.5, 0.5, 0.5 + eps, 0.5 - eps),
    models: 2,
    samples: 1,
    classes: 2,
  };
  const [, d] = greatCircleDivergences(pair).values;
  // d = 2 |Δ(arcsin √p)| = 2 · eps, with p(1 − p) = 1/4
  expect(Math.abs(d! - 2 * eps)).toBeLessThan(1e-6 * eps);
  expect(bhattacharyyaDivergences(pair).values[1]).toBeLessThan(1e-15);
});
