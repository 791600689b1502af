import { refuse, requireFloatArray, requireNoOthers, requirePositive } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { type AnyExamples, logits, type Network } from '@hyperribbon/nn';
import { readLayer, writeLayer } from './affineChain.js';
import { denseChain, type EmbeddedNetwork } from './embedNetwork.js';
import { factorAffine } from './factorAffine.js';

export interface ExtendOptions {
  /** c > 0: offsets keep the units that pass inputs on at c or above on the examples; default 1 */
  readonly margin?: number;
  /** one constant in place of offsets that fit the examples: the published code adds 2, enough for pixels in [0, 1] and for standardised CIFAR-10 */
  readonly offset?: number;
}

/**
 * Weights of a network whose last layers are a trained subnet and whose first ones are identities with offsets: on each example it computes what the subnet
 * does of the first w inputs.
 *
 * It is critical where the subnet is and sees all inputs, as changes of the identities act as changes of the subnet's first layer do. A subnet of fewer
 * inputs leaves a gradient by the weights of the others.
 *
 * @param subnet of dense layers and rectifiers, of w inputs; its examples are the first w features
 * @param params (subnet.size,)
 * @param network whose last layers have the widths of the subnet; those before have w units or more, the last of them w
 * @throws ArgumentError for widths that do not fit
 * Cost: two forward passes
 * @example
 * const subnet = mlp([2, 3, 2], { activation: 'relu' });
 * const network = mlp([4, 2, 2, 3, 2], { activation: 'relu' });
 * const x = { shape: [2, 4], data: Float32Array.of(0, 1, 5, 6, 1, 0, 7, 8) };
 * const examples = examplesFromArrays(x, { shape: [2], data: Int32Array.of(0, 1) });
 * extendSubnet(subnet, subnet.init(1, 'float64'), network, examples).outputDifference; // 1e-16
 * Source: published code of [goldblum2020], with offsets that fit the examples.
 */
export function extendSubnet(
  subnet: Network,
  params: FloatArray,
  network: Network,
  examples: AnyExamples,
  { margin = 1, offset, ...others }: ExtendOptions = {},
): EmbeddedNetwork {
  const caller = 'extendSubnet';
  requireNoOthers(caller, others, 'ExtendOptions');
  requireFloatArray(caller, 'params', params, subnet.size);
  requirePositive(caller, 'margin', margin);
  if (offset !== undefined) requirePositive(caller, 'offset', offset);
  const [from, to] = [denseChain(caller, 'subnet', subnet), denseChain(caller, 'network', network)];
  const w = subnet.inputs;
  const added = to.length - from.length;
  if (added < 1) refuse(caller, `network must have more layers than subnet, got ${to.length} and ${from.length}`);
  from.forEach(({ map }, l) => {
    const { inputs, outputs } = to[added + l].map;
    if (inputs !== map.inputs || outputs !== map.outputs)
      refuse(
        caller,
        `network must end in the layers of subnet, got ${inputs} × ${outputs} in place of ${map.inputs} × ${map.outputs}`,
      );
  });
  if (network.inputs < w) refuse(caller, `network must have the ${w} inputs of subnet or more, got ${network.inputs}`);
  const weights = Float64Array.from(params);
  const seen = firstFeatures(examples, w);
  const before = to.slice(0, added);
  // one row of −offset asks for offsets of just that
  const { layers } = factorAffine(
    caller,
    readLayer(subnet, weights, from[0]),
    offset === undefined ? seen.inputs : new Float64Array(w).fill(-offset),
    before.map(({ map }) => map.outputs),
    before.map(({ weight }) => weight),
    { margin: offset === undefined ? margin : Number.MIN_VALUE, unused: 'active', by: 'identity' },
  );
  const made = new Float64Array(network.size);
  layers.forEach((layer, l) => writeLayer(network, made, to[l], l === 0 ? widened(layer, w, network.inputs) : layer));
  from.slice(1).forEach((layer, l) => writeLayer(network, made, to[added + 1 + l], readLayer(subnet, weights, layer)));
  const wanted = logits(subnet, weights, seen);
  const found = Float64Array.from(logits(network, made, examples));
  const outputDifference = found.reduce((most, z, i) => Math.max(most, Math.abs(z - wanted[i])), 0);
  return { params: made, rank: w, outputDifference };
}

/** The same layer with rows of zeros for inputs that it does not look at. */
function widened(
  { weights, bias }: { readonly weights: Float64Array; readonly bias: Float64Array },
  w: number,
  inputs: number,
): { readonly weights: Float64Array; readonly bias: Float64Array } {
  const wide = new Float64Array(inputs * bias.length);
  wide.set(weights.subarray(0, w * bias.length));
  return { weights: wide, bias };
}

/** Examples of their first w features. */
export function firstFeatures<Any extends AnyExamples>(
  examples: Any,
  w: number,
): Any & { readonly inputs: Float64Array } {
  const { count, features, inputs } = examples;
  const first = new Float64Array(count * w);
  for (let i = 0; i < count; i++) for (let f = 0; f < w; f++) first[i * w + f] = inputs[i * features + f];
  const { shape: _shape, ...rest } = examples;
  return { ...rest, features: w, inputs: first } as unknown as Any & { readonly inputs: Float64Array };
}
