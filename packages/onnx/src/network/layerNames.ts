import type { OnnxGraph, OnnxNode } from '../protobuf/model.js';
import type { OnnxTensor } from '../protobuf/tensorProto.js';

/** What the inputs of an operator are called in a PyTorch module. */
const slots: Readonly<Record<string, readonly (string | undefined)[]>> = {
  Gemm: [undefined, 'weight', 'bias'],
  MatMul: [undefined, 'weight'],
  Add: ['bias', 'bias'],
  Conv: [undefined, 'weight', 'bias'],
  ConvTranspose: [undefined, 'weight', 'bias'],
  BatchNormalization: [undefined, 'weight', 'bias', 'running_mean', 'running_var'],
  InstanceNormalization: [undefined, 'weight', 'bias'],
  GroupNormalization: [undefined, 'weight', 'bias'],
  LayerNormalization: [undefined, 'weight', 'bias'],
  PRelu: [undefined, 'weight'],
  Gather: ['weight'],
};

/** Names that an exporter made up: `onnx::Conv_193`, or `193` alone. */
export function isMadeUp(name: string): boolean {
  return /^(onnx::\w+_)?\d+$/.test(name);
}

/**
 * The graph with weights that lost their names, as folding constants makes them, named after the layers that use them: nodes still say where
 * they stand (`/layer1/layer1.0/conv1/Conv`), so `onnx::Conv_196` becomes `layer1.0.conv1.weight`. Shapes stay those of the file: a weight of a
 * MatMul is (in, out).
 *
 * Names that the file has already, and those of nodes that say nothing, stay.
 */
export function withLayerNames(graph: OnnxGraph): OnnxGraph {
  const names = new Map<string, string>();
  const taken = new Set(graph.initializers.keys());
  // equal arrays are merged, and other names of one array given by Identity
  const others = graph.nodes.filter(({ operator, inputs }) => operator === 'Identity' && taken.has(inputs[0]));
  const arrays = new Set([...taken, ...others.flatMap(({ outputs }) => outputs)]);
  for (const { operator, name, inputs } of graph.nodes) {
    const path = modulePath(name);
    inputs.forEach((input, i) => {
      const slot = slots[operator]?.[i];
      if (path === '' || slot === undefined || names.has(input) || !isMadeUp(input) || !arrays.has(input)) return;
      const own = `${path}.${slot}`;
      if (taken.has(own)) return;
      taken.add(own);
      names.set(input, own);
    });
  }
  const renamed = (name: string): string => names.get(name) ?? name;
  return {
    ...graph,
    nodes: graph.nodes.map(
      (node): OnnxNode => ({
        ...node,
        inputs: node.inputs.map(renamed),
        outputs: node.outputs.map(renamed),
      }),
    ),
    initializers: new Map(
      [...graph.initializers].map(([name, tensor]): [string, OnnxTensor] => [
        renamed(name),
        { ...tensor, name: renamed(name) },
      ]),
    ),
  };
}

/** Where a node stands: `/layer1/layer1.0/conv1/Conv` is in `layer1.0.conv1`. */
function modulePath(node: string): string {
  if (!node.startsWith('/')) return '';
  const parts: string[] = [];
  for (const part of node.split('/').slice(1, -1)) {
    // a list of modules and its entry are two parts, of which the second says both
    if (parts.length > 0 && part.startsWith(`${parts.at(-1)}.`)) parts[parts.length - 1] = part;
    else parts.push(part);
  }
  return parts.join('.');
}
