// Oracle: a spectrum with two slopes, of which training reaches the first.
import { inputSpectrumSlope, phasePoint, ribbonScales } from '@hyperribbon/linear-dynamics';
import { expect, test } from 'vitest';

// steep at first, then a long straight stretch that 100 steps never come to
const eigenvalues = Float64Array.from({ length: 220 }, (_, i) => Math.exp(i < 20 ? -0.5 * i : -9.5 - 0.02 * (i - 19)));
const target = new Float64Array(220).fill(1);
const cloud = { eigenvalues, target, learningRate: 0.9, steps: 100, initialScale: 0.1 };

test('the slope of a phase point is that of the directions which training reaches', () => {
  const point = phasePoint(cloud);
  // 2 · 0.9 · 100 · e^(−i/2) > 1 for i <= 10
  expect(point.learnedDirections).toBe(11);
  expect(point.slope).toMatchObject({ from: 0, to: 10 });
  expect(point.decay).toBeCloseTo(0.5, 12);
  expect(point.scales).toEqual(
    ribbonScales({ decay: point.decay, ratio: point.ratio, horizon: 90, initialScale: 0.1 }),
  );
  // negative control: the longest straight stretch says something else, and is there to be seen
  expect(point.straightest).toEqual(inputSpectrumSlope(eigenvalues));
  expect(point.straightest.decay).toBeLessThan(0.03);
});

test('more steps reach further, and the window follows as far as eigenvalues are no rounding', () => {
  expect(phasePoint({ ...cloud, steps: 1e5 }).slope.to).toBe(149);
  const rounding = Float64Array.from({ length: 40 }, (_, i) => Math.exp(-i));
  const point = phasePoint({ ...cloud, eigenvalues: rounding, target: target.slice(0, 40), steps: 1e15 });
  expect(point.learnedDirections).toBe(36);
  expect(point.slope.to).toBe(point.straightest.usable - 1);
});

test('a window that is asked for is used, and fewer than five directions have no slope of their own', () => {
  expect(phasePoint({ ...cloud, slope: {} }).slope).toEqual(inputSpectrumSlope(eigenvalues));
  expect(phasePoint({ ...cloud, slope: { window: { from: 2, to: 6 } } }).slope).toMatchObject({ from: 2, to: 6 });
  const early = phasePoint({ ...cloud, steps: 3 });
  expect(early.learnedDirections).toBe(4);
  expect(early.slope).toEqual(early.straightest);
});
