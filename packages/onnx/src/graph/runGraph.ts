import { type Tensor, trace } from '@hyperribbon/autodiff';
import { evaluate } from '@hyperribbon/autodiff/testing';
import { isArgumentError, sentenceOf } from '@hyperribbon/contract';
import { FormatError } from '@hyperribbon/data';
import type { Dtype } from '@hyperribbon/kernels';
import { operators } from '../ops/table.js';
import type { OnnxGraph, OnnxNode } from '../protobuf/model.js';
import { type Call, type Mode, callOf } from '../values/call.js';
import { sizeOf } from '../values/shapes.js';
import { type Arrays, type Known, type Traced, type Value, plainTensor } from '../values/value.js';
import { namesRead, neededNodes, nodeLabel } from './nodes.js';

/** How a graph is run. */
export interface Setting {
  readonly opset: number;
  readonly dtype: Dtype;
  readonly mode: Mode;
  readonly arrays: Arrays;
  readonly draw?: NonNullable<Call['draw']>;
  readonly keep?: NonNullable<Call['keep']>;
  /** nodes that may still be run: rounds of loops within loops multiply */
  readonly budget: { left: number };
}

/** Nodes that one trace of a graph may run: a few for each that the file has, and some hundred for its loops. */
export function budgetOf(graph: OnnxGraph): { left: number } {
  const count = ({ nodes }: OnnxGraph): number =>
    nodes.reduce((sum, { attributes }) => {
      const inner = [...attributes.values()].map((value) => (value.kind === 'graph' ? count(value.value) : 0));
      return sum + 1 + inner.reduce((total, own) => total + own, 0);
    }, 0);
  return { left: 4 * count(graph) + 512 };
}

/** Values by name; inner graphs look up names of the graphs around them. */
export type Bindings = (name: string) => Value | undefined;

/** most elements of what is computed while a graph is read; larger results stay formulas of the program */
const MOST_FOLDED = 2 ** 16;

/**
 * Runs a graph on values: operators on known numbers give known numbers, all others add to the program that is traced.
 *
 * @param bound values of inputs, initialisers and of the graphs around
 * @param wanted names of the values to compute; what they do not need is not run
 * @returns the wanted values, and all that were computed on the way
 * @throws FormatError that names node, operator and opset
 */
export function runGraph(
  graph: OnnxGraph,
  bound: Bindings,
  wanted: readonly string[],
  setting: Setting,
): { readonly outputs: readonly Value[]; readonly values: ReadonlyMap<string, Value> } {
  const values = new Map<string, Value>();
  const initial = (name: string): Value | undefined => {
    const tensor = graph.initializers.get(name);
    return tensor === undefined ? undefined : { kind: 'known', ...tensor };
  };
  const lookUp: Bindings = (name) => {
    const found = values.get(name) ?? bound(name);
    if (found !== undefined) return found;
    const made = initial(name);
    if (made !== undefined) values.set(name, made);
    return made;
  };
  for (const node of neededNodes(graph, wanted, (name) => bound(name) !== undefined))
    runNode(node, lookUp, values, setting);
  const outputs = wanted.map((name) => {
    const value = lookUp(name);
    if (value === undefined)
      throw new FormatError('onnx', `no node gives ${JSON.stringify(name.slice(0, 60))}, an output of the graph`);
    return value;
  });
  return { outputs, values };
}

/**
 * What a graph computes of known numbers alone: run once when it is read and not whenever it is traced.
 *
 * @param start known values by name
 * @returns start, and the results of all nodes that read nothing else
 */
export function foldConstants(
  nodes: readonly OnnxNode[],
  start: ReadonlyMap<string, Value>,
  setting: Setting,
): Map<string, Value> {
  const values = new Map(start);
  for (const node of nodes) {
    // shapes of results that are too many to be written out may differ from trace to trace, so their makers stay
    if (node.operator === 'Constant' ? node.inputs.length > 0 : !namesRead(node).every((name) => values.has(name)))
      continue;
    const made = new Map<string, Value>();
    runNode(node, (name) => values.get(name), made, setting);
    if ([...made.values()].every(isKnown)) for (const [name, value] of made) values.set(name, value);
  }
  return values;
}

function runNode(node: OnnxNode, lookUp: Bindings, values: Map<string, Value>, setting: Setting): void {
  setting.budget.left -= 1;
  if (setting.budget.left < 0)
    refuseNode(
      node,
      setting.opset,
      'is one too many: the loops of the graph, written out, run more nodes than any network has; export without loops',
    );
  const operator = operators.get(node.operator)!;
  const inputs = node.inputs.map((name) => {
    if (name === '') return undefined;
    const value = lookUp(name);
    if (value === undefined)
      return refuseNode(
        node,
        setting.opset,
        `reads ${JSON.stringify(name.slice(0, 60))}, which nothing gives before it`,
      );
    return value;
  });
  while (inputs.length > 0 && inputs.at(-1) === undefined) inputs.pop();
  const run: Call['run'] = (graph, given) => runInner(graph, given, lookUp, setting);
  const called = (dtype: Dtype): readonly Value[] =>
    [
      operator(
        callOf({
          ...setting,
          dtype,
          inputs,
          run,
          operator: node.operator,
          names: node.inputs,
          outputs: node.outputs.length,
          attributes: node.attributes,
          refuse: (sentence) => refuseNode(node, setting.opset, sentence),
        }),
      ),
    ].flat();
  const outputs = explained(node, setting.opset, () => {
    const foldable = inputs.every((value) => value === undefined || isKnown(value));
    return (foldable ? folded(called('float64')) : undefined) ?? called(setting.dtype);
  });
  node.outputs.forEach((name, i) => {
    if (name === '') return;
    if (outputs[i] === undefined)
      refuseNode(node, setting.opset, `has ${node.outputs.length} outputs, ${i} of them are computed`);
    values.set(name, outputs[i]);
  });
}

/** A graph within a node: its inputs by position, all else from around. */
function runInner(graph: OnnxGraph, given: readonly Value[], around: Bindings, setting: Setting): readonly Value[] {
  const own = new Map(graph.inputs.map(({ name }, i) => [name, given[i]]));
  const bound: Bindings = (name) => own.get(name) ?? (graph.initializers.has(name) ? undefined : around(name));
  return runGraph(
    graph,
    bound,
    graph.outputs.map(({ name }) => name),
    setting,
  ).outputs;
}

function isKnown(value: Value): boolean {
  return value.kind === 'sequence' ? value.items.every(isKnown) : value.kind === 'known';
}

/** The numbers of values that depend on none that is fed; undefined where they are too many to be written out. */
function folded(values: readonly Value[]): readonly Value[] | undefined {
  const traced = values.flatMap(tracedIn);
  if (traced.length === 0) return values;
  if (traced.some(({ shape }) => sizeOf(shape) > MOST_FOLDED)) return undefined;
  const { program } = trace(() => traced.map(plainTensor), []);
  const arrays = evaluate(program, []);
  const made = new Map(traced.map((value, i): [Value, Known] => [value, knownOf(value, arrays[i])]));
  const settled = (value: Value): Value =>
    value.kind === 'sequence' ? { ...value, items: value.items.map(settled) } : (made.get(value) ?? value);
  return values.map(settled);
}

function tracedIn(value: Value): Traced[] {
  if (value.kind === 'sequence') return value.items.flatMap(tracedIn);
  return value.kind === 'traced' ? [value] : [];
}

function knownOf({ type, shape }: Traced, data: ArrayLike<number>): Known {
  const narrow = /^(u?)int(8|16|32)$/.exec(type);
  if (narrow === null) return { kind: 'known', type, shape, data: Float64Array.from(data) };
  // whole numbers wrap around as they do where they are stored
  const span = 2 ** Number(narrow[2]);
  const low = narrow[1] === 'u' ? 0 : -span / 2;
  return { kind: 'known', type, shape, data: Float64Array.from(data, (x) => x - Math.floor((x - low) / span) * span) };
}

/** Errors of operations, told as errors of the node. */
function explained<T>(node: OnnxNode, opset: number, f: () => T): T {
  try {
    return f();
  } catch (error) {
    // what the engine itself says of arrays that are too long
    if (error instanceof RangeError && !isArgumentError(error))
      return refuseNode(node, opset, 'asks for an array that is too large', error);
    if (!isArgumentError(error) || error.name === 'FormatError') throw error;
    return refuseNode(node, opset, sentenceOf(error), error);
  }
}

/** @throws FormatError that names the node, its operator and the opset */
export function refuseNode(node: OnnxNode, opset: number, sentence: string, cause?: unknown): never {
  const message = `${nodeLabel(node)} (opset ${opset}) ${sentence}`;
  throw new FormatError('onnx', message.length > 380 ? `${message.slice(0, 379)}…` : message, {
    unsupported: true,
    ...(cause !== undefined && { cause }),
  });
}

/** A tensor of the program that stands for what a graph is fed. */
export function fed(type: Traced['type'], tensor: Tensor): Traced {
  return { kind: 'traced', type, shape: tensor.shape, tensor, channelsLast: false };
}
