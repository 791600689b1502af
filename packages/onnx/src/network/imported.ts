import { describe, refuse } from '@hyperribbon/contract';
import { FormatError } from '@hyperribbon/data';
import type { BufferSpec } from '@hyperribbon/nn';
import { namesRead, neededNodes, requireSupported } from '../graph/nodes.js';
import { type Setting, budgetOf, foldConstants } from '../graph/runGraph.js';
import { isFloating } from '../protobuf/elementTypes.js';
import type { OnnxGraph, OnnxModel, OnnxNode } from '../protobuf/model.js';
import type { OnnxTensor } from '../protobuf/tensorProto.js';
import type { Arrays, Value } from '../values/value.js';
import { type DataInput, type FixedInput, graphInputs } from './inputs.js';
import { isMadeUp, withLayerNames } from './layerNames.js';
import type { OnnxNetworkOptions } from './options.js';
import { type ChosenParameter, arraysOf, chooseParameters, originsOf } from './parameters.js';
import { type Tie, tiesOf } from './ties.js';

/** A graph that was made ready to be traced: who is a parameter, what is known. */
export interface Imported {
  readonly graph: OnnxGraph;
  readonly opset: number;
  readonly output: string;
  readonly input: DataInput;
  readonly fixed: readonly FixedInput[];
  readonly parameters: readonly ChosenParameter[];
  /** names that are another parameter */
  readonly ties: ReadonlyMap<string, Tie>;
  readonly buffers: readonly BufferSpec[];
  /** what the graph computes of constants alone */
  readonly constants: ReadonlyMap<string, Value>;
  /** names of values by the array that they are */
  readonly origins: ReadonlyMap<string, string>;
  readonly arrays: Arrays;
  readonly nodes: readonly OnnxNode[];
  readonly notes: readonly string[];
}

/** Makes a graph ready. @throws FormatError, ArgumentError: see onnxNetwork */
export function imported(model: OnnxModel, options: OnnxNetworkOptions): Imported {
  const { opset } = model;
  const graph = options.names === 'layers' ? withLayerNames(model.graph) : model.graph;
  const output = outputOf(graph, options.output);
  const needed = neededNodes(graph, [output]);
  requireSupported(model, needed);
  const { arrays, nodes } = arraysOf(graph, needed);
  const { input, fixed } = graphInputs(graph, nodes, arrays, options);
  const chosen = chooseParameters(nodes, arrays, options.parameters);
  if (chosen.length === 0)
    throw new FormatError('onnx', 'no float array of the graph is a weight: name them by the option parameters', {
      unsupported: true,
    });
  const ties = tiesOf(chosen);
  const parameters = chosen.filter(({ name }) => !ties.has(name));
  const origins = originsOf(nodes, arrays);
  const buffers = buffersOf(nodes, origins, arrays);
  const open = new Set([...chosen.map(({ name }) => name), ...buffers.map(({ name }) => name)]);
  const start = new Map<string, Value>(
    [...arrays].filter(([name]) => !open.has(name)).map(([name, tensor]) => [name, { kind: 'known', ...tensor }]),
  );
  const setting: Setting = {
    opset,
    dtype: 'float64',
    mode: 'evaluation',
    arrays: new WeakMap(),
    budget: budgetOf(graph),
  };
  const foldable = nodes.filter(({ outputs }) => !open.has(outputs[0]) && !start.has(outputs[0]));
  return {
    graph,
    opset,
    output,
    input,
    fixed,
    parameters,
    ties,
    buffers,
    constants: foldConstants(foldable, start, setting),
    origins,
    arrays: setting.arrays,
    nodes,
    notes: notesOf({ graph, nodes: needed, arrays, parameters, ties }, options),
  };
}

function outputOf({ outputs, nodes }: OnnxGraph, wanted: string | undefined): string {
  const names = outputs.map(({ name }) => name);
  if (names.length === 0) throw new FormatError('onnx', 'the graph has no outputs');
  if (wanted === undefined) {
    if (names.length > 1 && nodes.length > 0)
      refuse(
        'onnxNetwork',
        `the graph has outputs ${names.map(describe).join(', ')}: give output, the one that holds logits`,
      );
    return names[0];
  }
  if (!names.includes(wanted) && !nodes.some((node) => node.outputs.includes(wanted)))
    refuse(
      'onnxNetwork',
      `output must be one of ${names.map(describe).join(', ')}, or what a node gives, got ${describe(wanted)}`,
    );
  return wanted;
}

/** Running statistics of batch norms. */
function buffersOf(
  nodes: readonly OnnxNode[],
  origins: ReadonlyMap<string, string>,
  arrays: ReadonlyMap<string, OnnxTensor>,
): BufferSpec[] {
  const names = nodes
    .filter(({ operator }) => operator === 'BatchNormalization')
    .flatMap(({ inputs }) => inputs.slice(3, 5).flatMap((name) => origins.get(name) ?? []));
  return [...new Set(names)].map((name) => {
    const { shape, data } = arrays.get(name)!;
    return { name, shape, value: data };
  });
}

function notesOf(
  {
    graph,
    nodes,
    arrays,
    parameters,
    ties,
  }: Pick<Imported, 'graph' | 'nodes' | 'parameters' | 'ties'> & {
    readonly arrays: ReadonlyMap<string, OnnxTensor>;
  },
  { output, names, unused = 'refuse' }: OnnxNetworkOptions,
): string[] {
  const read = new Set(graph.nodes.flatMap(namesRead));
  const used = new Set(nodes.flatMap(namesRead));
  const idle = [...arrays].flatMap(([name, { type, shape }]) => {
    const unread = output === undefined ? !read.has(name) : !used.has(name);
    return unread && isFloating(type) && shape.length > 0 && graph.initializers.has(name) ? [name] : [];
  });
  if (idle.length > 0 && unused === 'refuse' && output === undefined)
    refuse(
      'onnxNetwork',
      `no node reads the weights ${idle.slice(0, 5).map(describe).join(', ')}${idle.length > 5 ? ', …' : ''}: say unused: 'ignore' if that is meant`,
    );
  const remedy =
    names === 'layers'
      ? 'their nodes do not say where they stand; export with do_constant_folding=False to keep them'
      : "names 'layers' calls them after the layers that use them";
  const folded = parameters.filter(({ name }) => isMadeUp(name)).length;
  return [
    ...(idle.length > 0
      ? [`not used: ${idle.slice(0, 5).join(', ')}${idle.length > 5 ? `, … (${idle.length})` : ''}`]
      : []),
    ...[...ties].map(
      ([name, { to, transposed }]) => `${name} is ${to}${transposed ? ', transposed' : ''}: one parameter`,
    ),
    ...(folded > 0 ? [`${folded} weights have lost their names, as folding constants makes them: ${remedy}`] : []),
  ];
}
