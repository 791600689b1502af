// Oracle: scale and shift, under which kernels, criteria and regressions are known functions of themselves.
import { kernelMatrix, regressionSpectrum, ribbonCriteria } from '@hyperribbon/linear-dynamics';
import { describe, expect, test } from 'vitest';

const points = Float64Array.of(0.3, 1.2, -0.4, 0.5, 0, 0, 2, -1, 1e-3, 1e-3);
const gramOf = (kernel: Parameters<typeof kernelMatrix>[0], inputs: Float64Array) =>
  kernelMatrix(kernel, { inputs, count: inputs.length / 2, features: 2 });

describe('kernels', () => {
  test.each([1e3, 1e6, 1e9])('a Gaussian kernel depends on differences alone: inputs shifted by %s', (shift) => {
    // shifts after which the differences are exact
    const near = Float64Array.of(0, 0, 0.5, 0.25, 1, -2, 3, 1);
    const moved = near.map((value) => value + shift);
    const [plain, there] = [near, moved].map((inputs) => gramOf({ kind: 'rbf', lengthScale: 1 }, inputs));
    there.forEach((value, i) => expect(Math.abs(value - plain[i])).toBeLessThan(1e-15));
    expect(plain[1]).toBeCloseTo(Math.exp(-0.3125 / 2), 14);
  });

  test.each([1e-140, 1e-100, 1e100, 1e140])('an arc-cosine kernel of order 0 knows no scale: %s', (scale) => {
    const plain = gramOf({ kind: 'arcCosine', order: 0 }, points);
    gramOf(
      { kind: 'arcCosine', order: 0 },
      points.map((value) => scale * value),
    ).forEach((value, i) => expect(Math.abs(value - plain[i])).toBeLessThan(1e-14));
    expect(plain[0]).toBe(1);
  });

  test('squares and values that are no numbers are refused', () => {
    for (const scale of [1e-160, 1e160]) {
      const inputs = points.map((value) => scale * value);
      for (const kind of [
        { kind: 'rbf', lengthScale: 1 },
        { kind: 'arcCosine', order: 1 },
      ] as const) {
        expect(() => gramOf(kind, inputs)).toThrow('kernelMatrix: inputs must be rescaled: the squared norm of row 0');
      }
    }
    expect(() =>
      gramOf(
        { kind: 'polynomial', degree: 5 },
        points.map((value) => 1e100 * value),
      ),
    ).toThrow('inputs must be smaller');
    expect(() =>
      kernelMatrix(
        { kind: 'rbf', lengthScale: 1 },
        { inputs: points, count: 5, features: 2, others: Float64Array.of(1e200, 0) },
      ),
    ).toThrow('others must be rescaled');
  });
});

test.each([1e-300, 1e-170, 1, 1e170, 1e300])('criteria know no unit: %s', (unit) => {
  const values = [4, 2, 1, 0.5, 0];
  const [plain, moved] = [1, unit].map((u) => ribbonCriteria(values.map((value) => u * value)));
  expect(plain.participationRatio).toBeCloseTo(7.5 ** 2 / 21.25, 14);
  expect(Math.abs(moved.participationRatio - plain.participationRatio)).toBeLessThan(1e-14);
  moved.explained.forEach((share, k) => expect(Math.abs(share - plain.explained[k])).toBeLessThan(1e-15));
});

test('inputs whose correlations are no numbers are refused, those short of it are right', () => {
  const inputs = Float64Array.of(1, 2, 3, -1, 0.5, 4);
  const targets = Float64Array.of(1, -1, 2);
  const at = (scale: number) =>
    regressionSpectrum({ inputs: inputs.map((value) => scale * value), targets, count: 3, features: 2 });
  for (const scale of [1e-140, 1e140]) {
    at(scale).coefficients.forEach((b, i) =>
      expect(Math.abs((scale * b) / at(1).coefficients[i] - 1)).toBeLessThan(1e-13),
    );
  }
  for (const scale of [1e-160, 1e150]) expect(() => at(scale)).toThrow('regressionSpectrum: inputs must be rescaled');
});
