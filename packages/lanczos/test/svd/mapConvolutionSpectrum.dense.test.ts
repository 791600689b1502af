// Oracle: the circulant matrix written out, its dense SVD with the function applied, and the kernel read off its rows.
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { type CircularConvolution, convolutionSpectrum, mapConvolutionSpectrum, svd } from '../../src/svd.js';

interface Shape {
  readonly image: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly channels: readonly [number, number];
  readonly stride?: readonly [number, number];
  readonly dilation?: readonly [number, number];
  readonly groups?: number;
}

function circular(
  { image, kernel, channels, stride = [1, 1], dilation = [1, 1], groups = 1 }: Shape,
  filters: Float64Array,
): CircularConvolution {
  const [inputs, rows] = channels;
  const geometry = { transposed: false, kernel, stride, dilation, input: [...image, inputs] } as const;
  const columns = (kernel[0] * kernel[1] * inputs) / groups;
  return { filters, rows, columns, groups, geometry: geometry as unknown as CircularConvolution['geometry'] };
}

/** Calls back with the entry of the matrix that each weight stands in, for every place. */
function places(
  { rows, columns, groups, geometry }: CircularConvolution,
  visit: (weight: number, row: number, column: number) => void,
): readonly [number, number] {
  const { kernel, stride, dilation, input } = geometry;
  const [h, w, inputs] = input;
  const [oh, ow, own] = [h / stride[0], w / stride[1], inputs / groups];
  for (let i = 0; i < oh; i++)
    for (let j = 0; j < ow; j++)
      for (let o = 0; o < rows; o++)
        for (let k = 0; k < columns; k++) {
          const [a, b, c] = [Math.floor(k / own / kernel[1]), Math.floor(k / own) % kernel[1], k % own];
          const [p, q] = [(i * stride[0] + a * dilation[0]) % h, (j * stride[1] + b * dilation[1]) % w];
          const channel = Math.floor((o * groups) / rows) * own + c;
          visit(o * columns + k, (i * ow + j) * rows + o, (p * w + q) * inputs + channel);
        }
  return [oh * ow * rows, h * w * inputs];
}

/** The mapped kernel and what was cut off, from the dense matrix. */
function dense(
  convolution: CircularConvolution,
  f: (sigma: number) => number,
): { readonly filters: Float64Array; readonly cut: number } {
  const [m, n] = places(convolution, () => undefined);
  const M = new Float64Array(m * n);
  places(convolution, (weight, row, column) => {
    M[row * n + column] += convolution.filters[weight];
  });
  const { values, u, v } = svd(M, m, n, { vectors: true });
  const mapped = new Float64Array(m * n);
  values.forEach((sigma, s) => {
    for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) mapped[i * n + j] += f(sigma) * u[s * m + i] * v[s * n + j];
  });
  const filters = new Float64Array(convolution.filters.length);
  places(convolution, (weight, row, column) => (filters[weight] = mapped[row * n + column]));
  const outputs = m / convolution.rows;
  let total = 0;
  for (const x of mapped) total += x * x;
  const kept = filters.reduce((sum, x) => sum + x * x, 0);
  return { filters, cut: Math.sqrt(Math.max(0, total / outputs - kept)) };
}

const normal = (length: number, seed: number): Float64Array =>
  stream({ seed, purpose: 'test/kernels' }).normal(new Float64Array(length));

const shapes: readonly (Shape & { readonly name: string })[] = [
  { name: 'even sides', image: [4, 6], kernel: [3, 3], channels: [2, 3] },
  { name: 'prime sides', image: [7, 5], kernel: [3, 3], channels: [3, 2] },
  { name: 'one row', image: [1, 11], kernel: [1, 3], channels: [2, 2] },
  { name: 'one pixel', image: [1, 1], kernel: [1, 1], channels: [3, 4] },
  { name: 'steps', image: [6, 8], kernel: [3, 3], channels: [2, 3], stride: [2, 2] },
  { name: 'steps and few inputs', image: [6, 4], kernel: [3, 3], channels: [1, 6], stride: [2, 2] },
  { name: 'gaps', image: [5, 6], kernel: [3, 3], channels: [2, 2], dilation: [2, 2] },
  { name: 'groups', image: [4, 3], kernel: [3, 3], channels: [4, 6], groups: 2 },
];

describe.each(shapes)('filters under a function of singular values, $name', (shape) => {
  const { kernel, channels, groups = 1 } = shape;
  const filters = normal((kernel[0] * kernel[1] * channels[0] * channels[1]) / groups, 5);
  const convolution = circular(shape, filters);
  const largest = convolutionSpectrum(convolution)[0];
  const cap = (sigma: number): number => Math.min(sigma, 0.6 * largest);
  const floor = (sigma: number): number => (sigma < 0.7 * largest ? 0 : sigma);

  it.each([
    ['a cap', cap],
    ['a threshold', floor],
  ])('are those of the circulant matrix under %s to 1e-12', (_name, f) => {
    const found = mapConvolutionSpectrum(convolution, f);
    const stated = dense(convolution, f);
    const off = found.filters.reduce((most, x, i) => Math.max(most, Math.abs(x - stated.filters[i])), 0);
    expect(off).toBeLessThan(1e-12 * largest);
    const moved = filters.reduce((most, x, i) => Math.max(most, Math.abs(x - stated.filters[i])), 0);
    expect(moved).toBeGreaterThan(1e-3 * largest);
    // squares are subtracted
    expect(Math.abs(found.cut * found.cut - stated.cut * stated.cut)).toBeLessThan(1e-12 * largest * largest);
    const beyond = convolutionSpectrum(convolution).filter((sigma) => f(sigma) !== sigma).length;
    expect(found.changed).toBe(beyond);
  });

  it('keep their bits where nothing changes', () => {
    const found = mapConvolutionSpectrum(convolution, (sigma) => Math.min(sigma, 1.01 * largest));
    expect([...found.filters]).toEqual([...filters]);
    expect([found.cut, found.changed]).toEqual([0, 0]);
  });
});

describe('filters that are special', () => {
  const shape: Shape = { image: [4, 4], kernel: [3, 3], channels: [2, 2] };

  it('scale with the function by powers of ten, stay zero, and stay what they are under the identity', () => {
    const filters = normal(36, 3);
    const plain = mapConvolutionSpectrum(circular(shape, filters), (sigma) => Math.min(sigma, 2));
    for (const scale of [1e150, 1e-150, 1e-300]) {
      const scaled = mapConvolutionSpectrum(
        circular(
          shape,
          filters.map((x) => scale * x),
        ),
        (sigma) => Math.min(sigma, 2 * scale),
      );
      plain.filters.forEach((x, i) => expect(Math.abs(scaled.filters[i] / scale - x)).toBeLessThan(1e-13));
      expect(Math.abs(scaled.cut / scale - plain.cut)).toBeLessThan(1e-7);
    }
    const zero = mapConvolutionSpectrum(circular(shape, new Float64Array(36)), () => 1);
    expect([...zero.filters]).toEqual(Array.from({ length: 36 }, () => 0));
  });

  it('refuse images smaller than the kernel with its gaps, steps that do not divide, and functions that are not finite', () => {
    const convolution = circular(shape, normal(36, 1));
    expect(() => mapConvolutionSpectrum(convolution, (s) => s, { image: [2, 4] })).toThrow(
      'mapConvolutionSpectrum: image must be at least as large as the kernel with its gaps, 3 × 3, got 2 × 4',
    );
    expect(() => mapConvolutionSpectrum(convolution, () => NaN)).toThrow('mapConvolutionSpectrum: f must be finite');
    expect(() => mapConvolutionSpectrum(convolution, (s) => s, { picture: [4, 4] } as object)).toThrow('picture');
    const stepped = circular({ ...shape, stride: [2, 2] }, normal(36, 1));
    expect(() => mapConvolutionSpectrum(stepped, (s) => s, { image: [5, 4] })).toThrow('a step of 2 must divide');
    expect(() => mapConvolutionSpectrum({ ...convolution, rows: 3, groups: 2 }, (s) => s)).toThrow('columns must be');
  });
});
