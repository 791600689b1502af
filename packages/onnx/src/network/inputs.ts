import { describe, refuse, requireFinite } from '@hyperribbon/contract';
import { FormatError } from '@hyperribbon/data';
import { type ElementType, isFloating } from '../protobuf/elementTypes.js';
import { namesRead } from '../graph/nodes.js';
import type { OnnxGraph, OnnxNode, OnnxValueInfo } from '../protobuf/model.js';
import type { OnnxTensor } from '../protobuf/tensorProto.js';
import { showShape, sizeOf } from '../values/shapes.js';
import type { OnnxNetworkOptions } from './options.js';

/** most numbers of one example */
const MOST_FEATURES = 2 ** 28;

/** The one input of a graph that takes examples. */
export interface DataInput {
  readonly name: string;
  readonly type: ElementType;
  /** of one example */
  readonly shape: readonly number[];
  /** what the file says of its first axis: open, or for so many examples */
  readonly batch: 'open' | number;
  /** where it takes tokens, how many there are */
  readonly vocabulary?: number;
}

/** An input that is the same number everywhere, such as a mask that hides nothing. */
export interface FixedInput {
  readonly name: string;
  readonly type: ElementType;
  readonly value: number;
  /** lengths behind the batch axis, and whether there is one */
  readonly shape: readonly number[];
  readonly batched: boolean;
}

/** Inputs of a graph: one that examples are fed to, and those that are fixed. */
export interface GraphInputs {
  readonly input: DataInput;
  readonly fixed: readonly FixedInput[];
}

type InputOptions = Pick<OnnxNetworkOptions, 'input' | 'inputShape' | 'fixed'>;

/**
 * The input that examples are fed to, and the numbers that others are fixed at.
 *
 * @throws FormatError for a graph with no such input or several, ArgumentError for options that do not fit it
 */
export function graphInputs(
  graph: OnnxGraph,
  nodes: readonly OnnxNode[],
  arrays: ReadonlyMap<string, OnnxTensor>,
  { input: wanted, inputShape, fixed = {} }: InputOptions,
): GraphInputs {
  const read = new Set(nodes.flatMap(namesRead));
  const all = graph.inputs.filter(({ name }) => !arrays.has(name));
  const list = (infos: readonly OnnxValueInfo[]): string =>
    infos.map(({ name }) => describe(name)).join(', ') || 'none';
  const stranger = [...Object.keys(fixed), ...(wanted === undefined ? [] : [wanted])].find(
    (name) => !all.some((info) => info.name === name),
  );
  if (stranger !== undefined)
    refuse(
      'onnxNetwork',
      `${stranger === wanted ? 'input' : 'a name in fixed'} must be one of ${list(all)}, got ${describe(stranger)}`,
    );
  const open = all.filter(({ name }) => !Object.hasOwn(fixed, name) && read.has(name));
  if (open.length === 0)
    throw new FormatError('onnx', 'the wanted output depends on no input that examples could be fed to', {
      unsupported: true,
    });
  if (open.length !== 1 || (wanted !== undefined && open[0].name !== wanted))
    throw new FormatError(
      'onnx',
      `the graph is fed ${open.length} inputs (${list(open)}), one is needed: fix the others by the option fixed, such as { attention_mask: 1 }, or export with a single input`,
      { unsupported: true },
    );
  const input = dataInput(open[0], nodes, arrays, inputShape);
  const lengths = new Map((open[0].shape ?? []).slice(1).map((length, i) => [length, input.shape[i]]));
  return {
    input,
    fixed: all
      .filter(({ name }) => Object.hasOwn(fixed, name) && read.has(name))
      .map((info) => fixedInput(info, fixed[info.name], lengths)),
  };
}

/** @param lengths of the axes of the data input, by what the file calls them */
function fixedInput(
  { name, type, typeName, shape }: OnnxValueInfo,
  value: number,
  lengths: ReadonlyMap<number | string, number>,
): FixedInput {
  requireFinite('onnxNetwork', `fixed ${name}`, value);
  if (type === undefined || shape === undefined)
    throw new FormatError('onnx', `input ${describe(name)} holds ${typeName} of no known shape, which cannot be fixed`);
  const own = shape.slice(1).map((length) => {
    const known = typeof length === 'number' ? length : lengths.get(length);
    return (
      known ??
      refuse(
        'onnxNetwork',
        `input ${describe(name)} has an axis ${describe(length)} that the other input does not have`,
      )
    );
  });
  return { name, type, value, shape: own, batched: shape.length > 0 };
}

function dataInput(
  { name, type, typeName, shape }: OnnxValueInfo,
  nodes: readonly OnnxNode[],
  arrays: ReadonlyMap<string, OnnxTensor>,
  inputShape: readonly number[] | undefined,
): DataInput {
  if (type === undefined)
    throw new FormatError('onnx', `input ${describe(name)} holds ${typeName}, which is not computed with`, {
      unsupported: true,
    });
  if (shape === undefined || shape.length === 0)
    throw new FormatError('onnx', `input ${describe(name)} has no shape with a batch axis: export it with its shape`);
  const [first, ...lengths] = shape;
  const own = resolved(name, lengths, inputShape);
  if (!(sizeOf(own) <= MOST_FEATURES)) refuse('onnxNetwork', `an example ${showShape(own)} is too large`);
  const vocabulary = isFloating(type) ? undefined : vocabularyOf(name, nodes, arrays);
  const batch = typeof first === 'number' ? first : 'open';
  return { name, type, shape: own, batch, ...(vocabulary !== undefined && { vocabulary }) };
}

function resolved(name: string, lengths: readonly (number | string)[], given: readonly number[] | undefined): number[] {
  if (given !== undefined) {
    const fits =
      given.length === lengths.length &&
      lengths.every((length, i) => typeof length === 'string' || length === given[i]);
    if (!fits || !given.every((length) => Number.isSafeInteger(length) && length >= 1))
      refuse(
        'onnxNetwork',
        `inputShape must fit one example ${showShape(lengths)} of ${describe(name)}, got ${showShape(given)}`,
      );
    return [...given];
  }
  const open = lengths.find((length) => typeof length === 'string');
  if (open !== undefined)
    refuse(
      'onnxNetwork',
      `input ${describe(name)} leaves lengths beside the batch open, one example is ${showShape(lengths)}: give inputShape, the shape of one example`,
    );
  return lengths as number[];
}

/** Rows of the table that whole numbers are looked up in, if they are. */
function vocabularyOf(
  name: string,
  nodes: readonly OnnxNode[],
  arrays: ReadonlyMap<string, OnnxTensor>,
): number | undefined {
  const same = new Set([name]);
  let rows: number | undefined;
  for (const { operator, inputs, outputs, attributes } of nodes) {
    if (same.has(inputs[0]) && ['Identity', 'Cast', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten'].includes(operator))
      same.add(outputs[0]);
    const table = operator === 'Gather' && same.has(inputs[1]) ? arrays.get(inputs[0]) : undefined;
    const axis = attributes.get('axis');
    if (table?.shape.length === 2 && (axis?.kind !== 'int' || axis.value === 0))
      rows = Math.min(rows ?? Infinity, table.shape[0]);
  }
  return rows;
}
