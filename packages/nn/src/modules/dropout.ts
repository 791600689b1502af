import { reshape } from '@hyperribbon/autodiff';
import { dropout as drop } from '@hyperribbon/autodiff/array';
import { flag, maybe } from '@hyperribbon/contract/decode';
import { sizeOf } from '../parameterLayout.js';
import { rate } from './fields.js';
import { type Rule, channelsOf } from './module.js';

/** Zeros by chance in training, the rest over 1 − rate; nothing in evaluation. */
export interface Dropout {
  readonly kind: 'dropout';
  readonly name?: string;
  /** share that becomes zero, in [0, 1) */
  readonly rate: number;
  /** whether whole channels of an image, or features at all positions, are dropped together; default false */
  readonly channels?: boolean;
}

/** PyTorch's Dropout and Dropout2d. Draws a number for each that may be dropped. */
export const dropout: Rule<Dropout> = {
  options: { rate, channels: maybe(flag) },
  build({ rate, channels = false }, site) {
    const { shape } = site;
    const width = channelsOf(site);
    const places = channels ? 1 : sizeOf(shape) / width;
    return {
      shape,
      draws: rate === 0 ? 0 : places * width,
      apply(h, { training }) {
        if (training === undefined || rate === 0) return h;
        const [batch, ...inner] = h.shape;
        const axes = channels ? inner.map((length, i) => (i + 1 < inner.length ? 1 : length)) : inner;
        return drop(h, reshape(training.uniforms(places * width), [batch, ...axes]), rate);
      },
    };
  },
};
