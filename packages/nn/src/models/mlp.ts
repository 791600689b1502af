import { dense } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import type { ActivationName, Network } from '../network.js';
import { totalSize } from '../parameterLayout.js';
import { type InitialisedParameter, uniformInit } from '../uniformInit.js';

const activations: readonly ActivationName[] = ['tanh', 'relu', 'sigmoid', 'gelu', 'softplus', 'linear'];

/**
 * A fully connected network: h₀ = x, h_l = act(h_{l−1} W_l + b_l), the last layer linear.
 *
 * Parameters are W1, b1, W2, b2, …, with W_l of shape (in, out).
 *
 * @param widths features, hidden widths, classes: [784, 256, 10]
 * @throws RangeError for fewer than two widths, a width that is not a whole number ≥ 1, or an unknown activation
 * @example
 * const net = mlp([784, 256, 10], { activation: 'tanh' });
 * net.size;   // 203530
 */
export function mlp(
  widths: readonly number[],
  { activation = 'tanh' }: { readonly activation?: ActivationName } = {},
): Network {
  if (widths.length < 2) throw new RangeError(`mlp: widths must name inputs and classes, got [${widths.join(', ')}]`);
  for (const width of widths) {
    if (!Number.isInteger(width) || width < 1) {
      throw new RangeError(`mlp: widths must be integers ≥ 1, got [${widths.join(', ')}]`);
    }
  }
  if (!activations.includes(activation)) {
    throw new RangeError(`mlp: activation must be one of ${activations.join(', ')}, got ${String(activation)}`);
  }
  const parameters: InitialisedParameter[] = [];
  for (let layer = 1; layer < widths.length; layer++) {
    const fanIn = widths[layer - 1];
    const fanOut = widths[layer];
    parameters.push(
      { name: `W${layer}`, shape: [fanIn, fanOut], start: { fanIn } },
      { name: `b${layer}`, shape: [fanOut], start: { fanIn } },
    );
  }
  const layers = widths.length - 1;
  return {
    name: `mlp:${activation}:${widths.join(',')}`,
    inputs: widths[0],
    classes: widths[layers],
    parameters: parameters.map(({ name, shape }) => ({ name, shape })),
    size: totalSize(parameters),
    dense: { widths: [...widths], activation },
    init: (seed, dtype) => uniformInit(parameters, seed, dtype),
    apply(params, x) {
      let h: Tensor = x;
      for (let layer = 1; layer <= layers; layer++) {
        h = dense(h, params[`W${layer}`], params[`b${layer}`], layer < layers ? activation : 'linear');
      }
      return h;
    },
  };
}
