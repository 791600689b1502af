// Oracle: an independent program (numpy 2.4.6, own forward, backward and R-operator, 40 Lanczos steps) on the same examples and start, 6,000 steps at 0.05.
// 1e-6: descent below the edge of stability forgets rounding.
import { constantSchedule, lossFromData, sgd, smoothLabels, train } from '@hyperribbon/nn';
import { expect, it } from 'vitest';
import { jacobianNorms, networkSpectrum, sharpnessChange, sharpnessFactors } from '../../src/index.js';
import { examples, network, start } from '../dynamics/e1.js';

type Kind = 'squared-error' | 'softmax-cross-entropy';
const smoothed = (alpha: number) =>
  alpha === 0 ? examples : smoothLabels(alpha)({ ...examples }, { seed: 0, step: 0, epoch: 0, batch: 0 });

/** weights every 200 steps */
async function descend(kind: Kind, alpha: number): Promise<readonly Float64Array[]> {
  const kept: Float64Array[] = [];
  await train(network, smoothed(alpha) as typeof examples, {
    epochs: 6000,
    batchSize: 100,
    initial: start,
    loss: lossFromData({ kind }),
    optimizer: sgd(),
    schedule: constantSchedule(0.05),
    dtype: 'float64',
    hooks: [
      {
        onStep({ weights, steps }) {
          if (steps % 200 === 0) kept.push(Float64Array.from(weights));
        },
      },
    ],
  });
  return kept;
}

async function measured(kind: Kind, alpha: number, at: Float64Array) {
  const given = smoothed(alpha) as typeof examples;
  const options = { count: 1, dtype: 'float64', tol: 1e-9, loss: { kind } } as const;
  const { values } = await networkSpectrum(network, at, given, options);
  const { max, mean } = await jacobianNorms(network, at, given);
  return { sharpness: values[0], max, mean };
}

function expectNear(found: number, wanted: number, tol = 1e-6): void {
  expect(Math.abs(found / wanted - 1)).toBeLessThan(tol);
  expect(Math.abs(found / (wanted * (1 + 10 * tol)) - 1)).toBeGreaterThan(tol);
}

function pearson(xs: readonly number[], ys: readonly number[]): number {
  const [x, y] = [xs, ys].map((values) => values.reduce((a, b) => a + b) / values.length);
  const sum = (of: (a: number, b: number) => number) => xs.reduce((total, _, i) => total + of(xs[i] - x, ys[i] - y), 0);
  return sum((a, b) => a * b) / Math.sqrt(sum((a) => a * a) * sum((_, b) => b * b));
}

it('Smoothing by α multiplies Jacobians by 1 − α under squared errors, and sharpness falls with them', async () => {
  const golden = [
    [0, 13.00685991, 1.671232788, 1.023199706],
    [0.25, 10.6562798, 1.185401215, 0.7650510611],
    [0.5, 7.759462619, 0.8392542443, 0.4912472981],
    [0.75, 5.616020347, 0.4424228127, 0.2375677326],
  ];
  let before = Infinity;
  for (const [alpha, sharpness, max, mean] of golden) {
    const weights = await descend('squared-error', alpha);
    const found = await measured('squared-error', alpha, weights[30]);
    expectNear(found.sharpness, sharpness);
    expectNear(found.max, max);
    expectNear(found.mean, mean);
    expect(Math.abs(found.mean / golden[0][3] - (1 - alpha))).toBeLessThan(0.06);
    expect(found.sharpness).toBeLessThan(before);
    before = found.sharpness;
  }
}, 120_000);

it('Under plain cross-entropy sharpness collapses while Jacobians grow, by the curvature of the losses; smoothed labels undo that', async () => {
  const golden = [
    { alpha: 0, sharpness: 0.1869142069, max: 17.02003463, mean: 8.340154071, correlation: -0.98973989 },
    { alpha: 0.25, sharpness: 2.773270169, max: 4.023045534, mean: 2.306224131, correlation: 0.96500897 },
  ];
  for (const { alpha, sharpness, max, mean, correlation } of golden) {
    const kind = 'softmax-cross-entropy';
    const weights = await descend(kind, alpha);
    const moments = [];
    for (const at of weights.slice(2)) moments.push(await measured(kind, alpha, at));
    const last = moments.at(-1)!;
    expectNear(last.sharpness, sharpness);
    expectNear(last.max, max);
    expectNear(last.mean, mean);
    const found = pearson(
      moments.map((moment) => moment.sharpness),
      moments.map((moment) => moment.max),
    );
    expectNear(found, correlation, 1e-5);
    expectNear(found, correlation, 1e-5);
    const given = smoothed(alpha) as typeof examples;
    const factors = (at: Float64Array) => sharpnessFactors(network, at, given, { tol: 1e-6 });
    const { most, curvature, tangent } = sharpnessChange(await factors(weights[2]), await factors(weights[30]));
    expect(tangent).toBeGreaterThan(1);
    if (alpha === 0) {
      expect(found).toBeLessThan(-0.9);
      expect(last.sharpness).toBeLessThan(0.5);
      expect([most, curvature < 0.1]).toEqual(['curvature', true]);
    } else {
      expect(found).toBeGreaterThan(0.9);
      expect([most, curvature > 0.5]).toEqual(['tangent', true]);
    }
  }
}, 120_000);
