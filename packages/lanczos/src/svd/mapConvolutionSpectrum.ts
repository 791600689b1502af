import { refuse, requireNoOthers } from '@hyperribbon/contract';
import { exponentOf, maxAbs, scaleByPower, timesPower } from '../dense/powerOfTwo.js';
import { type CircularConvolution, requireCircular, type SpectrumOptions } from './circularConvolution.js';
import { type Complex, Frequencies, halfOfFrequencies } from './frequencies.js';
import { svd } from './svd.js';

/** Filters whose singular values were changed. */
export interface MappedFilters {
  /** (rows, columns) the kernel of the changed convolution, cut off at the size that kernels had */
  readonly filters: Float64Array;
  /** Frobenius norm of what was cut off, of a kernel as large as the image; beside ‖K‖_F it tells how far the singular values are from those asked for */
  readonly cut: number;
  /** singular values that the function changed, of all frequencies and groups */
  readonly changed: number;
}

/**
 * The filters whose circular convolution has the singular values f(σ) and the singular vectors that it had, as far as kernels of this size can: at each
 * frequency F = Σ σ u vᴴ becomes Σ f(σ) u vᴴ, and the inverse transform is cut off at the kernel [sedghi2019, §3]. The cut makes it inexact: what came of the
 * singular values is to be measured with {@link convolutionSpectrum}, and a second pass changes more.
 *
 * Only differences f(σ) − σ are transformed back: filters of which no value changes keep their bits. A singular value of 0 stays 0, it has no vectors.
 *
 * 1. The complex matrix A + iB is decomposed as the real [[A, −B], [B, A]], whose values are the same, twice each.
 *
 * @param convolution any that is not transposed; its padding does not matter
 * @param f of singular values ≥ 0, descending within a frequency
 * @throws ArgumentError where filters do not fit, for steps that do not divide the image, an image smaller than a kernel with its gaps, and an f that is not
 * finite
 * Cost: half the frequencies times an SVD with vectors of twice the order, about 120 r³ flops for r channels
 * @example
 * const geometry = { transposed: false, kernel: [1, 1], stride: [1, 1], dilation: [1, 1], input: [1, 1, 2] } as const;
 * const convolution = { filters: Float64Array.of(3, 0, 0, 1), rows: 2, columns: 2, groups: 1, geometry };
 * mapConvolutionSpectrum(convolution, (sigma) => Math.min(sigma, 2)).filters; // [2, 0, 0, 1]
 */
export function mapConvolutionSpectrum(
  convolution: CircularConvolution,
  f: (sigma: number) => number,
  options: SpectrumOptions = {},
): MappedFilters {
  const caller = 'mapConvolutionSpectrum';
  const { image = [convolution.geometry.input[0], convolution.geometry.input[1]], ...others } = options;
  requireNoOthers(caller, others, 'SpectrumOptions');
  requireCircular(caller, convolution, image);
  requireRoom(caller, convolution, image);
  const { groups, rows, geometry } = convolution;
  const exponent = exponentOf(maxAbs(convolution.filters));
  const filters = scaleByPower(Float64Array.from(convolution.filters), -exponent);
  const frequencies = new Frequencies(caller, { ...convolution, filters }, image);
  const change = (sigma: number): number => {
    const to = f(timesPower(sigma, exponent));
    if (!Number.isFinite(to)) refuse(caller, `f must be finite, got f(${timesPower(sigma, exponent)}) = ${to}`);
    return timesPower(to, -exponent) - sigma;
  };
  const difference = new Float64Array(filters.length);
  const steps = geometry.stride[0] * geometry.stride[1];
  let [changed, squares] = [0, 0];
  for (const { group, u, v, copies } of halfOfFrequencies(frequencies, groups)) {
    if (u === 0) frequencies.choose(group, v);
    const found = changeOf(frequencies.matrix(u), frequencies.each, change);
    if (found === undefined) continue;
    changed += copies * found.changed;
    squares += copies * found.squares;
    const weight = (copies * Math.sqrt(steps)) / (image[0] * image[1]);
    addInverse(found.matrix, difference, { convolution, frequencies, group, u, v, weight, outputs: rows / groups });
  }
  // by Parseval, of the kernel on the whole image, less what the kernel kept
  const kept = difference.reduce((sum, x) => sum + x * x, 0);
  const cut = Math.sqrt(Math.max(0, (squares * steps) / (image[0] * image[1]) - kept));
  for (let i = 0; i < filters.length; i++) filters[i] += difference[i];
  return { filters: scaleByPower(filters, exponent), cut: timesPower(cut, exponent), changed };
}

/** On a smaller image two weights meet in one place, and a sum of both cannot be told apart. */
function requireRoom(caller: string, { geometry }: CircularConvolution, image: readonly [number, number]): void {
  const { kernel, dilation } = geometry;
  const reach = kernel.map((side, i) => (side - 1) * dilation[i] + 1);
  if (reach[0] > image[0] || reach[1] > image[1])
    refuse(
      caller,
      `image must be at least as large as the kernel with its gaps, ${reach.join(' × ')}, got ${image.join(' × ')}`,
    );
}

interface MatrixChange {
  /** Σ (f(σ) − σ) u vᴴ, in the shape of the matrix */
  readonly matrix: Complex;
  /** Σ (f(σ) − σ)² */
  readonly squares: number;
  readonly changed: number;
}

/** @returns undefined where nothing changes */
function changeOf({ re, im }: Complex, each: number, change: (sigma: number) => number): MatrixChange | undefined {
  const high = re.length / each;
  const embedded = new Float64Array(4 * re.length);
  for (let i = 0, k = 0; i < high; i++)
    for (let j = 0; j < each; j++, k++) {
      const [upper, lower] = [2 * i * each + j, 2 * (high + i) * each + j];
      embedded[upper] = embedded[lower + each] = re[k];
      embedded[upper + each] = -im[k];
      embedded[lower] = im[k];
    }
  const { values, u, v } = svd(embedded, 2 * high, 2 * each, { vectors: true });
  const by = values.map((sigma) => (sigma === 0 ? 0 : change(sigma)));
  const changed = by.reduce((count, x) => count + (x === 0 ? 0 : 1), 0);
  if (changed === 0) return undefined;
  const out = { re: new Float64Array(re.length), im: new Float64Array(re.length) };
  for (let s = 0; s < by.length; s++) {
    if (by[s] === 0) continue;
    const [left, right] = [2 * s * high, 2 * s * each];
    for (let i = 0, k = 0; i < high; i++) {
      const [a, b] = [0.5 * by[s] * u[left + i], 0.5 * by[s] * u[left + high + i]];
      for (let j = 0; j < each; j++, k++) {
        const [c, d] = [v[right + j], v[right + each + j]];
        out.re[k] += a * c + b * d;
        out.im[k] += b * c - a * d;
      }
    }
  }
  // every value stands there twice
  return { matrix: out, squares: by.reduce((sum, x) => sum + x * x, 0) / 2, changed: changed / 2 };
}

interface Place {
  readonly convolution: CircularConvolution;
  readonly frequencies: Frequencies;
  readonly group: number;
  readonly u: number;
  readonly v: number;
  readonly weight: number;
  readonly outputs: number;
}

/** filters += weight · Re Σ F(u, v) ω^(−u a) ω^(−v b), over the frequencies of the input that look like (u, v) */
function addInverse(
  { re, im }: Complex,
  filters: Float64Array,
  { convolution, frequencies, group, u, v, weight, outputs }: Place,
): void {
  const { geometry, columns } = convolution;
  const { kernel, stride, dilation } = geometry;
  const { height, width, each, roots } = frequencies;
  const channels = columns / (kernel[0] * kernel[1]);
  const wide = channels * stride[0] * stride[1];
  // as it stands in the matrix: upright, or transposed
  const [perOutput, perInput] = each === wide ? [wide, 1] : [1, outputs];
  for (let block = 0; block < stride[0] * stride[1]; block++) {
    const x = u + Math.floor(block / stride[1]) * height;
    const y = v + (block % stride[1]) * width;
    for (let a = 0; a < kernel[0]; a++)
      for (let b = 0; b < kernel[1]; b++) {
        const [p, q] = [(x * a * dilation[0]) % roots[0].re.length, (y * b * dilation[1]) % roots[1].re.length];
        const c = weight * (roots[0].re[p] * roots[1].re[q] - roots[0].im[p] * roots[1].im[q]);
        const s = weight * (roots[0].re[p] * roots[1].im[q] + roots[0].im[p] * roots[1].re[q]);
        for (let o = 0; o < outputs; o++) {
          const to = (group * outputs + o) * columns + (a * kernel[1] + b) * channels;
          const from = o * perOutput + block * channels * perInput;
          for (let i = 0; i < channels; i++)
            filters[to + i] += c * re[from + i * perInput] + s * im[from + i * perInput];
        }
      }
  }
}
