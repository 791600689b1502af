import { averagePool2d, maxPool2d, mean } from '@hyperribbon/autodiff';
import { maybe } from '@hyperribbon/contract/decode';
import { sides, sidesAfter, padding } from './conv2d.js';
import { type Pair, both, sizes } from './fields.js';
import { type Rule, channelsOf, lengths, refuseAt, requireImage } from './module.js';

/** The largest or the mean of windows of an image. */
export interface Pooling {
  readonly kind: 'maxPool' | 'averagePool';
  readonly name?: string;
  /** window */
  readonly size: Pair;
  /** default: the window */
  readonly stride?: Pair;
  /** default 0; its zeros count in a mean, as in PyTorch, and never in a largest */
  readonly padding?: Pair;
}

/** PyTorch's MaxPool2d and AvgPool2d. */
export const pooling: Rule<Pooling> = {
  options: { size: sizes, stride: maybe(sizes), padding: maybe(padding) },
  build({ kind, size, stride = size, padding = 0 }, site) {
    const [channels] = requireImage(site);
    if (both(padding).some((margin, i) => margin >= both(size)[i]))
      refuseAt(site, `padding must be smaller than the window ${both(size).join(' × ')}, got ${String(padding)}`);
    const options = { size, stride, padding: sides(padding) };
    return {
      shape: [channels, ...sidesAfter(site, both(size), both(stride), padding)],
      apply: (h) => (kind === 'maxPool' ? maxPool2d(h, options) : averagePool2d(h, options)),
    };
  },
};

/** The mean over an image, or over the positions of a sequence. */
export interface GlobalAveragePool {
  readonly kind: 'globalAveragePool';
  readonly name?: string;
}

export const globalAveragePool: Rule<GlobalAveragePool> = {
  options: {},
  build(_, site) {
    const { shape } = site;
    if (shape.length === 1) refuseAt(site, `takes images or sequences, got ${lengths(shape)}`);
    const axes = shape.length === 3 ? [1, 2] : [1];
    return { shape: [channelsOf(site)], apply: (h) => mean(h, axes) };
  },
};
