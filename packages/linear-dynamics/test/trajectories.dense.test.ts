// Oracle: the full matrix and a dense eigensolver.
import { eigvalsh } from '@hyperribbon/lanczos';
import {
  joinPhaseDiagrams,
  phaseDiagram,
  phasePoint,
  predictedWidths,
  ribbonCriteria,
  ribbonScales,
  sloppyEigenvalues,
  trajectoryCovariance,
} from '@hyperribbon/linear-dynamics';
import { stream } from '@hyperribbon/random';
import { describe, expect, test } from 'vitest';
import { decayModes } from '../src/trajectories/spectra/decayModes.js';
import { spectrumFamily } from '../src/trajectories/spectra/spectrumFamily.js';
import { symmetricValues } from '../src/trajectories/symmetricValues.js';
import { targetFactor } from '../src/trajectories/targetFactor.js';

const worst = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a, (value, i) => Math.abs(value - b[i])).reduce((x, y) => Math.max(x, y), 0);

describe('symmetricValues', () => {
  test.each([1, 2, 3, 4, 5, 8, 33, 68, 121, 160])('agrees with eigvalsh at order %i', (n) => {
    const a = stream({ seed: 2, purpose: 'test', index: n }).normal(new Float64Array(n * n));
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[j * n + i] = a[i * n + j];
    const reference = eigvalsh(a, n);
    const lower = a.slice();
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) lower[i * n + j] = 0;
    expect(worst(symmetricValues(lower, n), reference)).toBeLessThan(1e-13 * Math.max(1, reference[0]));
  });
  test('of a diagonal matrix are its entries', () => {
    const a = new Float64Array(25);
    [3, 0, -1, 7, 3].forEach((value, i) => (a[i * 6] = value));
    expect(Array.from(symmetricValues(a, 5))).toEqual([7, 3, 3, 0, -1]);
  });
});

describe('D + s C with few modes solved for', () => {
  for (const [decay, steps, exponent, dynamics] of [
    [0.1, 100, 1, 'descent'],
    [0.25, 1000, 1, 'descent'],
    [0.25, 1000, 1, 'flow'],
    [0.5, 10_000, 1, 'descent'],
    // a target part of rank 1 and 2: what its few columns do not span must come from the Krylov space
    [0.25, 2, 1, 'descent'],
    [0.25, 3, 1, 'descent'],
    [1, 1_000_000, 1, 'descent'],
    [0.5, 1000, 0, 'descent'],
  ] as const) {
    test(`c = ${decay}, T = ${steps}, p = ${exponent}, ${dynamics}`, () => {
      const d = Math.floor(40 / decay);
      const lambda = sloppyEigenvalues(decay, { dimension: d });
      const modes = decayModes({ eigenvalues: lambda, learningRate: 0.9, steps, dynamics });
      const weights = lambda.map((value) => value ** exponent);
      const diagonal = weights.map((value, i) => value * modes.meanSquare[i]);
      const factor = targetFactor(modes, weights.map(Math.sqrt));
      const count = Math.min(d, Math.max(10, Math.floor(1 + Math.log(1.8 * steps) / decay)));
      const family = spectrumFamily(diagonal, factor, { count, largest: 1e4 });
      if (exponent === 1) expect(family.order).toBeLessThan(0.8 * d);
      for (const s of d > 200 ? [1, 10_000] : [0, 0.01, 1, 100, 10_000]) {
        const full = new Float64Array(d * d);
        for (let i = 0; i < d; i++) {
          for (let j = 0; j <= i; j++)
            full[i * d + j] =
              s * Math.sqrt(weights[i] * weights[j]) * modes.covariance(i, j) + (i === j ? diagonal[i] : 0);
        }
        const reference = eigvalsh(full, d);
        const { eigenvalues, trace, squareNorm } = family.at(s);
        expect(eigenvalues.length).toBe(count);
        expect(worst(eigenvalues, reference)).toBeLessThan(1e-14 * reference[0]);
        expect(Math.abs(trace / reference.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-13);
        expect(Math.abs(squareNorm / reference.reduce((a, b) => a + b * b, 0) - 1)).toBeLessThan(1e-13);
      }
    });
  }
  test('without initialisation the spectrum is that of the factor', () => {
    const lambda = sloppyEigenvalues(0.5);
    const target = new Float64Array(lambda.length).fill(2);
    const { eigenvalues, target: alone } = predictedWidths({
      eigenvalues: lambda,
      learningRate: 0.9,
      steps: 300,
      target,
      initialScale: 0,
      count: 12,
    });
    expect(worst(eigenvalues, alone.eigenvalues)).toBeLessThan(1e-15 * eigenvalues[0]);
    const { covariance } = trajectoryCovariance({
      eigenvalues: lambda,
      learningRate: 0.9,
      steps: 300,
      target,
      initialScale: 0,
    });
    expect(worst(eigenvalues, eigvalsh(covariance, lambda.length))).toBeLessThan(1e-15 * eigenvalues[0]);
  });
});

describe('phaseDiagram', () => {
  const axes = { decays: [0.2, 1, 3], ratios: [0, 0.3, 5, 80], steps: [50, 2000] };
  test('every cell is the criteria of the full covariance', async () => {
    const diagram = await phaseDiagram(axes);
    expect(diagram.status).toBe('reconstruction');
    axes.decays.forEach((decay, i) =>
      axes.steps.forEach((steps, j) =>
        axes.ratios.forEach((ratio, k) => {
          const lambda = sloppyEigenvalues(decay);
          const { covariance, initializationTrace, targetTrace } = trajectoryCovariance({
            eigenvalues: lambda,
            learningRate: 0.9,
            steps,
            target: new Float64Array(lambda.length).fill(ratio),
          });
          const values = eigvalsh(covariance, lambda.length).map((value) => Math.max(0, value));
          const scales = ribbonScales({ decay, ratio, horizon: 0.9 * steps });
          const criteria = ribbonCriteria(values, { plateauLength: scales.plateauLength });
          const row = i * 2 + j;
          const cell = row * 4 + k;
          expect(worst(diagram.eigenvalues.subarray(cell * 10, cell * 10 + 10), values)).toBeLessThan(
            1e-14 * values[0],
          );
          expect(diagram.explained1[cell]).toBeCloseTo(criteria.explained[0], 12);
          expect(diagram.explained2[cell]).toBeCloseTo(criteria.explained[1], 12);
          expect(diagram.explained3[cell]).toBeCloseTo(criteria.explained[2], 12);
          expect(diagram.participationRatio[cell] / criteria.participationRatio).toBeCloseTo(1, 11);
          // the tenth eigenvalue may be 1e-10 of the first, whose rounding it carries
          expect(diagram.slope[cell]).toBeCloseTo(criteria.slope, 4);
          expect(diagram.rSquared[cell]).toBeCloseTo(criteria.rSquared, 4);
          expect(diagram.plateauRatio[cell]).toBeCloseTo(criteria.plateauRatio, 9);
          expect(diagram.directionsAbove[cell]).toBe(scales.directionsAbove);
          expect(Math.abs(diagram.targetTrace[cell] - targetTrace)).toBeLessThanOrEqual(1e-14 * targetTrace);
          expect(diagram.initializationTrace[row] / initializationTrace).toBeCloseTo(1, 12);
        }),
      ),
    );
  });
  test('rows made apart and joined in any order have the same bits', async () => {
    const whole = await phaseDiagram(axes);
    const parts = await Promise.all(
      [
        [4, 6],
        [0, 1],
        [1, 4],
      ].map(([from, to]) => phaseDiagram({ ...axes, rows: { from, to } })),
    );
    expect(joinPhaseDiagrams(structuredClone(parts))).toEqual(whole);
    expect(() => joinPhaseDiagrams(parts.slice(0, 2))).toThrow(/rows must follow each other, got 4 after 1/);
  });
  test('a spectrum of one’s own', async () => {
    const eigenvalues = [3, 1, 0.4, 0.1, 0.02, 0.001];
    const coefficients = [1, -2, 3, 0.5, 1, 1];
    const rms = Math.sqrt(coefficients.reduce((sum, value) => sum + value * value, 0) / 6);
    const diagram = await phaseDiagram({ spectrum: { eigenvalues, coefficients }, ratios: [4], steps: [30], count: 6 });
    const direct = predictedWidths({
      eigenvalues,
      learningRate: 0.3,
      steps: 30,
      target: coefficients.map((value) => (4 * value) / rms),
    });
    expect(worst(diagram.eigenvalues, direct.eigenvalues)).toBeLessThan(1e-15 * direct.eigenvalues[0]);
  });
  test('reports progress and stops at a signal', async () => {
    const seen: number[] = [];
    const controller = new AbortController();
    const promise = phaseDiagram({
      ...axes,
      signal: controller.signal,
      onProgress: ({ done }) => void (seen.push(done) === 2 && controller.abort('enough')),
    });
    await expect(promise).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
    expect(seen).toEqual([1, 2]);
  });
});

test('a phase point gathers what its parts give', () => {
  const eigenvalues = sloppyEigenvalues(0.4, { dimension: 60, largest: 5 });
  const target = new Float64Array(120).map((_, i) => (i % 2 === 0 ? 3 : 4));
  const point = phasePoint({ eigenvalues, target, outputs: 2, initialScale: 0.5, learningRate: 0.18, steps: 400 });
  expect(point.status).toBe('reconstruction');
  expect(point.decay).toBeCloseTo(0.4, 10);
  expect(point.ratio).toBeCloseTo(5 / Math.SQRT2 / 0.5, 12);
  expect(point.weightRatio).toBeCloseTo(5 / Math.SQRT2 / 0.5, 12);
  expect(point.relativeStep).toBeCloseTo(0.9, 14);
  expect(point.scales.plateauLength).toBeCloseTo(1 + Math.log(720) / 0.4, 8);
  expect(Math.abs(point.learnedDirections - point.scales.plateauLength)).toBeLessThan(1);
  expect(point.widths.widths.length).toBe(20);
  const { covariance } = trajectoryCovariance({
    eigenvalues,
    target,
    outputs: 2,
    initialScale: 0.5,
    learningRate: 0.18,
    steps: 400,
  });
  const dense = eigvalsh(covariance, 120);
  expect(worst(point.widths.eigenvalues, dense)).toBeLessThan(1e-14 * dense[0]);
  const share = (dense[0] + dense[1] + dense[2]) / dense.reduce((a, b) => a + b, 0);
  expect(point.criteria.explained[2]).toBeCloseTo(share, 12);
  expect(point.criteria.plateauRatio).toBeGreaterThan(0.8);
});
