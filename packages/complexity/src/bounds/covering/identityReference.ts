import { type AffineMap, placesOf } from '@hyperribbon/autodiff/walk';
import { type Network, networkProgram, unflatten } from '@hyperribbon/nn';

/**
 * Reference weights that are the identity wherever a layer can be one, and zero elsewhere: what bounds from reference weights take for networks whose layers
 * change little of what enters them.
 *
 * Dense layers of as many outputs as inputs become identity matrices; convolutions of stride 1 with an odd kernel that keep channels and image become the
 * kernel that copies the pixel at its centre. Biases are zero.
 *
 * @returns (size,) flat weights, for the `reference` of networkNorms
 * Cost: traces the network once.
 * @example identityReference(mlp([3, 2, 2])).slice(8, 12); // [1, 0, 0, 1]: W2, after W1 and b1
 * Source: [bartlett2017, section 2], which suggests identities for residual networks.
 */
export function identityReference(network: Network): Float64Array {
  const flat = new Float64Array(network.size);
  const arrays = unflatten(network, flat);
  for (const map of networkProgram(network, 1).maps) {
    const first = centreRow(map);
    if (first === undefined) continue;
    const { weight, inputs, outputs, weightViews } = map;
    const array = arrays[network.parameters[weight]!.name]!;
    // a weight that is broadcast or used in part is left at zero
    if (array.length !== inputs * outputs) continue;
    const places = placesOf(array.length, weightViews);
    for (let c = 0; c < outputs; c++) array[places[(first + c) * outputs + c]!] = 1;
  }
  return flat;
}

/** Row of W (inputs, outputs) where the channels of the copied pixel begin; undefined where the layer cannot be the identity. */
function centreRow({ inputs, outputs, convolution }: AffineMap): number | undefined {
  if (convolution === undefined) return inputs === outputs ? 0 : undefined;
  const { kernel, stride, transposed, padding, dilation, input, output } = convolution;
  const centred = kernel.every((length, axis) => {
    const reach = (dilation[axis]! * (length - 1)) / 2;
    return length % 2 === 1 && stride[axis] === 1 && padding[axis]![0] === reach && padding[axis]![1] === reach;
  });
  if (transposed || !centred || input.some((length, axis) => length !== output[axis])) return undefined;
  const [height, width] = kernel;
  return (((height - 1) / 2) * width + (width - 1) / 2) * output[2];
}
