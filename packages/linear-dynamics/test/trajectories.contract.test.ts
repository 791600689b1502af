// Oracle: the documentation. What is refused, how it is said, and what the defaults are.
import {
  asymptoticTargetEigenvalues,
  finiteMoments,
  freshMoments,
  inputSpectrumSlope,
  iterate,
  kernelDescent,
  kernelMatrix,
  noiseFloor,
  phaseBoundary,
  phaseDiagram,
  phasePoint,
  plateauBoundary,
  predictedWidths,
  regressionSpectrum,
  ribbonCriteria,
  ribbonScales,
  sloppyEigenvalues,
  trajectoryCovariance,
  UnstableStepError,
  zolotarevBound,
} from '@hyperribbon/linear-dynamics';
import { describe, expect, test } from 'vitest';

const good = { eigenvalues: [2, 0.5], learningRate: 0.4, steps: 10, target: [1, 1] };

describe('refused, with the value and what to do', () => {
  test('a step size at or above 2/λ₁', () => {
    for (const run of [trajectoryCovariance, predictedWidths, phasePoint])
      expect(() => run({ ...good, learningRate: 1 })).toThrow(UnstableStepError);
    try {
      trajectoryCovariance({ ...good, learningRate: 1.5 });
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ name: 'UnstableStepError', learningRate: 1.5, limit: 1 });
      expect(String(error)).toMatch(
        /trajectoryCovariance: learningRate must be below 1 \(2\/λ₁ with λ₁ = 2\), got learningRate=1.5; take for example 0.45/,
      );
    }
    expect(() => trajectoryCovariance({ ...good, learningRate: 0.9999999 })).not.toThrow();
    expect(() => trajectoryCovariance({ ...good, learningRate: 5, dynamics: 'flow' })).not.toThrow();
    expect(() => freshMoments({ ...good, learningRate: 0.9, batch: 1 })).toThrow(
      /mean-square stability of SGD with batch 1/,
    );
    expect(() =>
      kernelDescent({ gram: Float64Array.of(4), count: 1, targets: Float64Array.of(1), learningRate: 0.5 }),
    ).toThrow(UnstableStepError);
  });
  test.each([
    [
      'negative eigenvalue',
      { ...good, eigenvalues: [1, -1e-17] },
      /eigenvalues\[1\]=-1e-17; if this is the rounding of a zero, replace it by 0/,
    ],
    ['NaN eigenvalue', { ...good, eigenvalues: [1, NaN] }, /eigenvalues\[1\]=NaN/],
    ['no eigenvalues', { ...good, eigenvalues: [] }, /must not be empty/],
    ['target of another length', { ...good, target: [1, 2, 3] }, /target must have length 2, got 3/],
    ['NaN in the target', { ...good, target: [1, NaN] }, /target\[1\]=NaN/],
    ['outputs that do not fit', { ...good, outputs: 2 }, /target must have shape \(2, 2\), 4 numbers, got 2/],
    ['no steps', { ...good, steps: 0 }, /steps=0/],
    ['half a step', { ...good, steps: 2.5 }, /steps must be an integer >= 1, got steps=2.5/],
    ['negative step size', { ...good, learningRate: -1 }, /learningRate=-1/],
    ['negative scale', { ...good, initialScale: -1 }, /initialScale=-1/],
    ['both targets', { ...good, targetScale: 1 }, /not both/],
    ['no target', { ...good, target: undefined as unknown as number[] }, /not neither/],
    ['unknown dynamics', { ...good, dynamics: 'sgd' as 'flow' }, /one of 'descent', 'flow', got "sgd"/],
    [
      'unknown averaging',
      { ...good, target: undefined as unknown as number[], targetScale: 1, averaging: 'x' as 'pooled' },
      /averaging must be one of 'perTask', 'pooled', got "x"/,
    ],
  ])('%s', (_, options, message) => expect(() => trajectoryCovariance(options)).toThrow(message));
  test('other functions', async () => {
    expect(() => iterate({ eigenvalues: [1], learningRate: 1, step: 0.5, initial: [1], target: [1] })).toThrow(
      /step=0.5/,
    );
    expect(() => sloppyEigenvalues(0)).toThrow(/decay=0 has no end of its own; give its dimension/);
    expect(() => ribbonCriteria([1, 2])).toThrow(/must descend, got 1 before 2 at 1/);
    expect(() => ribbonCriteria([0, 0])).toThrow(/some eigenvalue must be > 0/);
    expect(() => inputSpectrumSlope([1, 0, 0])).toThrow(/at least 3 eigenvalues must exceed 1e-12 λ₁, got 1 of 3/);
    expect(() => inputSpectrumSlope([3, 2, 1], { window: { from: 1, to: 3 } })).toThrow(/from=1, to=3/);
    expect(() => phaseBoundary({ decay: 1, steps: 100, level: 1 })).toThrow(/level=1/);
    expect(() => zolotarevBound(0.5, 1)).toThrow(/condition=0.5/);
    expect(() =>
      phasePoint({ eigenvalues: [4, 2, 1], learningRate: 0.1, steps: 10, target: [0, 0, 0], initialScale: 0 }),
    ).toThrow(/nothing moves/);
    await expect(phaseDiagram({ ratios: [1], steps: [10] })).rejects.toThrow(/either decays or spectrum, not neither/);
    await expect(phaseDiagram({ decays: [1], ratios: [1], steps: [10], relativeStep: 2 })).rejects.toThrow(
      UnstableStepError,
    );
    await expect(phaseDiagram({ decays: [1], ratios: [-1], steps: [10] })).rejects.toThrow(/ratios\[0\]=-1/);
    await expect(phaseDiagram({ decays: [1], ratios: [1], steps: [10], rows: { from: 0, to: 2 } })).rejects.toThrow(
      /rows.to=2/,
    );
    expect(() =>
      regressionSpectrum({ inputs: new Float64Array(6), targets: new Float64Array(3), count: 3, features: 2 }),
    ).toThrow(/must not all be zero/);
    expect(() =>
      regressionSpectrum({ inputs: Float64Array.of(1, NaN), targets: Float64Array.of(1), count: 1, features: 2 }),
    ).toThrow(/inputs\[1\]=NaN/);
    expect(() =>
      regressionSpectrum({ inputs: new Float64Array(5), targets: new Float64Array(3), count: 3, features: 2 }),
    ).toThrow(/inputs must have shape \(3, 2\), 6 numbers, got 5/);
    expect(() => noiseFloor({ eigenvalues: [1], learningRate: 1, labelNoise: 1 })).toThrow(UnstableStepError);
    const data = { inputs: Float64Array.of(1, 2), count: 2, features: 1, target: [1], learningRate: 0.1, steps: 5 };
    await expect(finiteMoments({ ...data, residuals: [1, 1] })).rejects.toThrow(/orthogonal to the inputs/);
    await expect(finiteMoments({ ...data, learningRate: 1e80 })).rejects.toThrow(
      /overflowed at step 2: learningRate=1e\+80/,
    );
    await expect(finiteMoments({ ...data, batch: 3, replacement: false })).rejects.toThrow(/batch=3/);
  });
  test('kernels', () => {
    const points = { inputs: Float64Array.of(0, 1), count: 2, features: 1 };
    expect(() => kernelMatrix({ kind: 'rbf', lengthScale: 0 }, points)).toThrow(/lengthScale=0/);
    expect(() => kernelMatrix({ kind: 'polynomial', degree: 1.5 }, points)).toThrow(/degree=1.5/);
    expect(() => kernelMatrix({ kind: 'arcCosine', order: 3 as 2 }, points)).toThrow(/order=3/);
    expect(() => kernelMatrix({ kind: 'laplace' } as never, points)).toThrow(/got laplace/);
    expect(() =>
      kernelMatrix({ kind: 'rbf', lengthScale: 1 }, { ...points, others: Float64Array.of(Infinity) }),
    ).toThrow(/others\[0\]=Infinity/);
    const machine = { count: 2, targets: Float64Array.of(1, 1), learningRate: 0.1 };
    expect(() => kernelDescent({ ...machine, gram: Float64Array.of(1, 0, 0.5, 1) })).toThrow(
      /symmetric, got 0.5 at \(1, 0\) and 0 at \(0, 1\)/,
    );
    expect(() => kernelDescent({ ...machine, gram: Float64Array.of(1, 2, 2, 1) })).toThrow(
      /positive semidefinite, got an eigenvalue -(1|0\.999)/,
    );
    expect(() => kernelDescent({ ...machine, gram: Float64Array.of(1, 2, 2) })).toThrow(
      /gram must have shape \(2, 2\), 4 numbers, got 3/,
    );
    expect(() =>
      kernelDescent({ ...machine, gram: Float64Array.of(1, 0, 0, 1) }).predict(1, Float64Array.of(1)),
    ).toThrow(/rows of 2 kernel values, got 1/);
  });
});

describe('allowed at the edge', () => {
  test('directions that the inputs never show stay where they started', () => {
    const { covariance } = trajectoryCovariance({ ...good, eigenvalues: [1, 0], exponent: 0, initialScale: 0.5 });
    expect(covariance[3]).toBe(0.25);
    expect(covariance[1]).toBe(0);
  });
  test('one recorded point has only the initialisation', () => {
    const { targetTrace, initializationTrace } = trajectoryCovariance({ ...good, steps: 1 });
    expect(targetTrace).toBe(0);
    expect(initializationTrace).toBe(2.5);
  });
  test('white inputs have no slope and no end of the plateau', () => {
    expect(ribbonScales({ decay: 0, ratio: 1, horizon: 100 })).toMatchObject({
      plateauLength: Infinity,
      directionsAbove: Infinity,
    });
    expect(plateauBoundary(0)).toBe(Infinity);
    const point = phasePoint({
      eigenvalues: new Float64Array(12).fill(1),
      learningRate: 0.9,
      steps: 50,
      target: new Float64Array(12).fill(1),
    });
    expect(point.decay).toBe(0);
    expect(point.criteria.plateauRatio).toBeNaN();
  });
  test.each([
    [{ decay: 0, ratio: 0, horizon: 100 }, [Infinity, -Infinity]],
    [{ decay: 1, ratio: 0, horizon: 100 }, [1 + Math.log(200), -Infinity]],
    [{ decay: 0, ratio: 0, horizon: 0.5 }, [1, 0]],
    [{ decay: 0, ratio: 3, horizon: 0.2 }, [1, 0]],
  ])('no scale is NaN at the ends of its range: %o', (options, expected) => {
    const { plateauLength, directionsAbove, ...others } = ribbonScales(options);
    expect([plateauLength, directionsAbove]).toEqual(expected);
    expect(Object.values(others)).not.toContain(NaN);
    expect([...asymptoticTargetEigenvalues({ ...options, count: 2 })]).not.toContain(NaN);
  });
  const { target: _, ...aimless } = good;
  test.each([
    [{ ...good, target: [1e160, 1] }, /square of target must be finite, got .*Infinity/],
    [{ ...good, target: new Float64Array(4).fill(-1e155), outputs: 2 }, /square of target must be finite/],
    [{ ...good, initialScale: 1e155 }, /variance of initialScale must be finite/],
    [{ ...aimless, targetScale: 1e170 }, /variance of targetScale must be finite/],
  ])('variances that are no numbers are refused, not dropped: %o', (options, message) => {
    for (const f of [predictedWidths, trajectoryCovariance, phasePoint]) expect(() => f(options)).toThrow(message);
  });
  test('targets as large as their squares may be have their widths', () => {
    const [large, small] = [1e70, 1].map((v) => predictedWidths({ ...good, target: [v, v], initialScale: 0 }).widths);
    large.forEach((w, i) => expect(w / 1e70).toBeCloseTo(small[i], 10));
  });
  test('before training has begun (2 η λ₁ T ≤ 1) there is nothing above the plateau', () => {
    expect(ribbonScales({ decay: 1, ratio: 10, horizon: 0.3 })).toMatchObject({
      logRange: 0,
      directionsAbove: 0,
      targetRatio: 0,
      plateauLength: 1,
    });
  });
});

describe('defaults are the documented ones', () => {
  test('σ_w = 1, p = 1, descent, one output, fixed target', () =>
    expect(trajectoryCovariance(good)).toEqual(
      trajectoryCovariance({ ...good, initialScale: 1, exponent: 1, dynamics: 'descent', outputs: 1 }),
    ));
  test('each of them matters', () => {
    const base = predictedWidths(good).trace;
    for (const change of [
      { initialScale: 2 },
      { exponent: 0 },
      { dynamics: 'flow' as const },
      { initialExponent: 0 },
      { targetExponent: 0 },
    ]) {
      expect(predictedWidths({ ...good, ...change }).trace).not.toBeCloseTo(base, 6);
    }
  });
  test('every result that is shown calls itself a reconstruction', async () => {
    const shown = [
      trajectoryCovariance(good),
      predictedWidths(good),
      phasePoint({ ...good, eigenvalues: [2, 1, 0.5], target: [1, 1, 1] }),
      ribbonCriteria([1]),
      ribbonScales({ decay: 1, ratio: 1, horizon: 10 }),
      phaseBoundary({ decay: 1, steps: 100 }),
      await phaseDiagram({ decays: [1], ratios: [1], steps: [10] }),
      freshMoments({ ...good, learningRate: 0.1 }),
      noiseFloor({ eigenvalues: [1], learningRate: 0.1, labelNoise: 1 }),
      kernelDescent({ gram: Float64Array.of(1), count: 1, targets: Float64Array.of(1), learningRate: 0.1 }),
    ];
    expect(shown.map(({ status }) => status)).toEqual(shown.map(() => 'reconstruction'));
  });
});

test('a regression in the eigenbasis has the least-squares solution and its residual', () => {
  // y = 2 x₁ − x₂ + (1, 1, −1, −1) on four points to which the noise is orthogonal
  const inputs = Float64Array.of(1, 1, -1, -1, 1, 1, -1, -1);
  const rank1 = regressionSpectrum({ inputs, targets: Float64Array.of(2, 0, 0, -2), count: 4, features: 2 });
  expect(rank1.rank).toBe(1);
  expect(rank1.eigenvalues[0]).toBeCloseTo(2, 14);
  expect(rank1.eigenvalues[1]).toBe(0);
  expect(rank1.coefficients[1]).toBe(0);
  const x = Float64Array.of(2, 0, -2, 0, 0, 1, 0, -1);
  const y = Float64Array.of(4 + 1, 4, -4 + 1, -4, -1 - 1, 3, 1 - 1, -3);
  const { eigenvalues, vectors, coefficients, residual, rank } = regressionSpectrum({
    inputs: x,
    targets: y,
    count: 4,
    features: 2,
    outputs: 2,
  });
  expect(rank).toBe(2);
  expect(Array.from(eigenvalues)).toEqual([2, 0.5]);
  const solution = [0, 1].map((k) =>
    [0, 1].map((c) => coefficients[c] * vectors[k] + coefficients[2 + c] * vectors[2 + k]),
  );
  expect(solution[0][0]).toBeCloseTo(2, 13);
  expect(solution[1][0]).toBeCloseTo(-1, 13);
  expect(solution[0][1]).toBeCloseTo(2, 13);
  expect(solution[1][1]).toBeCloseTo(3, 13);
  expect(residual).toBeCloseTo(1, 13);
});

// Oracle: the noise that was added, which is orthogonal to the inputs
test.each([
  ['1e-6 beside targets of 1', 1, 1e-6],
  ['1e-6 beside targets of 1e3', 1e3, 1e-6],
  ['none', 1, 0],
  ['none beside 1e6', 1e6, 0],
  ['1e-9 with inputs of float32', 1, 1e-9],
])('the residual of a regression does not cancel: %s', (name, size, noise) => {
  const count = 1200;
  // ±1 patterns of period 2, 4 and 8 are orthogonal over a multiple of 8 rows
  const pattern = (i: number, period: number): number => (i % period < period / 2 ? 1 : -1);
  const values = Array.from({ length: 2 * count }, (_, at) => pattern(at >> 1, at % 2 === 0 ? 2 : 4));
  const inputs = name.includes('float32') ? Float32Array.from(values) : Float64Array.from(values);
  const targets = Float64Array.from(
    { length: count },
    (_, i) => size * (0.3 * pattern(i, 2) - 0.7 * pattern(i, 4)) + noise * pattern(i, 8),
  );
  const { residual } = regressionSpectrum({ inputs, targets, count, features: 2 });
  // the difference of squares was off by 1e-8 of the targets
  expect(Math.abs(Math.sqrt(residual) - noise)).toBeLessThan(1e-14 * size);
});
