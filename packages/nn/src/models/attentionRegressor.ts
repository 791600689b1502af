import { type Tensor, add, dense, reshape, slice, sub } from '@hyperribbon/autodiff';
import { attention, linearAttention } from '@hyperribbon/autodiff/layers';
import { requireInteger, requireNoOthers, requireOneOf, requirePositive } from '@hyperribbon/contract';
import { defineNetwork } from '../defineNetwork.js';
import type { Network, ParameterSpec, ParameterTensors } from '../network.js';
import { architectureText } from './architectureText.js';

export interface AttentionRegressorOptions {
  /** d, entries of x */
  readonly dimension: number;
  /** n, pairs (x, y) before the question */
  readonly length: number;
  /** default 1 */
  readonly heads?: number;
  /** default 1 */
  readonly layers?: number;
  /** columns of separate key and query matrices; default: one merged matrix (d + 1, d + 1) */
  readonly rank?: number;
  /** deviation of the normal start, default 1/(d + 1) */
  readonly start?: number;
}

/** The weights of one layer and head, by what they are called. */
interface Head {
  readonly merged?: Tensor;
  readonly key?: Tensor;
  readonly query?: Tensor;
  readonly value: Tensor;
}

/**
 * A regressor in context: from n pairs (xᵢ, yᵢ) and a question (x, 0), each a token of d + 1 numbers, to an answer ŷ.
 *
 * With one layer ŷ = Σ_h Σ_{i ≤ n} a_{hi} v_hᵀ zᵢ, where zᵢ are the tokens of the pairs and z that of the question. Linear attention has
 * a_{hi} = zᵢᵀ M_h z/n, softmax attention the softmax of zᵢᵀ M_h z over i; M_h is one merged matrix, or K_h Q_hᵀ. With more layers all tokens take
 * Σ_h Σ_i a_{hi} V_hᵀ zᵢ to themselves first, and ŷ is the last layer's sum minus what the question's own last entry has become: L linear layers
 * hold L steps of gradient descent on the pairs [vonoswald2023].
 *
 * The question attends to the pairs only, not to itself. Of the value matrix of the last layer only the column that the answer reads is there, so that no weight is
 * without effect.
 *
 * Inputs are rows of (n + 1)(d + 1) numbers, token by token; the one output is for `squaredError` with targets. Parameters are
 * layers.0.heads.0.key_query (d + 1, d + 1), or .key and .query (d + 1, rank), and .value (d + 1, d + 1), in the last layer (d + 1, 1).
 *
 * @throws ArgumentError for sizes that are no whole numbers ≥ 1
 * Cost: heads · layers · n² (d + 1) products for an example; one layer n (d + 1)²
 * @example
 * attentionRegressor('linear', { dimension: 5, length: 20 }).size; // 42
 */
export function attentionRegressor(weights: 'linear' | 'softmax', options: AttentionRegressorOptions): Network {
  const { dimension, length, heads = 1, layers = 1, rank, start = 1 / (dimension + 1), ...others } = options;
  const caller = 'attentionRegressor';
  requireOneOf(caller, 'weights', weights, ['linear', 'softmax']);
  requireNoOthers(caller, others, 'AttentionRegressorOptions');
  for (const [name, value] of Object.entries({ dimension, length, heads, layers, rank: rank ?? 1 }))
    requireInteger(caller, name, value, 1, 4096);
  requirePositive(caller, 'start', start);
  const width = dimension + 1;
  const name = architectureText('attention', [weights, dimension, length], {
    heads: heads === 1 ? undefined : heads,
    layers: layers === 1 ? undefined : layers,
    rank,
    start: start === 1 / width ? undefined : start,
  });
  const parts = rank === undefined ? ['key_query'] : ['key', 'query'];
  const parameters = Array.from({ length: layers * heads }, (_, i): readonly ParameterSpec[] => {
    const [layer, head] = [Math.floor(i / heads), i % heads];
    const spec = (part: string, columns: number): ParameterSpec => ({
      name: `layers.${layer}.heads.${head}.${part}`,
      shape: [width, columns],
      start: { normal: start },
    });
    return [...parts.map((part) => spec(part, rank ?? width)), spec('value', layer === layers - 1 ? 1 : width)];
  });
  const headOf = (params: ParameterTensors, layer: number, head: number): Head => {
    const of = (part: string): Tensor => params[`layers.${layer}.heads.${head}.${part}`];
    const scored = rank === undefined ? { merged: of('key_query') } : { key: of('key'), query: of('query') };
    return { ...scored, value: of('value') };
  };
  return defineNetwork({
    name,
    inputs: (length + 1) * width,
    inputShape: [length + 1, width],
    classes: 1,
    parameters: parameters.flat(),
    apply(params, x) {
      const batch = x.shape[0];
      const question = (z: Tensor): Tensor => slice(z, [0, length, 0], [batch, length + 1, width]);
      let tokens = reshape(x, [batch, length + 1, width]);
      for (let layer = 0; ; layer++) {
        const last = layer === layers - 1;
        const pairs = slice(tokens, [0, 0, 0], [batch, length, width]);
        const asking = last ? question(tokens) : tokens;
        const taken = Array.from({ length: heads }, (_, h) =>
          attend(weights, asking, pairs, headOf(params, layer, h)),
        ).reduce((sum, one) => add(sum, one));
        if (!last) tokens = add(tokens, taken);
        else if (layers === 1) return reshape(taken, [batch, 1]);
        else return reshape(sub(taken, slice(asking, [0, 0, dimension], [batch, 1, width])), [batch, 1]);
      }
    },
  });
}

/** What tokens (batch, T, width) take from pairs (batch, n, width): (batch, T, columns of the value). */
function attend(
  weights: 'linear' | 'softmax',
  asking: Tensor,
  pairs: Tensor,
  { merged, key, query, value }: Head,
): Tensor {
  const keys = dense(pairs, merged ?? key!);
  const queries = query === undefined ? asking : dense(asking, query);
  const values = dense(pairs, value);
  if (weights === 'softmax') return attention(queries, keys, values, { scale: 1 });
  return linearAttention(queries, keys, values, { scale: 1 / pairs.shape[1] });
}
