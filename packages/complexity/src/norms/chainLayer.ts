import { type AffineMap, type ConvolutionGeometry, placesOf } from '@hyperribbon/autodiff/walk';
import { refuse } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { type Network, unflatten } from '@hyperribbon/nn';

/** A layer's weights, and where it stands. */
export interface ChainLayer {
  readonly name: string;
  readonly kind: 'dense' | 'convolution';
  /** number of the affine map of the program that it begins with, and of the one that it ends with */
  readonly first: number;
  readonly last: number;
  /** (rows, columns) row-major, a row for each filter; of a convolution its columns are ordered kernel row, kernel column, input channel */
  readonly filters: Float64Array;
  readonly rows: number;
  readonly columns: number;
  /** (rows,), zeros where it has no bias */
  readonly bias: Float64Array;
  readonly parameters: number;
  readonly biases: number;
  readonly groups: number;
  readonly positions: number;
  readonly convolution?: ConvolutionGeometry;
}

/** @throws ArgumentError for weights that are repeated */
export function chainLayer(
  caller: string,
  network: Network,
  params: FloatArray,
  map: AffineMap,
  index: number,
): ChainLayer {
  const { name } = network.parameters[map.weight];
  const values = unflatten(network, params);
  const array = values[name];
  const { groups, inputs, outputs, convolution } = map;
  if (map.weightViews.some(({ op }) => op === 'broadcast'))
    refuse(caller, `weights ${name} of ${network.name} are repeated along an axis, which has no norms here`);
  const places = placesOf(array.length, map.weightViews);
  const transposed = convolution?.transposed === true;
  const channels = transposed ? outputs / (convolution.kernel[0] * convolution.kernel[1]) : outputs;
  const taps = outputs / channels;
  const [rows, columns] = [groups * channels, inputs * taps];
  const filters = new Float64Array(rows * columns);
  // the view is (groups, inputs, outputs); outputs of a transposed convolution are (taps, channels)
  for (let g = 0, k = 0; g < groups; g++)
    for (let i = 0; i < inputs; i++)
      for (let t = 0; t < taps; t++)
        for (let c = 0; c < channels; c++, k++)
          filters[(g * channels + c) * columns + t * inputs + i] = array[places[k]];
  const bias = new Float64Array(rows);
  const own = map.bias === undefined ? undefined : values[network.parameters[map.bias].name];
  if (own !== undefined && own.length === rows) bias.set(own);
  return {
    name,
    kind: convolution === undefined ? 'dense' : 'convolution',
    first: index,
    last: index,
    filters,
    rows,
    columns,
    bias,
    parameters: array.length,
    biases: own?.length ?? 0,
    groups,
    positions: transposed ? convolution.output[0] * convolution.output[1] : map.positions,
    ...(convolution === undefined ? {} : { convolution }),
  };
}
