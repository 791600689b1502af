// Properties that hold whatever the numbers: limits, permutations, scales, rotations of outputs.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eigvalsh } from '@hyperribbon/lanczos';
import {
  freshMoments,
  inputSpectrumSlope,
  iterate,
  predictedWidths,
  ribbonCriteria,
  trajectoryCovariance,
} from '@hyperribbon/linear-dynamics';

const settings = { seed: 2025, numRuns: 60, endOnFailure: true };
const double = (min: number, max: number) => fc.double({ min, max, noNaN: true, noDefaultInfinity: true });
/** eigenvalues over twelve decades, and targets of either sign */
const modes = fc.array(fc.tuple(double(-12, 0), double(-3, 3)), { minLength: 2, maxLength: 7 });
const cloud = fc.record({
  modes,
  rate: double(0.01, 1.95),
  steps: fc.integer({ min: 1, max: 3000 }),
  initialScale: double(0, 2),
  exponent: fc.constantFrom(0, 1),
});
type Cloud = { modes: [number, number][]; rate: number; steps: number; initialScale: number; exponent: number };
const spread = ({ modes, rate, ...rest }: Cloud) => {
  const eigenvalues = modes.map(([power]) => 10 ** power);
  return { eigenvalues, target: modes.map(([, b]) => b), learningRate: rate / Math.max(...eigenvalues), ...rest };
};
const size = (values: Float64Array) => values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
const same = (a: Float64Array, b: Float64Array, tolerance: number, scale = size(b)) =>
  a.forEach((value, i) => expect(Math.abs(value - b[i])).toBeLessThanOrEqual(tolerance * scale));

describe('covariance', () => {
  test('permuting directions permutes it', () =>
    fc.assert(
      fc.property(cloud, (c) => {
        const { covariance, size: n } = trajectoryCovariance(spread(c));
        const reversed = trajectoryCovariance(spread({ ...c, modes: c.modes.toReversed() })).covariance;
        expect(reversed).toEqual(Float64Array.from({ length: n * n }, (_, at) => covariance[n * n - 1 - at]));
      }),
      settings,
    ));
  test('scaling all weights by k scales it by k²; scaling inputs is a change of step and units', () =>
    fc.assert(
      fc.property(cloud, double(0.01, 100), (c, k) => {
        const options = spread(c);
        const base = trajectoryCovariance(options);
        const weights = trajectoryCovariance({
          ...options,
          initialScale: k * c.initialScale,
          target: options.target.map((b) => k * b),
        });
        same(
          weights.covariance,
          base.covariance.map((value) => k * k * value),
          1e-14,
        );
        const inputs = trajectoryCovariance({
          ...options,
          eigenvalues: options.eigenvalues.map((value) => k * value),
          learningRate: options.learningRate / k,
        });
        same(
          inputs.covariance,
          base.covariance.map((value) => k ** c.exponent * value),
          1e-12,
        );
      }),
      settings,
    ));
  test('is positive semidefinite and the sum of its parts', () =>
    fc.assert(
      fc.property(cloud, (c) => {
        const {
          covariance,
          target,
          initialization,
          size: n,
          initializationTrace,
          targetTrace,
        } = trajectoryCovariance(spread(c));
        const values = eigvalsh(covariance, n);
        expect(values[n - 1]).toBeGreaterThanOrEqual(-1e-14 * Math.max(values[0], 1e-300));
        expect(eigvalsh(target, n)[n - 1]).toBeGreaterThanOrEqual(-1e-14 * Math.max(size(target), 1e-300));
        initialization.forEach((value, i) => expect(covariance[i * n + i]).toBe(target[i * n + i] + value));
        const trace = values.reduce((a, b) => a + b, 0);
        expect(Math.abs(trace - initializationTrace - targetTrace)).toBeLessThanOrEqual(1e-13 * trace);
      }),
      settings,
    ));
  test('η → 0 with η T fixed is gradient flow, with an error of order η', () =>
    fc.assert(
      fc.property(modes, double(0.5, 20), (m, horizon) => {
        const options = spread({ modes: m, rate: 1, steps: 1, initialScale: 1, exponent: 1 });
        const at = (steps: number) =>
          trajectoryCovariance({ ...options, learningRate: (options.learningRate * horizon) / steps, steps })
            .covariance;
        const flow = trajectoryCovariance({
          ...options,
          dynamics: 'flow',
          learningRate: options.learningRate * horizon,
          steps: 1,
        }).covariance;
        const [coarse, fine] = [1000, 100_000].map((steps) => size(at(steps).map((value, i) => value - flow[i])));
        expect(coarse).toBeLessThan(0.02 * size(flow) * horizon);
        expect(fine).toBeLessThan(0.011 * coarse + 1e-14 * size(flow));
      }),
      settings,
    ));
  test('T → ∞: T times it tends to b b′/(x + y − xy) plus the initialisation', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(double(0.05, 1.9), double(-3, 3)), { minLength: 2, maxLength: 5 }), (m) => {
        const steps = 1e9;
        const eigenvalues = m.map(([x]) => x);
        const { covariance, size: n } = trajectoryCovariance({
          eigenvalues,
          learningRate: 1,
          steps,
          target: m.map(([, b]) => b),
          initialScale: 0.5,
          exponent: 0,
        });
        const limit = Float64Array.from({ length: n * n }, (_, at) => {
          const [[x, b], [y, c]] = [m[Math.floor(at / n)], m[at % n]];
          return (b * c + (at % (n + 1) === 0 ? 0.25 : 0)) / (x + y - x * y);
        });
        same(
          covariance.map((value) => value * steps),
          limit,
          1e-6,
        );
      }),
      settings,
    ));
  test('rotating outputs into each other leaves the widths', () =>
    fc.assert(
      fc.property(cloud, double(0, 6.3), (c, angle) => {
        const { target, ...options } = spread(c);
        const both = target.flatMap((b, i) => [b, target[target.length - 1 - i]]);
        const turned = both.map((_, k) =>
          k % 2 === 0
            ? Math.cos(angle) * both[k] - Math.sin(angle) * both[k + 1]
            : Math.sin(angle) * both[k - 1] + Math.cos(angle) * both[k],
        );
        const widths = (w: number[]) => predictedWidths({ ...options, outputs: 2, target: w, count: 100 }).eigenvalues;
        same(widths(turned), widths(both), 1e-14);
      }),
      settings,
    ));
  test('SGD with huge batches and no label noise is gradient descent', () =>
    fc.assert(
      fc.property(cloud, (c) => {
        const options = { ...spread({ ...c, rate: Math.min(c.rate, 1.5) }), exponent: 1 as const };
        same(freshMoments({ ...options, batch: 1e15 }).covariance, trajectoryCovariance(options).covariance, 1e-12, 10);
      }),
      settings,
    ));
});

test('iterates compose: t steps and then s from there are t + s', () =>
  fc.assert(
    fc.property(cloud, fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 }), (c, t, s) => {
      const { eigenvalues, learningRate, target } = spread(c);
      const initial = target.map((b) => 1 - b);
      const there = iterate({ eigenvalues, learningRate, target, initial, step: t });
      same(
        iterate({ eigenvalues, learningRate, target, initial: there, step: s }),
        iterate({ eigenvalues, learningRate, target, initial, step: t + s }),
        1e-13,
        8,
      );
    }),
    settings,
  ));

describe('criteria', () => {
  const spectrum = fc
    .array(double(-10, 2), { minLength: 3, maxLength: 12 })
    .map((powers) => powers.map((p) => 10 ** p).sort((a, b) => b - a));
  test('do not depend on the unit', () =>
    fc.assert(
      fc.property(spectrum, double(1e-6, 1e6), (values, unit) => {
        const [a, b] = [values, values.map((value) => value * unit)].map((v) =>
          ribbonCriteria(v, { plateauLength: 3 }),
        );
        same(a.explained, b.explained, 1e-14);
        for (const key of ['participationRatio', 'plateauRatio'] as const) expect(a[key] / b[key]).toBeCloseTo(1, 12);
        expect(a.slope).toBeCloseTo(b.slope, 9);
        expect(a.participationRatio).toBeGreaterThanOrEqual(1 - 1e-14);
        expect(a.participationRatio).toBeLessThanOrEqual(values.length * (1 + 1e-14));
      }),
      settings,
    ));
  test('a geometric spectrum has its slope, R² = 1 and its ratio as plateau', () =>
    fc.assert(
      fc.property(double(0.01, 0.9), fc.integer({ min: 3, max: 10 }), (ratio, n) => {
        const { slope, rSquared, plateauRatio } = ribbonCriteria(
          Array.from({ length: n }, (_, i) => ratio ** i),
          { plateauLength: n },
        );
        expect(slope).toBeCloseTo(Math.log(ratio), 10);
        expect(rSquared).toBeCloseTo(1, 12);
        expect(plateauRatio).toBeCloseTo(ratio, 12);
      }),
      settings,
    ));
});

test('the plateau test looks at the ratios of neighbours from the first up to ⌊k*⌋', () => {
  const ratio = (values: number[], plateauLength: number) => ribbonCriteria(values, { plateauLength }).plateauRatio;
  expect(ratio([1, 0.9, 0.1, 0.01], 3.9)).toBe(0.9);
  expect(ratio([1, 0.1, 0.05, 0.045], 3.9)).toBe(0.5);
  expect(ratio([1, 0.1, 0.05, 0.045], 4)).toBeCloseTo(0.9, 15);
  expect(ratio([1, 0.5, 0.4], 1)).toBe(0.5);
  expect(ratio([1, 0.5, 0.4], 4)).toBeNaN();
});

describe('slope of an input spectrum', () => {
  test('is found again behind a steep start and a noisy end, in its own window', () =>
    fc.assert(
      fc.property(double(0.02, 0.5), fc.integer({ min: 1, max: 4 }), (decay, steep) => {
        const head = Array.from({ length: steep }, (_, i) => 50 * 10 ** (steep - i));
        const body = Array.from({ length: 40 }, (_, i) => Math.exp(-decay * i));
        const tail = Array.from({ length: 5 }, (_, i) => Math.exp(-decay * 40) * 1e-4 ** (i + 1));
        const found = inputSpectrumSlope([...head, ...body, ...tail], { straightness: 0.9999, floor: 1e-300 });
        expect(found.straight).toBe(true);
        expect(Math.abs(found.decay / decay - 1)).toBeLessThan(0.05);
        expect(found.from).toBeGreaterThanOrEqual(steep - 1);
        expect(found.to).toBeLessThanOrEqual(steep + 40);
      }),
      settings,
    ));
  test('a window of one’s own is used as it is, and says so', () => {
    const values = [100, 4, 2, 1, 0.5, 0.25];
    expect(inputSpectrumSlope(values, { window: { from: 1, to: 5 } })).toMatchObject({
      from: 1,
      to: 5,
      straight: true,
    });
    expect(inputSpectrumSlope(values, { window: { from: 1, to: 5 } }).decay).toBeCloseTo(Math.LN2, 14);
    expect(inputSpectrumSlope(values, { window: { from: 0, to: 5 } }).decay).toBeGreaterThan(0.9);
  });
});
