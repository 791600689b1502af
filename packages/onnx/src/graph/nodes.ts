import { FormatError } from '@hyperribbon/data';
import { operators } from '../ops/table.js';
import type { OnnxGraph, OnnxModel, OnnxNode } from '../protobuf/model.js';

/** newest version of ONNX's operators that is known here */
export const NEWEST_OPSET = 21;

/**
 * Names of the operators that are computed here, in alphabetical order.
 * @example onnxOperators().includes('Conv'); // true
 */
export function onnxOperators(): string[] {
  return [...operators.keys()].toSorted();
}

/** What to call a node in messages: its operator and its name, or what it gives. */
export function nodeLabel({ operator, name, domain, outputs }: OnnxNode): string {
  const own =
    name === ''
      ? `giving ${JSON.stringify((outputs.find((output) => output !== '') ?? '').slice(0, 60))}`
      : JSON.stringify(name.slice(0, 60));
  return `${domain === '' ? '' : `${domain}.`}${operator} node ${own}`;
}

/** Nodes that some values need, in the order of the file. */
export function neededNodes(
  graph: OnnxGraph,
  wanted: readonly string[],
  isBound: (name: string) => boolean = () => false,
): OnnxNode[] {
  const needed = new Set(wanted);
  const nodes: OnnxNode[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => name !== '' && needed.has(name) && !isBound(name))) continue;
    nodes.push(node);
    for (const name of namesRead(node)) needed.add(name);
  }
  return nodes.toReversed();
}

/** Names that a node reads, those that graphs in its attributes read from around them included. */
export function namesRead({ inputs, attributes }: OnnxNode): string[] {
  const inner = [...attributes.values()].flatMap((attribute) =>
    attribute.kind === 'graph'
      ? [...attribute.value.nodes.flatMap(namesRead), ...attribute.value.outputs.map(({ name }) => name)]
      : [],
  );
  return [...inputs, ...inner].filter((name) => name !== '');
}

/**
 * Checks that all operators of some nodes are computed here, before anything is.
 * @throws FormatError that names the first node whose operator is not, how many others there are, and what could be done
 */
export function requireSupported(model: OnnxModel, nodes: readonly OnnxNode[]): void {
  if (model.opset > NEWEST_OPSET)
    throw new FormatError(
      'onnx',
      `the file uses opset ${model.opset}, and those up to ${NEWEST_OPSET} are read: export with opset_version=${NEWEST_OPSET} or lower`,
      { unsupported: true },
    );
  const unknown = nodes.flatMap(unsupported);
  if (unknown.length === 0) return;
  const others = [...new Set(unknown.map(({ operator }) => operator))].slice(1, 6);
  const more = others.length === 0 ? '' : `; neither are ${others.join(', ')}`;
  throw new FormatError(
    'onnx',
    `${nodeLabel(unknown[0])} (opset ${model.opset}) has an operator that is not computed here${more}: export the network without it (torch.onnx.export with opset_version=17 and do_constant_folding=False keeps to simple ones)`,
    { unsupported: true },
  );
}

function unsupported(node: OnnxNode): OnnxNode[] {
  const own = node.domain !== '' || !operators.has(node.operator) ? [node] : [];
  const inner = [...node.attributes.values()].flatMap((attribute) =>
    attribute.kind === 'graph' ? attribute.value.nodes.flatMap(unsupported) : [],
  );
  return [...own, ...inner];
}
