import { describe, refuse } from '@hyperribbon/contract';
import { FormatError } from '@hyperribbon/data';
import { type ElementType, isFloating } from '../protobuf/elementTypes.js';
import type { OnnxGraph, OnnxNode } from '../protobuf/model.js';
import type { OnnxTensor } from '../protobuf/tensorProto.js';
import { showShape, sizeOf } from '../values/shapes.js';

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

/**
 * The input that examples are fed to.
 *
 * @param name which one, if there are several
 * @param shape of one example, where the file leaves lengths beside the batch open
 * @throws FormatError for a graph without such an input, ArgumentError for options that do not fit it
 */
export function dataInput(
  graph: OnnxGraph,
  nodes: readonly OnnxNode[],
  arrays: ReadonlyMap<string, OnnxTensor>,
  { input: wanted, inputShape }: { readonly input?: string; readonly inputShape?: readonly number[] },
): DataInput {
  const fed = graph.inputs.filter(({ name }) => !arrays.has(name));
  const names = fed.map(({ name }) => describe(name)).join(', ') || 'none';
  if (wanted !== undefined && !fed.some(({ name }) => name === wanted))
    refuse('onnxNetwork', `input must be one of ${names}, got ${describe(wanted)}`);
  if (fed.length > 1 || fed.length === 0)
    throw new FormatError(
      'onnx',
      `the graph is fed ${fed.length} inputs (${names}), one is needed: export the network with a single input, or make the others constants`,
      { unsupported: true },
    );
  const [{ name, type, typeName, shape }] = fed;
  if (type === undefined)
    throw new FormatError('onnx', `input ${describe(name)} holds ${typeName}, which is not computed with`, {
      unsupported: true,
    });
  if (shape === undefined || shape.length === 0)
    throw new FormatError('onnx', `input ${describe(name)} has no shape with a batch axis: export it with its shape`);
  const [first, ...lengths] = shape;
  const own = resolved(name, lengths, inputShape);
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
  if (!(sizeOf(lengths as number[]) <= MOST_FEATURES))
    refuse('onnxNetwork', `an example ${showShape(lengths)} is too large`);
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
