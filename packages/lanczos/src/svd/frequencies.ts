import { refuse } from '@hyperribbon/contract';
import { cos, sin } from '@hyperribbon/kernels';
import { type ComplexSpace, complexSpace } from './complexSingularValues.js';
import type { CircularConvolution } from './circularConvolution.js';

/** exp(2πi k/n) for k < n. */
export interface Roots {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

function rootsOf(n: number): Roots {
  const angle = (k: number): number => (2 * Math.PI * k) / n;
  return {
    re: Float64Array.from({ length: n }, (_, k) => cos(angle(k))),
    im: Float64Array.from({ length: n }, (_, k) => sin(angle(k))),
  };
}

/** Complex numbers apart. */
export interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** A convolution with circular padding, frequency by frequency. */
export class Frequencies {
  /** frequencies of the output */
  readonly height: number;
  readonly width: number;
  /** singular values of each frequency of each group */
  readonly each: number;
  private readonly convolution: CircularConvolution;
  private readonly image: readonly [number, number];
  /** of the two sides of the image */
  readonly roots: readonly [Roots, Roots];
  private readonly space: ComplexSpace;
  /** (kernel rows, outputs, inputs) of a group: sums over the kernel's columns, for each of the horizontal frequencies that look alike */
  private readonly partial: readonly Complex[];
  private readonly outputs: number;
  private readonly channels: number;

  constructor(caller: string, convolution: CircularConvolution, image: readonly [number, number]) {
    const { geometry, rows, columns, groups } = convolution;
    const { kernel, stride, transposed } = geometry;
    if (transposed)
      refuse(
        caller,
        'the convolution must not be transposed; take that of its transpose, whose singular values are the same',
      );
    image.forEach((side, i) => {
      if (side % stride[i] !== 0)
        refuse(
          caller,
          `a step of ${stride[i]} must divide the side of the image, got ${side}; choose image accordingly`,
        );
    });
    this.convolution = convolution;
    this.image = image;
    [this.height, this.width] = [image[0] / stride[0], image[1] / stride[1]];
    this.roots = [rootsOf(image[0]), rootsOf(image[1])];
    this.outputs = rows / groups;
    this.channels = columns / (kernel[0] * kernel[1]);
    const wide = this.channels * stride[0] * stride[1];
    this.each = Math.min(this.outputs, wide);
    this.space = complexSpace(Math.max(this.outputs, wide), this.each);
    const size = kernel[0] * this.outputs * this.channels;
    this.partial = Array.from({ length: stride[1] }, () => ({
      re: new Float64Array(size),
      im: new Float64Array(size),
    }));
  }

  /** Chooses the group and the horizontal frequency. */
  choose(group: number, v: number): void {
    const { filters, geometry, columns } = this.convolution;
    const [kh, kw] = geometry.kernel;
    const { outputs, channels, width } = this;
    const [n, { re: cosines, im: sines }] = [this.image[1], this.roots[1]];
    this.partial.forEach(({ re, im }, alias) => {
      re.fill(0);
      im.fill(0);
      for (let b = 0; b < kw; b++) {
        const k = ((v + alias * width) * b * geometry.dilation[1]) % n;
        const [c, s] = [cosines[k], sines[k]];
        for (let a = 0, to = 0; a < kh; a++)
          for (let o = 0; o < outputs; o++) {
            const from = (group * outputs + o) * columns + (a * kw + b) * channels;
            for (let i = 0; i < channels; i++, to++) {
              re[to] += c * filters[from + i];
              im[to] += s * filters[from + i];
            }
          }
      }
    });
  }

  /** (each,) singular values at the vertical frequency u, descending, valid until the next call. */
  at(u: number): Float64Array {
    this.matrix(u);
    this.space.run();
    return this.space.values;
  }

  /**
   * F at the vertical frequency u, (outputs, inputs · steps) or where that is wider than high its transpose: entry (o, block · inputs + i) belongs to the
   * block-th of the frequencies that look alike. Valid until the next call.
   */
  matrix(u: number): Complex {
    const { geometry } = this.convolution;
    const [sh, sw] = geometry.stride;
    const { space, height } = this;
    space.re.fill(0);
    space.im.fill(0);
    for (let j = 0; j < sh; j++) for (let l = 0; l < sw; l++) this.place(u + j * height, this.partial[l], j * sw + l);
    const factor = 1 / Math.sqrt(sh * sw);
    if (factor !== 1)
      for (let k = 0; k < space.re.length; k++) {
        space.re[k] *= factor;
        space.im[k] *= factor;
      }
    return space;
  }

  /** Adds F at one frequency of the input to its columns of the matrix, which stands upright. */
  private place(u: number, { re, im }: Complex, block: number): void {
    const { geometry } = this.convolution;
    const { outputs, channels } = this;
    const [n, { re: cosines, im: sines }] = [this.image[0], this.roots[0]];
    const wide = channels * geometry.stride[0] * geometry.stride[1];
    const upright = outputs >= wide;
    const [perOutput, perInput] = upright ? [wide, 1] : [1, outputs];
    const target = this.space;
    for (let a = 0, from = 0; a < geometry.kernel[0]; a++) {
      const k = (u * a * geometry.dilation[0]) % n;
      const [c, s] = [cosines[k], sines[k]];
      for (let o = 0; o < outputs; o++) {
        let to = o * perOutput + block * channels * perInput;
        for (let i = 0; i < channels; i++, from++, to += perInput) {
          const [x, y] = [re[from], im[from]];
          target.re[to] += c * x - s * y;
          target.im[to] += c * y + s * x;
        }
      }
    }
  }
}

/** One of the frequencies (u, v) of the output, of one group, and how many have its values: itself, and its opposite where that is another one. */
export interface Frequency {
  readonly group: number;
  readonly u: number;
  readonly v: number;
  readonly copies: 1 | 2;
}

/** Half of the frequencies, with u = 0 first for each v: those at (−u, −v) are the conjugates, since kernels are real. */
export function* halfOfFrequencies(
  { height, width }: Pick<Frequencies, 'height' | 'width'>,
  groups: number,
): Generator<Frequency> {
  for (let group = 0; group < groups; group++)
    for (let v = 0; 2 * v <= width; v++) {
      // the opposite of (u, v) is (−u, −v); both are in this column where v is its own opposite
      const own = v === 0 || 2 * v === width;
      const end = own ? Math.floor(height / 2) + 1 : height;
      for (let u = 0; u < end; u++) {
        const same = own && (u === 0 || 2 * u === height);
        yield { group, u, v, copies: same ? 1 : 2 };
      }
    }
}
