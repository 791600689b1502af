// Oracle: numpy and scipy on series of formulas (test/golden/make_stability.py), and values by hand of three runs.
import { readFileSync } from 'node:fs';
import {
  algorithmicStability,
  autocorrelationTime,
  autocovariance,
  stabilityCurve,
  stabilityGap,
  timeAverage,
  welchDensity,
} from '@hyperribbon/complexity';
import { describe, expect, it } from 'vitest';
import { expectNear } from '../near.js';

interface Density {
  readonly frequencies: number[];
  readonly density: number[];
}

const golden = JSON.parse(readFileSync(new URL('../golden/stability.json', import.meta.url), 'utf8')) as {
  autocovariance: { released: number[]; centred: number[] };
  autocorrelation: { time: number; window: number; variance: number };
  batchMeansError: number;
  welch: Record<'default' | 'odd' | 'overlap', Density>;
  runs: { beta: number; releasedError: number; largest: number; runError: number };
};

const series = Float64Array.from(
  { length: 300 },
  (_, t) => ((t * t + 3 * t) % 17) / 4 + (Math.floor(t / 20) % 3) + t / 500,
);
/** Averages 1, 1.1 and 0.9 after the first two. */
const three = [0, 1, 2].map((k) =>
  Array.from({ length: 10 }, (_, t) => [1 + 0.5 * (-1) ** t, 1.1 + 0.5 * (-1) ** (t + 1), 0.9][k]),
);
const five = [0, 1, 2, 3, 4].map((k) =>
  Array.from({ length: 40 }, (_, s) => 1 + ((5 * k * k + 7 * s * s + 3 * k * s) % 11) / 10 + k / 20),
);

const near = (values: ArrayLike<number>, stated: readonly number[]): void => {
  expect(values.length).toBe(stated.length);
  stated.forEach((x, i) => expect(values[i]).toBeCloseTo(x, 11));
};

describe('three runs by hand', () => {
  const found = algorithmicStability(three, { burnIn: 2 });

  it('have the mean distance of their averages, and the released error', () => {
    expectNear(found.beta, 0.1333333333333334);
    expectNear(found.releasedError, 0.02721655269759088);
    expectNear(found.largest, 0.2);
    near(
      found.averages.map(({ mean }) => mean),
      [1, 1.1, 0.9],
    );
    expect(found.pairs).toBe(3);
  });

  it('have the curve of cumulative averages', () => {
    const curve = stabilityCurve(three, { burnIn: 2 });
    near(curve, [0.6, 2 / 15, 8 / 45, 2 / 15, 2 / 15, 2 / 15, 4 / 35, 2 / 15]);
    expectNear(curve.at(-1), found.beta);
  });

  it('have the released autocovariance', () => {
    near(autocovariance(three[0], { lags: 4, estimator: 'released' }), [0.25, -0.25, 0.25, -0.25]);
    near(autocovariance(three[0], { lags: 4, estimator: 'released', absolute: true }), [0.25, 0.25, 0.25, 0.25]);
    near(autocovariance(three[0], { lags: 4 }), [0.25, -0.225, 0.2, -0.175]);
  });

  it('burn 200 epochs in, as documented', () => {
    const long = three.map((run) => [...Array.from({ length: 200 }, () => 9), ...run.slice(2)]);
    expect(algorithmicStability(long).beta).toBe(found.beta);
    expect(algorithmicStability(long).burnIn).toBe(200);
    expectNear(stabilityCurve(long).at(-1), found.beta);
  });
});

describe('a series of a formula', () => {
  it('has numpy’s autocovariances, the centred ones with any offset', () => {
    near(autocovariance(series, { lags: 8, estimator: 'released' }), golden.autocovariance.released);
    near(autocovariance(series, { lags: 8 }), golden.autocovariance.centred);
    // an offset changes the released one, by m (Σ of the first and of the last deviations)/(T − k)
    const far = series.map((x) => x + 2 ** 30);
    const shifted = autocovariance(far, { lags: 8 });
    golden.autocovariance.centred.forEach((x, k) => expect(Math.abs(shifted[k] - x)).toBeLessThan(1e-6));
    expect(Math.abs(autocovariance(far, { lags: 8, estimator: 'released' })[3])).toBeGreaterThan(100);
    expect(autocovariance(series)).toHaveLength(100);
  });

  it('has numpy’s autocorrelation time, window and variance', () => {
    const found = autocorrelationTime(series);
    expectNear(found.time, golden.autocorrelation.time);
    expect(found.window).toBe(golden.autocorrelation.window);
    expectNear(found.variance, golden.autocorrelation.variance);
    expectNear(found.effective, 300 / golden.autocorrelation.time);
    expectNear(found.meanError, Math.sqrt((found.variance * found.time) / 300));
    expectNear(found.standardError, found.time * Math.sqrt(90 / 300));
    expect(autocorrelationTime(series, { window: 5 })).toEqual(found);
    expect(autocorrelationTime(series, { window: 2 }).window).toBeLessThan(found.window);
  });

  it('has numpy’s batch means', () => expectNear(timeAverage(series).byBatches, golden.batchMeansError));

  it.each([
    ['default', {}],
    ['odd', { segment: 15, rate: 2 }],
    ['overlap', { segment: 32, overlap: 24 }],
  ] as const)('has scipy’s spectrum, %s', (name, options) => {
    const { frequencies, density } = welchDensity(series, options);
    near(frequencies, golden.welch[name].frequencies);
    near(density, golden.welch[name].density);
  });
});

describe('five runs of a formula', () => {
  it('have numpy’s β̂ and errors', () => {
    const found = algorithmicStability(five, { burnIn: 8 });
    expectNear(found.beta, golden.runs.beta);
    expectNear(found.releasedError, golden.runs.releasedError);
    expectNear(found.largest, golden.runs.largest);
    expectNear(found.runError, golden.runs.runError);
    expectNear(found.standardError, Math.hypot(found.runError, found.timeError));
    expect(found.pairs).toBe(10);
  });
});

describe('the recalled bound', () => {
  it('has its value, its standing and its conditions', () => {
    const gap = stabilityGap({ beta: 1e-3, count: 50_000, largestLoss: 1 });
    expectNear(gap.value, 0.6144350765273882);
    expect(gap.standing).toBe('reconstructed');
    expect(gap.vacuous).toBe(false);
    expect(gap.caveats).toHaveLength(2);
    // numbers that differ: β 0.01, n 200, M 3, δ 0.1
    expectNear(
      stabilityGap({ beta: 0.01, count: 200, largestLoss: 3, delta: 0.1 }).value,
      0.01 + 7 * Math.sqrt(Math.log(20) / 400),
    );
    expect(stabilityGap({ beta: 0.1, count: 200, largestLoss: 3 }).vacuous).toBe(true);
  });
});
