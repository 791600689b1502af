import { type ActivationName, activation as activationOf, dense } from '@hyperribbon/autodiff';
import { refuse, requireInteger } from '@hyperribbon/contract';
import { defineNetwork } from '../defineNetwork.js';
import type { Network } from '../network.js';

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
  if (widths.length < 2) refuse('mlp', `widths must name inputs and classes, got [${widths.join(', ')}]`);
  for (const width of widths) requireInteger('mlp', 'widths', width, 1);
  const activate = activationOf(activation);
  const [inputs, ...outs] = widths;
  return defineNetwork({
    name: `mlp:${activation}:${widths.join(',')}`,
    inputs,
    classes: outs[outs.length - 1],
    parameters: outs.flatMap((out, i) => [
      { name: `W${i + 1}`, shape: [widths[i], out] },
      { name: `b${i + 1}`, shape: [out] },
    ]),
    apply: (params, x) =>
      outs.reduce((h, _, i) => {
        const z = dense(h, params[`W${i + 1}`], params[`b${i + 1}`]);
        return i + 1 < outs.length ? activate(z) : z;
      }, x),
  });
}
