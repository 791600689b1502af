import { type Tensor, dense, reshape, slice, transpose } from '@hyperribbon/autodiff';
import { attention as bySoftmax, linearAttention } from '@hyperribbon/autodiff/layers';
import { flag, maybe, oneOf } from '@hyperribbon/contract/decode';
import type { Start } from '../network.js';
import { size, start } from './fields.js';
import { type Rule, refuseAt, requireSequence, within } from './module.js';

/** Self-attention of several heads. */
export interface Attention {
  readonly kind: 'attention';
  readonly name?: string;
  /** divides the features */
  readonly heads: number;
  /** whether a position sees those before it and itself only, default false */
  readonly causal?: boolean;
  /** 'softmax' of the scores over √(features of a head), or 'linear': the scores over the number of positions; default 'softmax' */
  readonly weights?: 'softmax' | 'linear';
  /** default true */
  readonly bias?: boolean;
  /** what arrays are called: 'pytorch' in_proj_weight, in_proj_bias, out_proj.weight, out_proj.bias; 'gpt2' c_attn.weight, …, c_proj.bias */
  readonly names?: 'pytorch' | 'gpt2';
  /** of the weights into the heads, default uniform on ±√(6/4n) for n features [glorot2010], as in PyTorch */
  readonly start?: Start;
  /** of the weights out of them, default uniform on ±1/√n; biases start at 0 */
  readonly outStart?: Start;
}

const namings = {
  pytorch: ['in_proj_weight', 'in_proj_bias', 'out_proj.weight', 'out_proj.bias'],
  gpt2: ['c_attn.weight', 'c_attn.bias', 'c_proj.weight', 'c_proj.bias'],
} as const;

/** In: (n, 3n) for queries, keys and values, one after the other; out: (n, n). PyTorch's MultiheadAttention with its weights transposed. */
export const attention: Rule<Attention> = {
  options: {
    heads: size,
    causal: maybe(flag),
    weights: maybe(oneOf('softmax', 'linear')),
    bias: maybe(flag),
    names: maybe(oneOf('pytorch', 'gpt2')),
    start: maybe(start),
    outStart: maybe(start),
  },
  build({ heads, causal = false, weights = 'softmax', bias = true, names = 'pytorch', start, outStart }, site) {
    const shape = requireSequence(site);
    const [positions, features] = shape;
    if (features % heads !== 0) refuseAt(site, `heads must divide the ${features} features, got ${heads}`);
    if (positions * positions * heads > mostScores)
      refuseAt(site, `${heads} heads of ${positions} × ${positions} scores are more than 2^26 numbers per example`);
    const [inWeight, inBias, outWeight, outBias] = namings[names].map((own) => within(site.name, own));
    const glorot = { uniform: Math.sqrt(6 / (4 * features)) };
    return {
      shape,
      parameters: [
        { name: inWeight, shape: [features, 3 * features], start: start ?? glorot },
        ...(bias ? [{ name: inBias, shape: [3 * features], start: 0 }] : []),
        { name: outWeight, shape: [features, features], start: outStart ?? { uniform: 1 / Math.sqrt(features) } },
        ...(bias ? [{ name: outBias, shape: [features], start: 0 }] : []),
      ],
      apply(h, { params }) {
        const all = dense(h, params[inWeight], bias ? params[inBias] : undefined);
        const [q, k, v] = [0, 1, 2].map((i) => headsOf(all, i, [positions, features], heads));
        const mixed =
          weights === 'softmax'
            ? bySoftmax(q, k, v, { causal })
            : linearAttention(q, k, v, { causal, scale: 1 / positions });
        const joined = reshape(transpose(mixed, [0, 2, 1, 3]), [h.shape[0], ...shape]);
        return dense(joined, params[outWeight], bias ? params[outBias] : undefined);
      },
    };
  },
};

const mostScores = 2 ** 26;

/** Queries, keys or values (batch, heads, positions, features of a head) from all of them beside each other. */
function headsOf(all: Tensor, part: number, [positions, features]: readonly [number, number], heads: number): Tensor {
  const batch = all.shape[0];
  const own = slice(all, [0, 0, part * features], [batch, positions, (part + 1) * features]);
  return transpose(reshape(own, [batch, positions, heads, features / heads]), [0, 2, 1, 3]);
}
