// Oracle: numpy 1.24.2 and scipy: 300 steps of gradient descent (rate 0.3, squared error, full batch) on a tanh 6-8-3 network, its Hessian from R-operator
// products with unit vectors and eigvalsh, Jacobians by the chain rule and their norms. Data and start are integers mod 10007 made floats. Tolerance 1e-8:
// descent multiplies differences of rounding, and SAM's direction is a quotient.
import { constantSchedule, type Examples, mlp, sam, sgd, smoothLabels } from '@hyperribbon/nn';
import { stack } from '@hyperribbon/nn/models';
import { beforeAll, describe, expect, it } from 'vitest';
import { compareRegularizers, inputNoise, type RegularizerComparison } from '../../src/regularizers.js';

function numbers(count: number, seed: number): Float64Array {
  return Float64Array.from(
    { length: count },
    (_, i) => (((i * 7919 + i * i * 31 + seed * 104729) % 10007) / 10007) * 2 - 1,
  );
}

function drawn(count: number, seed: number): Examples {
  const inputs = numbers(6 * count, seed).map((x) => 1.5 * x);
  const labels = Int32Array.from({ length: count }, (_, i) => {
    const [a, b, c] = inputs.subarray(6 * i, 6 * i + 3);
    return a > 0.4 ? 2 : b + c > 0 ? 1 : 0;
  });
  return { inputs, labels, count, features: 6, classes: 3 };
}

const network = mlp([6, 8, 3]);
const train = drawn(24, 1);
const test = drawn(40, 2);
const softened = smoothLabels(0.4)(
  { ...train, inputs: train.inputs.slice() },
  { seed: 0, step: 0, epoch: 0, batch: 0 },
);
const base = { epochs: 300, batchSize: 24, optimizer: sgd(), schedule: constantSchedule(0.3) };
const start = (): Float64Array => numbers(network.size, 3).map((x) => 0.8 * x);
const common = { network, train, test, seeds: [0], base, start, deterministic: true };

/** S, max ‖J‖, mean ‖J‖, its 95 % quantile, train loss, test loss, gap, train accuracy, test accuracy */
const numpy: Readonly<Record<string, readonly number[]>> = {
  none: [
    3.30521340660746, 1.5385487096840178, 1.1405330257618886, 1.4880795718523245, 0.007328773912900576,
    0.17014535414094983, 0.16281658022804926, 1, 0.775,
  ],
  'weight decay': [
    2.25685523877209, 0.7081854048947361, 0.6067272467013208, 0.7026626668169791, 0.045285240258311564,
    0.13468386283206368, 0.08939862257375211, 1, 0.875,
  ],
  SAM: [
    1.668584775035002, 1.1382372473412774, 0.7926205424099523, 1.0073715296047794, 0.0157525456977046,
    0.1453053777990994, 0.12955283210139482, 1, 0.8,
  ],
  'label smoothing': [
    2.9103594487245887, 1.0841844344517937, 0.7124200523766039, 1.017174143875454, 0.07066883565831349,
    0.18936900028239084, 0.11870016462407736, 1, 0.775,
  ],
};

let comparison: RegularizerComparison;
beforeAll(async () => {
  comparison = await compareRegularizers(
    [
      { name: 'none' },
      { name: 'weight decay', options: { optimizer: sgd({ weightDecay: 0.02 }) } },
      { name: 'SAM', options: { sharpnessAware: sam(0.2) } },
      { name: 'label smoothing', train: softened },
    ],
    common,
  );
});

function near(found: number, stated: number): void {
  expect(Math.abs(found - stated)).toBeLessThan(1e-8 * Math.abs(stated));
  expect(Math.abs(found - stated * (1 + 1e-7))).toBeGreaterThan(1e-8 * Math.abs(stated));
}

describe('four ways of training', () => {
  it.each(Object.keys(numpy))('%s: sharpness, Jacobians, losses and accuracies are those of numpy', (name) => {
    const { mean, runs, failed } = comparison.rows.find((row) => row.name === name)!;
    expect([runs.length, failed.length, runs[0].steps]).toEqual([1, 0, 300]);
    const { sharpness, jacobianMax, jacobianMean, jacobian95, trainLoss, testLoss, gap } = mean!;
    [sharpness, jacobianMax, jacobianMean, jacobian95, trainLoss, testLoss, gap].forEach((x, i) =>
      near(x, numpy[name][i]),
    );
    near(mean!.trainAccuracy, numpy[name][7]);
    near(mean!.testAccuracy, numpy[name][8]);
    expect(mean!.accuracyGap).toBeCloseTo(mean!.trainAccuracy - mean!.testAccuracy, 14);
    expect(mean!.sharpnessResidual).toBeLessThan(1e-9 * sharpness);
  });

  it('have the correlations of scipy', () => {
    const { sharpness, jacobianMax, jacobianMean } = comparison.correlations;
    near(sharpness.pearson, 0.49848944320146404);
    near(sharpness.spearman, 0.4);
    near(jacobianMax.pearson, 0.9965173090434796);
    near(jacobianMean.pearson, 0.9638974903638587);
    near(jacobianMax.spearman, 1);
  });
});

describe('other ways', () => {
  it('noise, early stop and batch norms change the run; one that overflows is named and left out', async () => {
    const normed = stack({
      input: [6],
      layers: [{ kind: 'linear', out: 8 }, { kind: 'batchNorm' }, { kind: 'tanh' }, { kind: 'linear', out: 3 }],
    });
    const { start: _start, ...rest } = common;
    const { rows, correlations } = await compareRegularizers(
      [
        { name: 'none' },
        { name: 'noise', options: { augment: inputNoise(0.5) } },
        { name: 'early stop', options: { epochs: 20 } },
        { name: 'batch norms', network: normed },
        { name: 'too fast', options: { schedule: constantSchedule(1e300) } },
      ],
      { ...rest, seeds: [1, 2], base: { ...base, epochs: 60 } },
    );
    const [plain, noise, early, batch, fast] = rows;
    expect(early.runs[0].steps).toBe(20);
    expect(early.mean!.trainLoss).toBeGreaterThan(plain.mean!.trainLoss);
    expect(noise.mean!.trainLoss).not.toBe(plain.mean!.trainLoss);
    expect(Number.isFinite(batch.mean!.sharpness)).toBe(true);
    expect(fast.mean).toBeUndefined();
    expect(fast.failed.map(({ seed, reason }) => [seed, reason])).toEqual([
      [1, 'non-finite-loss'],
      [2, 'non-finite-loss'],
    ]);
    expect(Number.isFinite(correlations.jacobianMean.pearson)).toBe(true);
  });

  it('one alone has no correlation', async () => {
    const { correlations } = await compareRegularizers([{ name: 'none', options: { epochs: 1 } }], common);
    expect(correlations.sharpness).toEqual({ pearson: NaN, spearman: NaN });
  });

  it('refuses names that come twice, no seeds, options that there are not, and stops when it is told to', async () => {
    await expect(compareRegularizers([{ name: 'a' }, { name: 'a' }], common)).rejects.toThrow('"a" twice');
    await expect(compareRegularizers([{ name: 'a' }], { ...common, seeds: [] })).rejects.toThrow('seeds.length');
    await expect(compareRegularizers([], common)).rejects.toThrow('regularizers.length');
    await expect(compareRegularizers([{ name: 'a' }], { ...common, steps: 1 } as never)).rejects.toThrow('steps');
    await expect(compareRegularizers([{ name: 'a' }], { ...common, signal: AbortSignal.abort() })).rejects.toThrow(
      'aborted',
    );
    expect(() => inputNoise(0)).toThrow('sigma');
  });
});
