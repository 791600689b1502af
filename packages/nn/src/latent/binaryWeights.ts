import { mul } from '@hyperribbon/autodiff';
import { refuse, requireNoOthers, requirePositive } from '@hyperribbon/contract';
import { weightRanges } from '../training/optimizers/weightDecay.js';
import type { Network, ParameterSpec, ParameterTensors } from '../network.js';
import { type NetworkProgram, networkProgram } from '../networkProgram.js';
import { straightThroughSign } from './straightThroughSign.js';

export interface BinaryWeightsOptions {
  /** factor of all scales, default 1; √2 keeps the size of what passes relu layers without norms */
  readonly gain?: number;
  /** names of weights that stay real, such as those of the first and of the last layer; default none */
  readonly except?: readonly string[];
}

/**
 * The same network with binary weights: each weight array of its dense layers and convolutions, groups too, is used as sign(w) · gain/√fan_in, and the
 * gradient passes the sign straight through, see {@link straightThroughSign} [courbariaux2015], [hubara2016].
 *
 * Weights in the flat array are latent: real numbers that start and move as before. The scale is fixed, the fan-in the number of inputs of one
 * output; batch norms take it out again. Biases, gains and embeddings stay real. Latent weights are not clipped after a step, as BinaryConnect clips
 * them: one that has left [−1, 1] has a zero gradient until weight decay or a momentum brings it back.
 *
 * All that differentiates (curvature operators, kernels, sharpness) sees the straight-through program; what asks for the matrices of a network (norms of
 * layers, bounds of norms, Kronecker factors) finds no array of parameters that is one. {@link usedWeights} gives the network of the binary weights
 * themselves, for which all of that is defined, and `onnxOf` writes that one.
 *
 * @returns its name is `binary:` and the network's; `parseArchitecture` reads it where gain is 1 and nothing is left out
 * @throws ArgumentError unless gain > 0; for a name that is no weight of a layer, and a network that has none or is binary already
 * Cost: traces the network once; per run one pass over the weights
 * @example
 * const net = binaryWeights(mlp([784, 100, 10], { activation: 'relu' }), { gain: Math.SQRT2 });
 * net.size; // 79510, as before
 */
export function binaryWeights(network: Network, options: BinaryWeightsOptions = {}): Network {
  const { gain = 1, except = [], ...others } = options;
  const caller = 'binaryWeights';
  requireNoOthers(caller, others, 'BinaryWeightsOptions');
  requirePositive(caller, 'gain', gain);
  if (network.latent !== undefined) refuse(caller, `${network.name} has latent weights already`);
  const { layers } = networkProgram(network, 2);
  const scales = scalesOf(network, layers, gain, except);
  const used = (params: ParameterTensors): ParameterTensors => ({
    ...params,
    ...Object.fromEntries(
      [...scales].map(([name, scale]) => [name, mul(scale, straightThroughSign(params[name]))] as const),
    ),
  });
  const { applyTraining, description: _modules, architecture, ...rest } = network;
  const plain = gain === 1 && except.length === 0;
  return {
    ...rest,
    name: plain ? `binary:${network.name}` : `binary(${[gain, ...except].join(' ')}):${network.name}`,
    ...(plain && { architecture: `binary:${architecture ?? network.name}` }),
    parameters: network.parameters.map((parameter, i) => started(parameter, i, layers)),
    apply: (params, x, buffers) => network.apply(used(params), x, buffers),
    ...(applyTraining && { applyTraining: (params, x, mode) => applyTraining(used(params), x, mode) }),
    latent: {
      network,
      use(params) {
        const binary = params.slice();
        for (const { name, from, to } of weightRanges(network.parameters)) {
          const scale = scales.get(name);
          if (scale !== undefined)
            for (let i = from; i < to; i++) binary[i] = params[i] < 0 ? -scale : params[i] >= 0 ? scale : params[i];
        }
        return binary;
      },
    },
  };
}

/** gain/√fan_in by name, of the weights that are binary. */
function scalesOf(
  network: Network,
  layers: NetworkProgram['layers'],
  gain: number,
  except: readonly string[],
): ReadonlyMap<string, number> {
  const found = layers.map(({ weight, inputs }) => {
    const { name } = network.parameters[weight];
    return [name, gain / Math.sqrt(inputs)] as const;
  });
  const all = new Map(found);
  const strange = except.find((name) => !all.has(name));
  if (strange !== undefined)
    refuse('binaryWeights', `except must name weights of layers (${[...all.keys()].join(', ')}), got ${strange}`);
  const scales = new Map(found.filter(([name]) => !except.includes(name)));
  if (scales.size === 0) refuse('binaryWeights', `${network.name} has no weights of layers that could be binary`);
  return scales;
}

/** The array with the start that its layer gives it: nothing can read that from the straight-through program. */
function started(parameter: ParameterSpec, i: number, layers: NetworkProgram['layers']): ParameterSpec {
  const layer = layers.find(({ weight, bias }) => weight === i || bias === i);
  return parameter.start !== undefined || layer === undefined
    ? parameter
    : { ...parameter, start: { uniform: 1 / Math.sqrt(layer.inputs) } };
}
