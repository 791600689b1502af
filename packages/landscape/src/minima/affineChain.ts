import type { PrimitiveName, Program } from '@hyperribbon/autodiff';
import { type AffineMap, placesOf } from '@hyperribbon/autodiff/walk';
import { refuse } from '@hyperribbon/contract';
import { type Network, networkProgram, unflatten } from '@hyperribbon/nn';

/** A layer of a chain: Y = X W + b, and where W and b lie among the network's weights. */
export interface ChainLayer {
  readonly map: AffineMap;
  readonly weight: string;
  readonly bias: string;
  /** entry k of W (inputs, outputs) row-major is entry places[k] of the weights' array */
  readonly places: Int32Array;
}

/**
 * The dense layers and convolutions of a network that is made of nothing else but rectifiers, linear pooling and views between them.
 *
 * @throws ArgumentError for other operations on the way from inputs to logits, parameters that belong to no layer or to two, groups, and layers
 * without biases
 */
export function affineChain(caller: string, network: Network): readonly ChainLayer[] {
  const { program, maps, layers } = networkProgram(network, 1);
  const strange = otherOperation(program, network.parameters.length);
  if (strange !== undefined)
    refuse(caller, `network must be made of dense layers, convolutions, rectifiers and linear pooling, got ${strange}`);
  if (maps.length !== layers.length)
    refuse(caller, 'network must have no convolutions by groups: channels must be able to pass any of them');
  if (maps.length === 0) refuse(caller, 'network must have a layer, got none');
  const used = maps.flatMap(({ weight, bias }) => (bias === undefined ? [weight] : [weight, bias]));
  network.parameters.forEach(({ name }, i) => {
    if (used.filter((other) => other === i).length !== 1)
      refuse(caller, `parameter ${name} must belong to one dense layer or convolution, as its weights or its bias`);
  });
  return maps.map((map) => {
    const weight = network.parameters[map.weight].name;
    if (map.bias === undefined)
      return refuse(caller, `the layer of ${weight} must have a bias: it holds pre-activations above zero`);
    const bias = network.parameters[map.bias].name;
    return { map, weight, bias, places: placesOf(map.inputs * map.outputs, map.weightViews) };
  });
}

/** Writes W (inputs, outputs) and b (outputs,) of a layer into flat weights. */
export function writeLayer(
  network: Network,
  params: Float64Array,
  { weight, bias, places }: ChainLayer,
  layer: { readonly weights: Float64Array; readonly bias: Float64Array },
): void {
  const views = unflatten(network, params);
  const target = views[weight];
  places.forEach((place, k) => (target[place] = layer.weights[k]));
  views[bias].set(layer.bias);
}

/** W (inputs, outputs) and b (outputs,) of a layer, copies in float64. */
export function readLayer(
  network: Network,
  params: Float64Array,
  { weight, bias, places }: ChainLayer,
): { readonly weights: Float64Array; readonly bias: Float64Array } {
  const views = unflatten(network, params);
  return { weights: Float64Array.from(places, (place) => views[weight][place]), bias: views[bias].slice() };
}

/** Linear where one operand alone depends on the examples, and rectifiers. */
const passing: ReadonlySet<PrimitiveName> = new Set([
  ...(['add', 'sub', 'neg', 'relu', 'broadcast', 'reshape', 'transpose', 'slice', 'pad', 'concatenate'] as const),
  ...(['reduceSum', 'im2col', 'col2im', 'averagePool', 'averageUnpool', 'convert'] as const),
]);
const scaling: ReadonlySet<PrimitiveName> = new Set(['matmul', 'mul', 'depthwise']);

/** The first operation on the way from the examples to the output that is neither linear in them nor a rectifier. */
export function otherOperation({ inputs, equations }: Program, examples: number): PrimitiveName | undefined {
  const dependent = new Set([inputs[examples]]);
  for (const { op, inputs: operands, output } of equations) {
    const reached = operands.filter((value) => dependent.has(value));
    if (reached.length === 0) continue;
    const linear =
      passing.has(op) ||
      (scaling.has(op) && reached.length === 1) ||
      (op === 'div' && reached.length === 1 && dependent.has(operands[0]));
    if (!linear) return op;
    dependent.add(output);
  }
  return undefined;
}
