import type { Program } from '@hyperribbon/autodiff';
import { homogeneity } from '@hyperribbon/autodiff/walk';
import { floatArray, refuse, requireNoOthers, requireOneOf, requirePositive } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { type Network, networkProgram, requireWeights, sizeOf } from '@hyperribbon/nn';

export interface RescaleOptions {
  /** name of the weights of the layer that is multiplied, its bias with it */
  readonly layer: string;
  /** above 0 */
  readonly factor: number;
}

/** Weights of the same function. Plain data. */
export interface RescaledLayers {
  /** (size,) of the dtype handed in: `scales` · params */
  readonly params: FloatArray;
  /** (size,) a: the Hessian there is H′ = diag(1/a) H diag(1/a) */
  readonly scales: Float64Array;
  /** name of the weights that were divided */
  readonly next: string;
}

/**
 * Multiplies one layer by α and divides the weights of the next by it: the same function, its Jacobian and its losses, and another sharpness, as large as one
 * likes. H′ = D H D with D = 1/α on the layer, α on the next weights, 1 on all else, the next bias among it.
 *
 * It holds where what is between the layers is positively homogeneous: rectifiers, pooling, convolutions. That is read off the traced program; where it is
 * not so, as with tanh, there is no such family, and the call says which operation is in the way.
 *
 * @param params flat weights (size,)
 * @throws ArgumentError for a layer that there is not, the last one, or one for which the function would change
 * Cost: two passes over the equations of the program
 * @example
 * const net = mlp([2, 3, 2], { activation: 'relu' });
 * const { params, scales } = rescaleLayers(net, net.init(1), { layer: 'W1', factor: 10 });
 * Source: [dinh2017]
 */
export function rescaleLayers(
  network: Network,
  params: FloatArray,
  { layer, factor, ...others }: RescaleOptions,
): RescaledLayers {
  const caller = 'rescaleLayers';
  requireNoOthers(caller, others, 'RescaleOptions');
  const dtype = params.BYTES_PER_ELEMENT === 4 ? 'float32' : 'float64';
  requireWeights(caller, 'params', network, params, dtype);
  requirePositive(caller, 'factor', factor);
  const { program, maps } = networkProgram(network, 2);
  const names = maps.map(({ weight }) => network.parameters[weight].name);
  requireOneOf(caller, 'layer', layer, names.slice(0, -1));
  const at = names.indexOf(layer);
  const [own, next] = [maps[at], maps[at + 1]];
  const scaled = own.bias === undefined ? [own.weight] : [own.weight, own.bias];
  const { degree, because } = homogeneity({ ...program, outputs: [next.input] }, scaled);
  if (degree !== 1)
    refuse(
      caller,
      `what is between ${layer} and ${names[at + 1]} must be multiplied as ${layer} is, and is not${because === undefined ? '' : ` because of ${because}`}; there is no such rescaling`,
    );
  // not at next.input, which a skip may read as well
  const rest = cutAt(program, next.output);
  for (const [numbers, name] of [
    [scaled, layer],
    [[next.weight], names[at + 1]],
  ] as const)
    if (homogeneity(rest, numbers).degree !== 0)
      refuse(
        caller,
        `${name} must act through what ${names[at + 1]} gives alone, and has another way to the outputs; there is no such rescaling`,
      );
  const scales = new Float64Array(network.size).fill(1);
  let from = 0;
  network.parameters.forEach(({ shape }, i) => {
    const to = from + sizeOf(shape);
    if (scaled.includes(i)) scales.fill(factor, from, to);
    else if (i === next.weight) scales.fill(1 / factor, from, to);
    from = to;
  });
  const moved = floatArray(dtype, params.length);
  for (let i = 0; i < moved.length; i++)
    moved[i] = scales[i] === 1 / factor ? params[i] / factor : scales[i] * params[i];
  return { params: moved, scales, next: names[at + 1] };
}

/** The program with a value handed in from outside. */
function cutAt(program: Program, value: number): Program {
  return {
    ...program,
    inputs: [...program.inputs, value],
    equations: program.equations.filter(({ output }) => output !== value),
  };
}
