import { describe, expect, test } from 'vitest';
import { kernelAlignment, kernelChange, parameterChange, type TangentKernel } from '../../src/kernel.js';

function kernel(matrix: readonly number[], examples: number, outputs = 1): TangentKernel {
  return {
    matrix: Float64Array.from(matrix),
    rows: examples * outputs,
    examples,
    outputs,
    of: outputs === 1 ? 'trace' : 'logits',
    dtype: 'float64',
  };
}

const before = kernel([2, 1, 0, 1, 3, 1, 0, 1, 4], 3);
const labels = Int32Array.of(0, 0, 1);

describe('A kernel that is scaled', () => {
  for (const scale of [3, 0.5, 1e-160, 1e160])
    test(`by ${scale} is the same to correlation and cosine, and differs by |s − 1|`, () => {
      const change = kernelChange(before, { ...before, matrix: before.matrix.map((x) => scale * x) }, { labels });
      expect(change.correlation).toBeCloseTo(1, 13);
      expect(change.cosine).toBeCloseTo(1, 13);
      expect(change.growth! / scale).toBeCloseTo(1, 13);
      expect(change.relativeChange! / Math.abs(scale - 1)).toBeCloseTo(1, 13);
      expect(change.alignmentAfter).toBeCloseTo(change.alignmentBefore!, 13);
      expect(change.missing).toEqual(['parameterChange: no weights were given']);
    });
});

test('numbers by hand: correlation over all entries, both triangles', () => {
  const change = kernelChange(before, kernel([1, 0, 1, 0, 5, 2, 1, 2, 2], 3), {
    params: { before: Float64Array.of(3, 4), after: Float64Array.of(3, 5) },
  });
  // numpy: corrcoef of the nine entries; norms of quotients with the guard 1e-4
  const [a, b] = [
    [2, 1, 0, 1, 3, 1, 0, 1, 4],
    [1, 0, 1, 0, 5, 2, 1, 2, 2],
  ];
  const mean = (list: readonly number[]): number => list.reduce((sum, x) => sum + x, 0) / list.length;
  const [ma, mb] = [mean(a), mean(b)];
  const sum = (of: (x: number, y: number) => number): number => a.reduce((total, x, i) => total + of(x, b[i]), 0);
  const correlation =
    sum((x, y) => (x - ma) * (y - mb)) / Math.sqrt(sum((x) => (x - ma) ** 2) * sum((_, y) => (y - mb) ** 2));
  expect(change.correlation).toBeCloseTo(correlation, 13);
  expect(change.cosine).toBeCloseTo(sum((x, y) => x * y) / Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y)), 13);
  expect(change.relativeChange).toBeCloseTo(Math.sqrt(sum((x, y) => (x - y) ** 2) / sum((x) => x * x)), 13);
  expect(change.elementwiseChange).toBeCloseTo(Math.sqrt(sum((x, y) => (Math.abs(y - x) / (x + 1e-4)) ** 2)), 8);
  expect(change.parameterChange).toBeCloseTo(0.2, 14);
});

describe('Alignment with labels', () => {
  test('is 1 for the kernel of the labels, whatever is added to all entries', () => {
    const ideal = [1, 1, 0, 1, 1, 0, 0, 0, 1];
    expect(kernelAlignment(kernel(ideal, 3), labels).value).toBeCloseTo(1, 13);
    expect(
      kernelAlignment(
        kernel(
          ideal.map((x) => 5 + 2 * x),
          3,
        ),
        labels,
      ).value,
    ).toBeCloseTo(1, 12);
  });

  test('by hand, of a kernel whose rows have other means: rows and columns are both centred', () => {
    const K = [4, 1, 0, 1, 1, 0, 0, 0, 1];
    const P = [2, -1, -1, -1, 2, -1, -1, -1, 2].map((x) => x / 3);
    const times = (a: readonly number[], b: readonly number[]): number[] =>
      a.map((_, at) => [0, 1, 2].reduce((sum, j) => sum + a[3 * Math.floor(at / 3) + j] * b[3 * j + (at % 3)], 0));
    const [k, l] = [K, [1, 1, 0, 1, 1, 0, 0, 0, 1]].map((matrix) => times(times(P, matrix), P));
    const inner = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i], 0);
    const alignment = inner(k, l) / Math.sqrt(inner(k, k) * inner(l, l));
    expect(kernelAlignment(kernel(K, 3), labels).value).toBeCloseTo(alignment, 13);
  });

  test('of all logits is that of their mean', () => {
    const two = kernel([1, 0, 1, 0, 0, 3, 0, 1, 1, 0, 2, 0, 0, 1, 0, 2], 2, 2);
    expect(kernelAlignment(two, Int32Array.of(0, 1)).value).toBeCloseTo(
      kernelAlignment(kernel([2, 1, 1, 2], 2), Int32Array.of(0, 1)).value!,
      13,
    );
  });

  test('has no value for one class, one example, a constant kernel, and says why', () => {
    const reason = (matrix: readonly number[], of: readonly number[]): string | undefined =>
      kernelAlignment(kernel(matrix, of.length), Int32Array.from(of)).reason;
    expect(reason([1, 0, 0, 1], [2, 2])).toMatch(/all labels agree/u);
    expect(reason([1], [0])).toMatch(/one example/u);
    expect(reason([3, 3, 3, 3], [0, 1])).toMatch(/constant over the examples/u);
    expect(reason([0, 0, 0, 0], [0, 1])).toMatch(/is zero/u);
    expect(reason([NaN, 0, 0, 0], [0, 1])).toMatch(/not finite/u);
    expect(() => kernelAlignment(before, Int32Array.of(0, 1))).toThrow(
      /labels must be those of the 3 examples, got 2/u,
    );
  });
});

describe('What has no value is null with a sentence', () => {
  test('a dead network before, or after', () => {
    const zero = kernel(
      Array.from({ length: 9 }, () => 0),
      3,
    );
    const born = kernelChange(zero, before, { labels });
    expect([born.correlation, born.cosine, born.relativeChange, born.growth]).toEqual([null, null, null, null]);
    expect(born.missing[0]).toMatch(/correlation: the kernel before is zero/u);
    const died = kernelChange(before, zero, { labels });
    expect([died.correlation, died.relativeChange, died.growth]).toEqual([null, 1, 0]);
  });

  test('constant outputs, entries that are not finite, weights that were zero', () => {
    const constant = kernel([2, 2, 2, 2], 2);
    expect(kernelChange(constant, constant).correlation).toBeNull();
    expect(kernelChange(constant, constant).cosine).toBeCloseTo(1, 14);
    const broken = kernelChange(constant, kernel([NaN, 1, 1, 1], 2));
    expect([broken.correlation, broken.elementwiseChange]).toEqual([null, null]);
    const params = { before: new Float64Array(2), after: Float64Array.of(1, 1) };
    expect(kernelChange(constant, constant, { params }).missing).toContain(
      'parameterChange: all weights before are zero',
    );
  });

  test('sizes beyond float64: growth from 1e-200 to 1e200, entries of 1e305 from zero', () => {
    const grown = kernelChange(kernel([1e-200, 0, 0, 2e-200], 2), kernel([1e200, 0, 0, 2e200], 2));
    expect(grown.correlation).toBeCloseTo(1, 13);
    expect([grown.growth, grown.relativeChange]).toEqual([null, null]);
    expect(grown.missing).toContain('growth: it is beyond the range of float64');
    expect(kernelChange(kernel([0, 0, 0, 1], 2), kernel([1e305, 0, 0, 1], 2)).elementwiseChange).toBeNull();
  });

  test('kernels of other rows, weights of other lengths', () => {
    expect(() => kernelChange(before, kernel([1], 1))).toThrow(/same rows, got 3 \(of trace\) and 1/u);
    expect(() => parameterChange(new Float64Array(2), new Float64Array(3))).toThrow(/got 2 and 3/u);
  });
});
