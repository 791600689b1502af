import { type AffineMap, placesOf } from '@hyperribbon/autodiff/walk';
import { refuse } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import type { CircularConvolution } from '@hyperribbon/lanczos/svd';
import { chosenParameters, type Network, networkProgram, type ParameterFilter, sizeOf } from '@hyperribbon/nn';

/** A layer's weights as a convolution; a dense layer is one of a single tap on a single place. */
export interface FilterLayer {
  /** of its array of weights */
  readonly name: string;
  readonly kind: 'dense' | 'convolution';
  /** steps left out; float64 filters */
  readonly convolution: CircularConvolution;
  /** sides of its own image, at least as large as its kernel with gaps */
  readonly grid: readonly [number, number];
  /** entry k of the filters is entry places[k] of the flat weights */
  readonly places: Int32Array;
}

/**
 * The layers of any network whose weights are matrices or filters, read from its traced program.
 *
 * A transposed convolution is looked at the other way round, which has the same singular values.
 *
 * @param which names their weights; default: convolutions of kernels larger than 1 × 1
 * @throws ArgumentError where none is chosen, where a listed name belongs to no such layer, and for weights that are repeated
 */
export function filterLayers(
  caller: string,
  network: Network,
  params: FloatArray,
  which?: ParameterFilter,
): readonly FilterLayer[] {
  const { layers } = networkProgram(network, 2);
  const chosen = which === undefined ? undefined : chosenParameters(caller, network, which);
  const wanted = layers.filter(
    ({ weight, convolution }, i) =>
      layers.findIndex((map) => map.weight === weight) === i &&
      (chosen === undefined ? convolution !== undefined && isLarge(convolution.kernel) : chosen.has(weight)),
  );
  const missing = Array.isArray(which)
    ? (which as readonly string[]).find((name) => wanted.every(({ weight }) => nameOf(network, weight) !== name))
    : undefined;
  if (missing !== undefined)
    refuse(caller, `${missing} of ${network.name} is neither a matrix of a dense layer nor filters of a convolution`);
  if (wanted.length === 0)
    refuse(
      caller,
      `${network.name} has no ${which === undefined ? 'convolution of a kernel larger than 1 × 1' : 'layer among these'}; choose parameters, such as /./ for all`,
    );
  let offset = 0;
  const offsets = network.parameters.map(({ shape }) => (offset += sizeOf(shape)) - sizeOf(shape));
  return wanted.map((map) => filterLayer(caller, network, params, map, offsets[map.weight]));
}

function nameOf({ parameters }: Network, weight: number): string {
  return parameters[weight].name;
}

function isLarge([height, width]: readonly [number, number]): boolean {
  return height * width > 1;
}

function filterLayer(
  caller: string,
  network: Network,
  params: FloatArray,
  map: AffineMap,
  offset: number,
): FilterLayer {
  const { groups, inputs, outputs, convolution: geometry, weight, weightViews } = map;
  const { name, shape } = network.parameters[weight];
  if (weightViews.some(({ op }) => op === 'broadcast'))
    refuse(caller, `weights ${name} of ${network.name} are repeated along an axis, which has no singular values here`);
  const at = placesOf(sizeOf(shape), weightViews);
  // the view is (groups, inputs, outputs), columns of filters are inputs; of a transposed convolution they are outputs
  const transposed = geometry?.transposed === true;
  const [own, columns] = transposed ? [inputs, outputs] : [outputs, inputs];
  const places = new Int32Array(at.length);
  for (let g = 0, k = 0; g < groups; g++)
    for (let i = 0; i < inputs; i++)
      for (let o = 0; o < outputs; o++, k++) {
        const [row, column] = transposed ? [i, o] : [o, i];
        places[(g * own + row) * columns + column] = offset + at[k];
      }
  const { kernel, dilation } = geometry ?? ({ kernel: [1, 1], dilation: [1, 1] } as const);
  const taps = kernel[0] * kernel[1];
  const image = geometry === undefined ? ([1, 1] as const) : transposed ? geometry.output : geometry.input;
  const grid = [0, 1].map((i) => Math.max(image[i], (kernel[i] - 1) * dilation[i] + 1)) as [number, number];
  return {
    name,
    kind: geometry === undefined ? 'dense' : 'convolution',
    convolution: {
      filters: Float64Array.from(places, (place) => params[place]),
      rows: groups * own,
      columns,
      groups,
      geometry: {
        transposed: false,
        kernel,
        stride: [1, 1],
        dilation,
        input: [grid[0], grid[1], (groups * columns) / taps],
      },
    },
    grid,
    places,
  };
}
