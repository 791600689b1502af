import { constant, full } from '@hyperribbon/autodiff';
import { requireOneOf, requireOnly } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { type Network, type ParameterSpec, defineNetwork, flatten, networkProgram } from '@hyperribbon/nn';
import { inlined } from '../graph/inline.js';
import { type OnnxNode, parseOnnx } from '../protobuf/model.js';
import { sizeOf } from '../values/shapes.js';
import { batchingOf, traced } from './batching.js';
import { type Batching, drawsOf, forward, forwardTraining } from './forward.js';
import { type Imported, imported } from './imported.js';
import type { OnnxNetworkOptions } from './options.js';

const known = ['external', 'name', 'parameters', 'input', 'fixed', 'output', 'inputShape', 'names', 'unused'];

/** What a file says. */
export interface OnnxNetwork {
  readonly network: Network;
  /** (network.size,) the file's weights: float32, or float64 if one of them is */
  readonly params: FloatArray;
  /** what a reader of a report should know: ties, lost names, a batch axis that was fixed */
  readonly notes: readonly string[];
  readonly producer: string;
  readonly opset: number;
}

/**
 * A network from an ONNX file: its graph becomes the network's function, its weights the parameters.
 *
 * Float arrays are parameters if they are operands of products and convolutions, scales and shifts of normalisations, tables of a Gather, or
 * arrays that are added or multiplied and are no scalars and no masks; all else is a constant, and what is computed of constants alone is
 * computed once. Names are those of the file. Weights that are written twice are one parameter. Running statistics of batch norms are buffers;
 * graphs exported in training mode train with statistics of their batches and with dropout. A graph for a batch of one takes its examples one
 * by one. Decimals of attributes are the shortest that their float32 stands for (1e-5, not 9.99999975e-6).
 *
 * @param bytes the whole file; examples are flat rows of its one input, images channels first
 * @returns network, weights and notes. An output (batch, …) is flattened to (batch, classes): positions × vocabulary for language models
 * @throws FormatError for files that are damaged, and for operators, opsets, types and shapes that are not computed: it names node, operator and
 * opset and says what to do. ArgumentError for options that do not fit the file, and weights that no node reads
 * Cost: one pass over the file, one copy of the weights, two traces
 * @example
 * const { network, params } = onnxNetwork(bytes); // bytes of a dense layer with weights W and b
 * network.parameters.map(({ name }) => name); // ['W', 'b']
 */
export function onnxNetwork(bytes: Uint8Array, options: OnnxNetworkOptions = {}): OnnxNetwork {
  requireOnly('onnxNetwork', options, known);
  const { external, name, names = 'file', unused = 'refuse' } = options;
  requireOneOf('onnxNetwork', 'names', names, ['file', 'layers']);
  requireOneOf('onnxNetwork', 'unused', unused, ['refuse', 'ignore']);
  const model = inlined(parseOnnx(bytes, external === undefined ? {} : { external }));
  const graph = imported(model, options);
  const { batching, classes, notes } = batchingOf(graph);
  const network = networkOf(graph, batching, classes, name ?? (model.graph.name || 'onnx'));
  const arrays = Object.fromEntries(graph.parameters.map((parameter) => [parameter.name, parameter.tensor.data]));
  const wide = graph.parameters.some(({ tensor }) => tensor.type === 'float64');
  const params = flatten(network, arrays, wide ? new Float64Array(network.size) : new Float32Array(network.size));
  return { network, params, notes: [...graph.notes, ...notes], producer: model.producer, opset: model.opset };
}

function networkOf(graph: Imported, batching: Batching, classes: number, name: string): Network {
  const { input, buffers } = graph;
  const inputs = sizeOf(input.shape);
  const apply: Network['apply'] = (params, x, values) => forward(graph, batching, params, x, values!);
  const trains = batching === 'together' && graph.nodes.some((node) => isTraining(node, graph));
  let draws = 0;
  if (trains)
    traced(graph, (params, x, values) => {
      draws = drawsOf(graph, params, x, values);
      return x;
    });
  return defineNetwork({
    name,
    inputs,
    classes,
    inputShape: input.shape,
    parameters: withStarts(graph, inputs, apply),
    apply,
    ...(input.vocabulary !== undefined && { vocabulary: input.vocabulary }),
    ...(buffers.length > 0 && { buffers }),
    ...(draws > 0 && { draws }),
    ...(trains && { applyTraining: (params, x, mode) => forwardTraining(graph, params, x, mode) }),
  });
}

/** Weights of dense layers and convolutions start as those do; all others as their use says. */
function withStarts(graph: Imported, inputs: number, apply: Network['apply']): ParameterSpec[] {
  const parameters = graph.parameters.map(({ name, tensor }) => ({ name, shape: tensor.shape }));
  const buffers = Object.fromEntries(
    graph.buffers.map(({ name, shape, value }) => [
      name,
      typeof value === 'number' ? full(shape, value) : constant(Float64Array.from(value), shape),
    ]),
  );
  const { maps } = networkProgram({ inputs, parameters, apply: (params, x) => apply(params, x, buffers) }, 2);
  const layers = new Set(maps.flatMap(({ weight, bias }) => [weight, bias]));
  return parameters.map((spec, i) => (layers.has(i) ? spec : { ...spec, start: graph.parameters[i].start }));
}

/** Whether a node was exported in training mode: a batch norm that uses its batch, a dropout that drops. */
function isTraining({ operator, inputs, outputs, attributes }: OnnxNode, { opset, constants }: Imported): boolean {
  if (operator === 'BatchNormalization') {
    const mode = attributes.get('training_mode');
    return opset >= 14 ? mode?.kind === 'int' && mode.value === 1 : outputs.filter((name) => name !== '').length > 1;
  }
  if (operator !== 'Dropout' || opset < 12) return false;
  const [rate, mode] = [inputs[1], inputs[2]].map((name) => constants.get(name ?? ''));
  const drops = rate?.kind !== 'known' || rate.data[0] > 0;
  return drops && mode?.kind === 'known' && mode.data[0] !== 0;
}
