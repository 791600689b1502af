import { add, constant } from '@hyperribbon/autodiff';
import { maybe, oneOf } from '@hyperribbon/contract/decode';
import { cos, exp, log, sin } from '@hyperribbon/kernels';
import type { Start } from '../network.js';
import { start } from './fields.js';
import { type Rule, refuseAt, requireSequence, within } from './module.js';

/** Something for each position that is added to its features. */
export interface PositionalEmbedding {
  readonly kind: 'positionalEmbedding';
  readonly name?: string;
  /** default 'learnt' */
  readonly law?: 'learnt' | 'sinusoidal';
  /** of what is learnt, default normal with deviation 1 */
  readonly start?: Start;
}

/**
 * Learnt: weight (positions, features), as PyTorch's Embedding of the positions. Sinusoidal: sin and cos of t/10000^(2i/features) in features
 * 2i and 2i + 1 [vaswani2017, sec. 3.5], without weights.
 */
export const positionalEmbedding: Rule<PositionalEmbedding> = {
  options: { law: maybe(oneOf('learnt', 'sinusoidal')), start: maybe(start) },
  build({ law = 'learnt', start }, site) {
    const shape = requireSequence(site);
    if (law === 'sinusoidal') {
      if (start !== undefined) refuseAt(site, 'sinusoidal positions are not learnt: leave start off');
      const waves = sinusoids(shape);
      const typed = (dtype: string): Float32Array | Float64Array =>
        dtype === 'float32' ? Float32Array.from(waves) : waves;
      return { shape, apply: (h) => add(h, constant(typed(h.dtype), shape)) };
    }
    const weight = within(site.name, 'weight');
    return {
      shape,
      parameters: [{ name: weight, shape, start: start ?? { normal: 1 } }],
      apply: (h, { params }) => add(h, params[weight]),
    };
  },
};

function sinusoids([positions, features]: readonly [number, number]): Float64Array {
  return Float64Array.from({ length: positions * features }, (_, k) => {
    const [t, j] = [Math.floor(k / features), k % features];
    const angle = t * exp((-(j - (j % 2)) / features) * log(10000));
    return j % 2 === 0 ? sin(angle) : cos(angle);
  });
}
