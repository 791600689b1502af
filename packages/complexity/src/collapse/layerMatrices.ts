import { compile, reshape, type Tensor, transpose } from '@hyperribbon/autodiff';
import { type AffineMap, weightMatrix } from '@hyperribbon/autodiff/walk';
import type { FloatArray } from '@hyperribbon/contract';
import { type Network, networkProgram, parameterSpecs, unflatten } from '@hyperribbon/nn';

/** The weights of an affine map as a matrix, one row for each output or filter. */
export interface LayerMatrix {
  readonly map: AffineMap;
  /** of its array of weights */
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** (rows, columns) */
  readonly values: Float64Array;
  /** (rows,); absent where the map has none */
  readonly biases?: Float64Array;
}

/** The matrices of a network's affine maps, in the order in which they are applied; those of groups on top of each other. */
export function layerMatrices(network: Network, params: FloatArray): readonly LayerMatrix[] {
  const { layers } = networkProgram(network, 1);
  const names = network.parameters.map(({ name }) => name);
  const weights = unflatten(network, Float64Array.from(params));
  const read = compile(
    (given: Readonly<Record<string, Tensor>>) =>
      layers.map((map) => {
        const matrix = weightMatrix(map, given[names[map.weight]]);
        const turned = transpose(matrix, map.groups === 1 ? [1, 0] : [0, 2, 1]);
        return reshape(turned, [map.groups * map.outputs, map.inputs]);
      }),
    [parameterSpecs(network, 'float64')],
    { deterministic: true },
  );
  const matrices = read(weights) as readonly Float64Array[];
  return layers.map((map, i) => ({
    map,
    name: names[map.weight],
    rows: map.groups * map.outputs,
    columns: map.inputs,
    values: matrices[i].slice(),
    ...(map.bias !== undefined && { biases: weights[names[map.bias]] }),
  }));
}
