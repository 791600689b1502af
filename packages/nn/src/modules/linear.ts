import { dense } from '@hyperribbon/autodiff';
import { flag, maybe } from '@hyperribbon/contract/decode';
import type { Start } from '../network.js';
import { size, start } from './fields.js';
import { type Rule, lengths, refuseAt, within } from './module.js';

/** Features times weights, at each position of a sequence; images are flattened first. */
export interface Linear {
  readonly kind: 'linear';
  readonly name?: string;
  /** features that leave it */
  readonly out: number;
  /** default true */
  readonly bias?: boolean;
  /** of the weights, default uniform on ±1/√in */
  readonly start?: Start;
  /** of the biases, default likewise */
  readonly biasStart?: Start;
}

/** weight (in, out) and bias (out,), PyTorch's Linear with its weight transposed. */
export const linear: Rule<Linear> = {
  options: { out: size, bias: maybe(flag), start: maybe(start), biasStart: maybe(start) },
  build({ out, bias = true, start, biasStart }, site) {
    const { shape, name } = site;
    if (shape.length > 2)
      refuseAt(site, `linear takes features or sequences of them, got ${lengths(shape)}: flatten first`);
    const features = shape[shape.length - 1];
    const usual = { uniform: 1 / Math.sqrt(features) };
    const [weight, shift] = [within(name, 'weight'), within(name, 'bias')];
    return {
      shape: [...shape.slice(0, -1), out],
      parameters: [
        { name: weight, shape: [features, out], start: start ?? usual },
        ...(bias ? [{ name: shift, shape: [out], start: biasStart ?? usual }] : []),
      ],
      apply: (h, { params }) => dense(h, params[weight], bias ? params[shift] : undefined),
    };
  },
};
