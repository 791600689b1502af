// Oracle: the circulant matrix written out, and its singular values.
import { svd } from '@hyperribbon/lanczos/svd';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { type Convolution, convolutionNorms, convolutionSpectrum, matrixNorms } from '../../src/index.js';
import { expectNear } from '../near.js';

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
): Convolution {
  const [inputs, rows] = channels;
  const geometry = {
    transposed: false,
    kernel,
    stride,
    dilation,
    padding: [
      [0, 0],
      [0, 0],
    ],
    input: [...image, inputs],
    output: [image[0] / stride[0], image[1] / stride[1], rows],
  } as unknown as Convolution['geometry'];
  return { filters, rows, columns: (kernel[0] * kernel[1] * inputs) / groups, groups, geometry };
}

function circulant({ filters, rows, columns, groups, geometry }: Convolution): Float64Array {
  const {
    kernel: [kh, kw],
    stride,
    dilation,
    input: [h, w, inputs],
    output: [oh, ow],
  } = geometry;
  const own = inputs / groups;
  const M = new Float64Array(oh * ow * rows * h * w * inputs);
  for (let i = 0; i < oh; i++)
    for (let j = 0; j < ow; j++)
      for (let o = 0; o < rows; o++)
        for (let a = 0; a < kh; a++)
          for (let b = 0; b < kw; b++)
            for (let c = 0; c < own; c++) {
              const p = (i * stride[0] + a * dilation[0]) % h;
              const q = (j * stride[1] + b * dilation[1]) % w;
              const channel = Math.floor((o * groups) / rows) * own + c;
              M[((i * ow + j) * rows + o) * h * w * inputs + (p * w + q) * inputs + channel] +=
                filters[o * columns + (a * kw + b) * own + c];
            }
  return M;
}

const normal = (length: number, seed: number): Float64Array =>
  stream({ seed, purpose: 'test/kernels' }).normal(new Float64Array(length));

const shapes: readonly (Shape & { readonly name: string })[] = [
  { name: 'even sides', image: [4, 6], kernel: [3, 3], channels: [2, 3] },
  { name: 'prime sides', image: [7, 5], kernel: [3, 3], channels: [3, 2] },
  { name: 'one row', image: [1, 11], kernel: [1, 3], channels: [2, 2] },
  { name: 'one pixel', image: [1, 1], kernel: [1, 1], channels: [3, 4] },
  { name: 'a kernel larger than the image', image: [2, 3], kernel: [5, 5], channels: [1, 2] },
  { name: 'steps', image: [6, 8], kernel: [3, 3], channels: [2, 3], stride: [2, 2] },
  { name: 'steps of two lengths', image: [6, 5], kernel: [3, 2], channels: [2, 3], stride: [3, 1] },
  { name: 'gaps', image: [5, 6], kernel: [3, 3], channels: [2, 2], dilation: [2, 2] },
  { name: 'groups', image: [4, 3], kernel: [3, 3], channels: [4, 6], groups: 2 },
];

describe.each(shapes)('circular padding, $name', (shape) => {
  const { image, kernel, channels, groups = 1 } = shape;
  const convolution = circular(shape, normal((kernel[0] * kernel[1] * channels[0] * channels[1]) / groups, 5));

  it('has the singular values of the circulant matrix to 1e-13 of the largest', () => {
    const found = convolutionSpectrum(convolution);
    const { values } = svd(
      circulant(convolution),
      convolution.geometry.output.reduce((a, b) => a * b),
      convolution.geometry.input.reduce((a, b) => a * b),
    );
    expect(found.length).toBe(values.length);
    const error = found.reduce((most, x, i) => Math.max(most, Math.abs(x - values[i])), 0);
    expect(error).toBeLessThan(1e-13 * values[0]);
    expect(Math.abs(found[0] * (1 + 1e-12) - values[0])).toBeGreaterThan(1e-13 * values[0]);
  });

  it('has Σ σ² = ‖M‖_F², which is places ‖K‖_F² where no two weights meet', () => {
    const squares = convolutionSpectrum(convolution).reduce((sum, x) => sum + x * x, 0);
    const total = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, x) => sum + x * x, 0);
    expectNear(squares, total(circulant(convolution)), 1e-13);
    const [h, w] = convolution.geometry.output;
    if (kernel[0] <= image[0] && kernel[1] <= image[1]) expectNear(squares, h * w * total(convolution.filters), 1e-13);
  });
});

describe('the two filters whose spectrum is known', () => {
  // values by numpy from the explicit matrix: 4 × 4, one channel to two
  const filters = Float64Array.of(1, 2, 0, 0, -1, 0, 1, 0, 3, 0, 1, 0, 1, -4, 1, 0, 1, 0);
  const convolution = circular({ image: [4, 4], kernel: [3, 3], channels: [1, 2] }, filters);

  it('has √80 exactly, at most 3 ‖K‖₂ = 14.7959791', () => {
    expectNear(convolutionSpectrum(convolution)[0], 8.94427190999916, 1e-14);
    const K = matrixNorms(filters, 2, 9);
    expectNear(K.spectral, 4.9319930373, 1e-10);
    expectNear(K.rowSum, 8.472135955, 1e-10);
    expectNear(K.frobenius ** 2, 36, 1e-14);
  });

  it('has ‖M‖_F² = 576 and ‖Mᵀ‖_{2,1} = 135.5541753 with circular padding, less with zeros', () => {
    const { values } = svd(circulant(convolution), 32, 16);
    expectNear(
      values.reduce((sum, x) => sum + x * x, 0),
      576,
      1e-13,
    );
    expectNear(matrixNorms(circulant(convolution), 32, 16).rowSum, 135.5541753, 1e-9);
    const geometry = {
      ...convolution.geometry,
      padding: [
        [1, 1],
        [1, 1],
      ],
    } as unknown as Convolution['geometry'];
    const zeros = convolutionNorms({ ...convolution, geometry });
    // by hand: entries in the middle are used 16 times, at the sides 12, in the corners 9
    expectNear(zeros.frobenius ** 2, 16 * (1 + 16) + 12 * (4 + 1 + 1 + 1 + 1) + 9 * (1 + 1 + 9), 1e-14);
    expect(zeros.rowSum).toBeLessThan(135.5);
  });
});

describe('filters that are special', () => {
  it('gives zeros for zeros, c for c times the identity, and scales by powers of two and ten', () => {
    const shape: Shape = { image: [3, 3], kernel: [1, 1], channels: [2, 2] };
    expect([...convolutionSpectrum(circular(shape, new Float64Array(4)))]).toEqual(Array.from({ length: 18 }, () => 0));
    expect([...convolutionSpectrum(circular(shape, Float64Array.of(3, 0, 0, -3)))]).toEqual(
      Array.from({ length: 18 }, () => 3),
    );
    for (const scale of [1e150, 1e-150, 1e-300]) {
      const random = normal(4, 7);
      const [plain, scaled] = [random, random.map((x) => x * scale)].map((f) =>
        convolutionSpectrum(circular(shape, f)),
      );
      plain.forEach((x, i) => expectNear(scaled[i] / scale, x, 1e-14));
    }
  });

  it('refuses sides that steps do not divide, NaN, and filters that do not fit', () => {
    const filters = normal(18, 1);
    const good = circular({ image: [4, 4], kernel: [3, 3], channels: [1, 2], stride: [2, 2] }, filters);
    expect(() => convolutionSpectrum(good, { image: [5, 4] })).toThrow(
      'convolutionSpectrum: a step of 2 must divide the side of the image, got 5',
    );
    expect(() => convolutionSpectrum({ ...good, filters: filters.with(3, NaN) })).toThrow(
      'filters must be finite, got filters[3]=NaN',
    );
    expect(() => convolutionSpectrum({ ...good, columns: 8 })).toThrow('columns must be kernel');
    expect(() => convolutionSpectrum({ ...good, geometry: { ...good.geometry, transposed: true } })).toThrow(
      'must not be transposed',
    );
  });
});
