import { type ConvolutionOptions, add, conv2d as convolve } from '@hyperribbon/autodiff';
import { flag, maybe, Mismatch, type Decoder } from '@hyperribbon/contract/decode';
import type { Start } from '../network.js';
import { type Pair, both, margins, size, sizes, start } from './fields.js';
import { type Rule, type Site, refuseAt, requireImage, within } from './module.js';

/** Zeros on each side, or 'same': as many as keep ⌈side/stride⌉. */
export type Padding = Pair | 'same';

/** A convolution of images, as networks use the word (cross-correlation). */
export interface Conv2d {
  readonly kind: 'conv2d';
  readonly name?: string;
  /** channels that leave it */
  readonly out: number;
  readonly kernel: Pair;
  /** default 1 */
  readonly stride?: Pair;
  /** default 0 */
  readonly padding?: Padding;
  /** places between neighbours of the window, default 1 */
  readonly dilation?: Pair;
  /** groups of neighbouring channels that are convolved apart, as many as channels for a depthwise one; default 1 */
  readonly groups?: number;
  /** default true */
  readonly bias?: boolean;
  /** of the weights, default uniform on ±1/√fan_in */
  readonly start?: Start;
  /** of the biases, default likewise */
  readonly biasStart?: Start;
}

export const padding: Decoder<Padding> = (value, path) => {
  if (value === 'same') return value;
  if (typeof value === 'string') throw new Mismatch(path, 'a whole number, a pair of them, or "same"', value);
  return margins(value, path);
};

/** weight (out, in/groups, kh, kw) and bias (out,), PyTorch's Conv2d. */
export const conv2d: Rule<Conv2d> = {
  options: {
    out: size,
    kernel: sizes,
    stride: maybe(sizes),
    padding: maybe(padding),
    dilation: maybe(sizes),
    groups: maybe(size),
    bias: maybe(flag),
    start: maybe(start),
    biasStart: maybe(start),
  },
  build({ out, kernel, stride = 1, padding = 0, dilation = 1, groups = 1, bias = true, start, biasStart }, site) {
    const [channels] = requireImage(site);
    const [kh, kw] = both(kernel);
    requireGroups(site, groups, channels, out);
    const usual = { uniform: 1 / Math.sqrt((channels / groups) * kh * kw) };
    const [weight, shift] = [within(site.name, 'weight'), within(site.name, 'bias')];
    const options: ConvolutionOptions = { stride, padding: sides(padding), dilation, groups };
    const [down, across] = both(dilation);
    const window = [(kh - 1) * down + 1, (kw - 1) * across + 1] as const;
    return {
      shape: [out, ...sidesAfter(site, window, both(stride), padding)],
      parameters: [
        { name: weight, shape: [out, channels / groups, kh, kw], start: start ?? usual },
        ...(bias ? [{ name: shift, shape: [out], start: biasStart ?? usual }] : []),
      ],
      apply(h, { params }) {
        const filtered = convolve(h, params[weight], options);
        return bias ? add(filtered, params[shift]) : filtered;
      },
    };
  },
};

/** @throws ArgumentError unless groups divide both numbers of channels */
export function requireGroups(site: Site, groups: number, channels: number, out: number): void {
  if (channels % groups !== 0 || out % groups !== 0)
    refuseAt(site, `groups must divide the ${channels} channels that enter and the ${out} that leave, got ${groups}`);
}

/** Padding as the operations of autodiff take it. */
export function sides(padding: Padding): NonNullable<ConvolutionOptions['padding']> {
  if (typeof padding !== 'object') return padding;
  const [vertical, horizontal] = padding;
  return [
    [vertical, vertical],
    [horizontal, horizontal],
  ];
}

/** Height and width after windows went over an image. @throws ArgumentError where none fits */
export function sidesAfter(
  site: Site,
  window: readonly [number, number],
  stride: readonly [number, number],
  padding: Padding,
): readonly [number, number] {
  const [, ...image] = requireImage(site);
  const after = image.map((side, i) => {
    if (padding === 'same') return Math.ceil(side / stride[i]);
    return Math.floor((side + 2 * both(padding)[i] - window[i]) / stride[i]) + 1;
  });
  if (after.some((side) => side < 1))
    refuseAt(
      site,
      `a ${window.join(' × ')} window does not fit images of ${image.join(' × ')} with padding ${String(padding)}`,
    );
  return [after[0], after[1]];
}
