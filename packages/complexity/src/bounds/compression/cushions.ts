import type { AffineMap } from '@hyperribbon/autodiff/walk';
import { refuse, requireInteger, requireOnly } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import {
  type AnyExamples,
  type Network,
  type NetworkProgram,
  networkProgram,
  requireAnyExamples,
  requireWeights,
  unflatten,
} from '@hyperribbon/nn';
import { type Passage, planPassages } from './passages.js';

/** How well layers carry what the examples send through them, compared with noise. */
export interface Cushions {
  /** names of the layers' weights, d of them */
  readonly layers: readonly string[];
  /** (d,) μᵢ, layer cushions */
  readonly layer: Float64Array;
  /** (d, d) row-major, μᵢⱼ for i < j; 1/√hᵢ on the diagonal, NaN below */
  readonly interLayer: Float64Array;
  /** (d,) μᵢ→ = min over j ≥ i of μᵢⱼ */
  readonly onward: Float64Array;
  /** c, the largest ratio of the norms before and after what stands between two layers; 1 where there is one layer */
  readonly contraction: number;
  /** max ‖f(x)‖₂ */
  readonly largestOutput: number;
  /** examples that were looked at: minima over fewer than all are too large */
  readonly examples: number;
  readonly of: number;
  /** pairs of an example and a layer (or a pair of layers) that were skipped, since what enters is zero there and has no direction */
  readonly skipped: number;
}

export interface CushionOptions {
  /** examples to look at, the first ones; default 32 */
  readonly limit?: number;
  /** most rows of Jacobians per example, outputs of all layers but the first; default 4096 */
  readonly rowLimit?: number;
}

/**
 * Cushions of a network on examples: with x^i what leaves layer i before the activation φ, and J^{i,j} the Jacobian of x^j by x^i,
 *
 *     μᵢ = min ‖Aᵢ φ(x^{i−1})‖/(‖Aᵢ‖_F ‖φ(x^{i−1})‖)    μᵢⱼ = min ‖J^{i,j} x^i‖/(‖J^{i,j}‖_F ‖x^i‖)    c = max ‖x^i‖/‖φ(x^i)‖
 *
 * Each is 1 where a layer carries the examples along its only direction, and 1/√h where it treats them like noise. Jacobians are whole, row by row. A convolution
 * is the matrix it is on whole examples. Biases count in x^i and not in Aᵢ φ(x^{i−1}).
 *
 * @param params flat weights (size,)
 * @throws ArgumentError for layers by groups, transposed convolutions, more rows than the limit, weights or examples that do not fit
 * Cost: per example, a reverse pass for each output of each layer but the first.
 * @example cushions(net, params, digits.train, { limit: 4 }).layer.length; // 2
 * Source: reconstructed: definitions of [arora2018b] as lectures give them.
 */
export function cushions(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  options: CushionOptions = {},
): Cushions {
  requireOnly('cushions', options, ['limit', 'rowLimit']);
  const { limit = 32, rowLimit = 4096 } = options;
  requireInteger('cushions', 'limit', limit, 1);
  requireInteger('cushions', 'rowLimit', rowLimit, 1);
  const weights = Float64Array.from(params);
  requireWeights('cushions', 'params', network, weights, 'float64');
  requireAnyExamples('cushions', network, examples, 'float64', 'any');
  const traced = networkProgram(network, 1);
  requireWhole(network, traced, rowLimit);
  const passage = planPassages(network, traced, unflatten(network, weights));
  const used = Math.min(limit, examples.count);
  const { inputs } = network;
  const all = accumulator(traced.maps);
  for (let i = 0; i < used; i++) {
    all.add(passage(Float64Array.from({ length: inputs }, (_, k) => examples.inputs[i * inputs + k] as number)));
  }
  return {
    layers: traced.maps.map(({ weight }) => network.parameters[weight]!.name),
    ...all.result(),
    examples: used,
    of: examples.count,
  };
}

function requireWhole({ name }: Network, { maps, layers }: NetworkProgram, rowLimit: number): void {
  const refused =
    (maps.length === 0 && 'no layers') ||
    (layers.length !== maps.length && 'layers by groups') ||
    (maps.some(({ convolution }) => convolution?.transposed) && 'transposed convolutions');
  if (refused) refuse('cushions', `${name} has ${refused}, of which no cushions are defined`);
  const rows = maps.slice(1).reduce((total, map) => total + sizeOf(map), 0);
  if (rows > rowLimit)
    refuse(
      'cushions',
      `Jacobians of ${name} have ${rows} rows per example, more than rowLimit=${rowLimit}; raise it, or take a smaller network`,
    );
}

const sizeOf = ({ positions, outputs }: AffineMap): number => positions * outputs;

/** Minima and maxima over examples. */
function accumulator(maps: readonly AffineMap[]): {
  add: (passage: Passage) => void;
  result: () => Omit<Cushions, 'layers' | 'examples' | 'of'>;
} {
  const d = maps.length;
  const layer = new Float64Array(d).fill(Infinity);
  const interLayer = new Float64Array(d * d).fill(NaN);
  let [contraction, largestOutput, skipped] = [d === 1 ? 1 : -Infinity, 0, 0];
  for (let i = 0; i < d; i++) {
    interLayer[i * d + i] = 1 / Math.sqrt(sizeOf(maps[i]!));
    interLayer.fill(Infinity, i * d + i + 1, (i + 1) * d);
  }
  /** value/scale where there is a scale */
  const ratio = (value: number, scale: number): number => {
    if (scale === 0) skipped++;
    return scale === 0 ? NaN : value / scale;
  };
  const least = (list: Float64Array, at: number, value: number): void => {
    if (!Number.isNaN(value)) list[at] = Math.min(list[at]!, value);
  };
  return {
    add: ({ entering, carried, leaving, output, pushed, jacobian }) => {
      largestOutput = Math.max(largestOutput, output);
      for (let i = 0; i < d; i++) {
        least(layer, i, ratio(carried[i]!, entering[i]!));
        if (i < d - 1 && entering[i + 1] !== 0) contraction = Math.max(contraction, leaving[i]! / entering[i + 1]!);
        for (let j = i + 1; j < d; j++)
          least(interLayer, i * d + j, ratio(pushed[i * d + j]!, jacobian[i * d + j]! * leaving[i]!));
      }
    },
    result: () => {
      // what every example skipped is not known
      for (const list of [layer, interLayer])
        list.forEach((value, at) => (list[at] = value === Infinity ? NaN : value));
      const onward = Float64Array.from({ length: d }, (_, i) => Math.min(...interLayer.slice(i * d + i, (i + 1) * d)));
      return {
        layer,
        interLayer,
        onward,
        contraction: contraction === -Infinity ? NaN : contraction,
        largestOutput,
        skipped,
      };
    },
  };
}
