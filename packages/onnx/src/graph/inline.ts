import { FormatError } from '@hyperribbon/data';
import type { OnnxAttribute, OnnxFunction, OnnxGraph, OnnxModel, OnnxNode } from '../protobuf/model.js';
import type { OnnxTensor } from '../protobuf/tensorProto.js';
import { nodeLabel } from './nodes.js';

/** most functions within functions, and most nodes that they may become */
const DEEPEST = 12;
const MOST = 100_000;

interface Inlining {
  readonly functions: ReadonlyMap<string, OnnxFunction>;
  count: number;
}

/** A call that is being written out: what names and attributes mean within it. */
interface Scope {
  readonly names: ReadonlyMap<string, string>;
  /** before all other names */
  readonly prefix: string;
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
  readonly depth: number;
}

/**
 * A model without functions: each node that calls one is replaced by the function's nodes, their names made the call's own.
 *
 * @throws FormatError for functions that call themselves, or grow beyond what anybody writes
 */
export function inlined(model: OnnxModel): OnnxModel {
  if (model.functions.length === 0) return model;
  const functions = new Map(model.functions.map((f) => [`${f.domain}::${f.name}`, f]));
  const inlining: Inlining = { functions, count: 0 };
  const whole: Scope = { names: new Map(), prefix: '', attributes: new Map(), depth: 0 };
  return { ...model, functions: [], graph: graphIn(inlining, model.graph, whole) };
}

function graphIn(inlining: Inlining, graph: OnnxGraph, scope: Scope): OnnxGraph {
  const own = <T extends { readonly name: string }>(info: T): T => ({ ...info, name: nameIn(scope, info.name) });
  return {
    name: graph.name,
    nodes: graph.nodes.flatMap((node) => nodesIn(inlining, node, scope)),
    initializers: new Map(
      [...graph.initializers].map(([name, tensor]): [string, OnnxTensor] => [nameIn(scope, name), own(tensor)]),
    ),
    inputs: graph.inputs.map(own),
    outputs: graph.outputs.map(own),
  };
}

function nodesIn(inlining: Inlining, node: OnnxNode, scope: Scope): OnnxNode[] {
  inlining.count += 1;
  const called = inlining.functions.get(`${node.domain}::${node.operator}`);
  if (scope.depth > DEEPEST || inlining.count > MOST)
    throw new FormatError(
      'onnx',
      `${nodeLabel(node)} is one too many: functions of the file call each other without end`,
    );
  const placed: OnnxNode = {
    ...node,
    inputs: node.inputs.map((name) => nameIn(scope, name)),
    outputs: node.outputs.map((name) => nameIn(scope, name)),
    attributes: attributesIn(inlining, node.attributes, scope),
  };
  if (called === undefined) return [placed];
  const names = new Map<string, string>();
  called.inputs.forEach((name, i) => names.set(name, placed.inputs[i] ?? ''));
  called.outputs.forEach((name, i) => placed.outputs[i] && names.set(name, placed.outputs[i]));
  const inner: Scope = {
    names,
    prefix: `${scope.prefix}${node.name || node.outputs[0]}/`,
    attributes: new Map([...called.defaults, ...placed.attributes]),
    depth: scope.depth + 1,
  };
  return called.nodes.flatMap((part) => nodesIn(inlining, part, inner));
}

function attributesIn(
  inlining: Inlining,
  attributes: OnnxNode['attributes'],
  scope: Scope,
): ReadonlyMap<string, OnnxAttribute> {
  const placed = new Map<string, OnnxAttribute>();
  for (const [name, attribute] of attributes) {
    if (attribute.kind === 'graph')
      placed.set(name, { kind: 'graph', value: graphIn(inlining, attribute.value, scope) });
    else if (attribute.kind !== 'reference') placed.set(name, attribute);
    else {
      // an attribute that the call leaves off is left off here too
      const given = scope.attributes.get(attribute.value);
      if (given !== undefined) placed.set(name, given);
    }
  }
  return placed;
}

function nameIn({ names, prefix }: Scope, name: string): string {
  return name === '' ? '' : (names.get(name) ?? `${prefix}${name}`);
}
