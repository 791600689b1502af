import { describe, refuse, refuseType } from '@hyperribbon/contract';
import type { Start } from '@hyperribbon/nn';
import { isFloating } from '../protobuf/elementTypes.js';
import type { OnnxGraph, OnnxNode } from '../protobuf/model.js';
import type { OnnxTensor } from '../protobuf/tensorProto.js';

/** Which float arrays of a file are parameters: names that a pattern matches, a list of names, or (undefined) those of {@link chooseParameters}. */
export type ParameterChoice = RegExp | readonly string[] | undefined;

/** A float array of a file that is a parameter. */
export interface ChosenParameter {
  readonly name: string;
  readonly tensor: OnnxTensor;
  /** how a fresh start draws it where it is no weight of a dense layer or convolution: as PyTorch does */
  readonly start: Start;
}

type Role = 'weight' | 'bias' | 'scale' | 'shift' | 'table' | 'factor' | 'term' | 'statistic';

/** What the inputs of operators are: those that are not listed are data, and operands of all others are constants. */
const roles: Readonly<Record<string, readonly (Role | undefined)[]>> = {
  Gemm: ['weight', 'weight', 'bias'],
  MatMul: ['weight', 'weight'],
  Einsum: ['weight', 'weight', 'weight'],
  Conv: [undefined, 'weight', 'bias'],
  ConvTranspose: [undefined, 'weight', 'bias'],
  BatchNormalization: [undefined, 'scale', 'shift', 'statistic', 'statistic'],
  InstanceNormalization: [undefined, 'scale', 'shift'],
  GroupNormalization: [undefined, 'scale', 'shift'],
  LayerNormalization: [undefined, 'scale', 'shift'],
  PRelu: [undefined, 'factor'],
  Gather: ['table'],
  Add: ['term', 'term'],
  Sub: ['term', 'term'],
  Mul: ['factor', 'factor'],
  Div: ['factor', 'factor'],
  Concat: ['term'],
  Expand: ['term'],
};

/** Operators whose first input is what they give, in another shape or order: a weight behind them is a weight. */
const views = ['Identity', 'Transpose', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Cast', 'Slice', 'Split'];

/**
 * The parameters among the float arrays of a graph, in the order in which nodes use them.
 *
 * An array is a parameter if it is, itself or through Identity, Transpose, Reshape and the like, an operand of a product or convolution
 * (Gemm, MatMul, Einsum, Conv, ConvTranspose), scale or shift of a normalisation, slope of a PRelu, or the table of a Gather. Operands of
 * Add, Sub, Mul, Div, Concat and Expand are parameters if they have an axis (scalars such as √d are constants), all their entries are finite
 * and they are no mask: a matrix of at most two different numbers. Running statistics are no parameters.
 *
 * @throws ArgumentError for a choice that matches nothing, or names what is no float array of the graph
 */
export function chooseParameters(
  nodes: readonly OnnxNode[],
  arrays: ReadonlyMap<string, OnnxTensor>,
  choice: ParameterChoice,
): ChosenParameter[] {
  const used = rolesOf(nodes, arrays);
  const known = [...used].filter(([name]) => isFloating(arrays.get(name)!.type));
  const names = new Set(
    namesChosen(
      known.map(([name]) => name),
      choice,
    ),
  );
  const chosen = known.filter(([name, role]) =>
    choice === undefined ? isParameter(role, arrays.get(name)!) : names.has(name),
  );
  return chosen.map(([name, role]) => ({ name, tensor: arrays.get(name)!, start: startOf(role, arrays.get(name)!) }));
}

/** Names of values by the array that they are, or are a view of. */
export function originsOf(nodes: readonly OnnxNode[], arrays: ReadonlyMap<string, OnnxTensor>): Map<string, string> {
  const origin = new Map([...arrays.keys()].map((name) => [name, name]));
  for (const { operator, inputs, outputs } of nodes) {
    const source = origin.get(inputs[0]);
    if (views.includes(operator) && source !== undefined) for (const output of outputs) origin.set(output, source);
  }
  return origin;
}

/** Arrays by how they are used first; aliases are followed. */
function rolesOf(nodes: readonly OnnxNode[], arrays: ReadonlyMap<string, OnnxTensor>): Map<string, Role | undefined> {
  const found = new Map<string, Role | undefined>();
  const origin = originsOf(nodes, arrays);
  for (const { operator, inputs } of nodes) {
    if (views.includes(operator) && origin.has(inputs[0])) continue;
    inputs.forEach((input, i) => {
      const array = origin.get(input);
      if (array === undefined) return;
      const role = roles[operator]?.[Math.min(i, operator === 'Concat' ? 0 : i)];
      if (!found.has(array) || (found.get(array) === undefined && role !== undefined)) found.set(array, role);
    });
  }
  return found;
}

function isParameter(role: Role | undefined, { shape, data }: OnnxTensor): boolean {
  if (role === undefined || role === 'statistic' || data.length === 0) return false;
  if (role !== 'factor' && role !== 'term') return true;
  if (shape.length === 0 || !data.every(Number.isFinite)) return false;
  const isMatrix = shape.filter((length) => length > 1).length > 1;
  return !isMatrix || hasThree(data);
}

function hasThree(data: ArrayLike<number>): boolean {
  const different = new Set<number>();
  for (let i = 0; i < data.length && different.size < 3; i++) different.add(data[i]);
  return different.size > 2;
}

/** A fresh start as PyTorch's; weights and biases of dense layers and convolutions have theirs from the network. */
function startOf(role: Role | undefined, { shape }: OnnxTensor): Start {
  if (role === 'scale' || role === 'factor') return 1;
  if (role === 'shift' || role === 'bias' || (role === 'term' && shape.length === 1)) return 0;
  return { normal: role === 'table' ? 1 : 0.02 };
}

function namesChosen(names: readonly string[], choice: ParameterChoice): readonly string[] {
  const caller = 'onnxNetwork';
  const list = names.slice(0, 8).map(describe).join(', ');
  if (choice === undefined) return names;
  if (isPattern(choice)) {
    const chosen = names.filter((name) => new RegExp(choice.source, choice.flags.replace(/[gy]/g, '')).test(name));
    if (chosen.length === 0)
      refuse(caller, `parameters ${String(choice)} match no float array of the file; it has ${list}`);
    return chosen;
  }
  if (!Array.isArray(choice)) refuseType(caller, 'parameters', 'a pattern or a list of names', choice);
  const missing = choice.find((name) => !names.includes(name));
  if (missing !== undefined)
    refuse(
      caller,
      `parameters name ${describe(missing)}, which is no float array that the network uses; it has ${list}`,
    );
  return choice;
}

/** Arrays of a graph by name, and the nodes that are left to compute with them. */
export interface GraphArrays {
  readonly arrays: ReadonlyMap<string, OnnxTensor>;
  readonly nodes: readonly OnnxNode[];
}

/**
 * Initialisers, tensors of Constant nodes where exporters left weights, and names that Identity gives to arrays of at most two different
 * numbers: exporters merge equal arrays, and fresh scales and biases of different layers are equal without being shared.
 */
export function arraysOf({ initializers }: OnnxGraph, nodes: readonly OnnxNode[]): GraphArrays {
  const arrays = new Map(initializers);
  const rest = nodes.filter(({ operator, attributes, inputs, outputs }) => {
    const value = attributes.get('value');
    if (operator === 'Constant' && value?.kind === 'tensor') {
      arrays.set(outputs[0], value.value);
      return false;
    }
    const source = operator === 'Identity' ? arrays.get(inputs[0]) : undefined;
    if (source === undefined || !isFloating(source.type) || source.shape.length === 0 || hasThree(source.data))
      return true;
    arrays.set(outputs[0], source);
    return false;
  });
  return { arrays, nodes: rest };
}

/** A regular expression, of any realm. */
function isPattern(choice: NonNullable<ParameterChoice>): choice is RegExp {
  return Object.prototype.toString.call(choice) === '[object RegExp]';
}
