import { hessian } from '@hyperribbon/curvature';
import { eigh } from '@hyperribbon/lanczos';
import { fromMatvec, materialize } from '@hyperribbon/linop';
import { mlp, muon, signDescent, squaredError, train, constantSchedule } from '@hyperribbon/nn';
import { describe, expect, test } from 'vitest';
import { dualSharpness, normBall, stabilityThreshold, watchDescent } from '../../src/dynamics.js';
import { batchSharpness, jacobianNorms } from '../../src/index.js';
import { examples, network, params, size } from '../small.js';

const initial = Float64Array.from(params);

test('What is measured beside the spectrum is what its own functions say at those weights', async () => {
  const { record } = await watchDescent(network, examples, {
    learningRate: 0.05,
    steps: 8,
    every: 2,
    batchSharpness: { every: 4, batchSize: 10 },
    topShare: { every: 8 },
    jacobian: { every: 8 },
    tol: 1e-9,
    initial,
    loss: squaredError,
    dtype: 'float64',
  });
  const { moments } = record;
  expect(moments.map((moment) => 'batchSharpness' in moment)).toEqual([true, false, true, false, true]);
  expect(moments.map((moment) => 'jacobian' in moment)).toEqual([true, false, false, false, true]);
  const { params: weights } = await train(network, examples, {
    epochs: 8,
    batchSize: 40,
    optimizer: { kind: 'sgd' },
    schedule: constantSchedule(0.05),
    initial,
    loss: squaredError,
    dtype: 'float64',
  });
  const last = moments[4];
  expect(last.batchSharpness).toEqual(
    await batchSharpness(network, weights, examples, {
      batchSize: 10,
      permutation: 8,
      loss: { kind: 'squared-error' },
      dtype: 'float64',
    }),
  );
  expect(last.jacobian!.mean).toBe((await jacobianNorms(network, weights, examples)).mean);
  const H = hessian(network, weights, examples, { loss: squaredError, dtype: 'float64' });
  const { vectors } = eigh(Float64Array.from(await materialize(H)), size, { vectors: true });
  const g = H.gradient();
  const along = (i: number): number => g.reduce((sum, x, j) => sum + x * vectors[i * size + j], 0);
  const share = (along(0) ** 2 + along(1) ** 2 + along(2) ** 2) / g.reduce((sum, x) => sum + x * x, 0);
  expect(Math.abs(last.topShare! - share)).toBeLessThan(1e-6);
  expect(last.hessian.values).toHaveLength(3);
});

test('Rates that are no multiple, and losses without a name, are refused', async () => {
  const wrong = (options: object) =>
    watchDescent(network, examples, { learningRate: 0.1, steps: 4, every: 4, ...options });
  await expect(wrong({ jacobian: { every: 6 } })).rejects.toThrow('jacobian.every must be a multiple of every=4');
  const unnamed = (z: never, y: never) => squaredError(z, y);
  await expect(wrong({ loss: unnamed, batchSharpness: { every: 4 } })).rejects.toThrow('that has a name');
});

describe('The unit ball of a rule', () => {
  test('of sign descent has its largest curvature at a corner, and the climb finds it on small matrices', async () => {
    const ball = normBall(signDescent(), network)!;
    let found = 0;
    for (let seed = 0; seed < 20; seed++) {
      const root = Float64Array.from({ length: 36 }, (_, i) => Math.sin(7.1 * i * (seed + 1) + seed));
      const H = Float64Array.from({ length: 36 }, (_, at) => {
        const [i, j] = [Math.floor(at / 6), at % 6];
        return root.slice(6 * i, 6 * i + 6).reduce((sum, x, k) => sum + x * root[6 * j + k], 0);
      });
      const form = (d: ArrayLike<number>): number =>
        H.reduce((sum, h, at) => sum + h * d[Math.floor(at / 6)] * d[at % 6], 0);
      const best = Math.max(
        ...Array.from({ length: 64 }, (_, code) =>
          form(Array.from({ length: 6 }, (_, i) => ((code >> i) & 1 ? 1 : -1))),
        ),
      );
      const operator = fromMatvec(
        6,
        (x, out) => void out.forEach((_, i) => (out[i] = x.reduce((s, v, j) => s + H[6 * i + j] * v, 0))),
      );
      const { value, direction } = await dualSharpness(operator, ball, [
        eigh(H, 6, { vectors: true }).vectors.slice(0, 6),
        Float64Array.of(1, 2, -1, 3, 1, 1),
      ]);
      expect(value).toBeLessThanOrEqual(best * (1 + 1e-12));
      expect(Math.abs(form(direction) - value)).toBeLessThan(1e-9);
      if (value > 0.999 * best) found++;
    }
    expect(found).toBeGreaterThan(14);
  });

  test('of Muon is that of its own steps, with the dual norm as the slope along them', () => {
    const rule = muon({ momentum: 0, nesterov: false });
    const ball = normBall(rule, network)!;
    const g = Float64Array.from({ length: size }, (_, i) => Math.sin(i * i + 1));
    const d = new Float64Array(size);
    const norm = ball.corner(g, d);
    expect(Math.abs(d.reduce((sum, x, i) => sum + x * g[i], 0) - norm)).toBeLessThan(1e-12);
    // the first matrix, (5, 4): orthonormal columns times 0.2 √5
    let from = 0;
    for (const { shape } of network.parameters) {
      const count = shape.reduce((product, n) => product * n, 1);
      const part = d.slice(from, (from += count));
      if (shape.length < 2) {
        expect(part.every((x) => x === 0)).toBe(true);
        continue;
      }
      const [rows, columns] = shape;
      const [n, scale] = [Math.min(rows, columns), 0.04 * Math.max(rows, columns)];
      const at = (i: number, k: number): number => (rows <= columns ? part[i * columns + k] : part[k * columns + i]);
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          let sum = 0;
          for (let k = 0; k < Math.max(rows, columns); k++) sum += at(i, k) * at(j, k);
          expect(Math.abs(sum - (i === j ? scale : 0))).toBeLessThan(1e-10);
        }
    }
    expect(normBall(muon(), network)).toBeUndefined();
  });

  test('makes a threshold that moves with the gradient', async () => {
    const { record } = await watchDescent(network, examples, {
      optimizer: signDescent(),
      learningRate: 1e-3,
      steps: 6,
      every: 3,
      initial,
      loss: squaredError,
      dtype: 'float64',
    });
    expect(record.threshold).toMatchObject({ formula: '2‖∇L‖′/η', of: 'norm' });
    for (const { dualNorm, dualSharpness: value, threshold, hessian: top } of record.moments) {
      expect(threshold).toBe(
        (stabilityThreshold(signDescent(), 1e-3, { dualNorm: dualNorm! }) as { value: number }).value,
      );
      // the top eigenvector lies in the ball once it is divided by its largest entry
      expect(value).toBeGreaterThan(top.values[0]);
      expect(value).toBeLessThanOrEqual(size * top.values[0]);
    }
  });

  test('of a dead network has no direction to go', async () => {
    const dead = mlp([5, 4, 3], { activation: 'relu' });
    const ball = normBall(signDescent(), dead)!;
    const H = hessian(dead, new Float64Array(dead.size), examples, { dtype: 'float64' });
    expect(await dualSharpness(H, ball, [new Float64Array(dead.size)])).toMatchObject({ value: 0, matvecs: 0 });
  });
});
