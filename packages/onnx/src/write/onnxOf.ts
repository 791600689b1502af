import { type Program, type Spec, type Tensor, float32, float64, trace } from '@hyperribbon/autodiff';
import { requireNoOthers, requireOneOf, typedArrayName } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { type Network, bufferValues, networkToData, unflatten, usedWeights, weightsByName } from '@hyperribbon/nn';
import type { OnnxTensor } from '../protobuf/tensorProto.js';
import { writeOnnx } from '../protobuf/writeOnnx.js';
import { caller } from './draft.js';
import { nodesOf } from './graphOf.js';

/** Options of {@link onnxOf}. */
export interface OnnxOfOptions {
  /** type of weights and of all that is computed; default that of the weights */
  readonly dtype?: Dtype;
}

/** Versions that runtimes of 2022 and later read. */
const IR = 8;
const OPSET = 17;
/** A prime that no width is a multiple of: it marks the lengths of a program that count examples. */
const BATCH = 1_000_003;

/**
 * A network and its weights as an ONNX file, as it is evaluated, for batches of any size.
 *
 * Weights and the statistics of batch norms are initialisers under their own names; examples are the input `x` (batch, inputs) or, where the
 * network says the shape of one, (batch, channels, height, width); tokens are int64. The output `logits` is (batch, classes). Dense layers come out as Gemm and
 * MatMul, convolutions as Conv, pooling, batch norms and embeddings as such, all else entry by entry, opset 17. Of a network with latent weights the file
 * holds those that it computes with, such as binary ones, and not the latent ones: it can be evaluated, not trained further.
 *
 * @param params (size,)
 * @throws ArgumentError for weights of another length, for a network whose function of one example depends on how many there are, and for what
 * no operator of ONNX says, such as lgamma
 * Cost: that of tracing the network four times, and one copy of the weights
 * @example
 * const net = mlp([2, 3, 2]);
 * parseOnnx(onnxOf(net, net.init(1))).graph.nodes.map(({ operator }) => operator); // ['Gemm', 'Tanh', 'Gemm']
 */
export function onnxOf(
  network: Network,
  params: FloatArray,
  { dtype = typedArrayName(params) === 'Float64Array' ? 'float64' : 'float32', ...others }: OnnxOfOptions = {},
): Uint8Array {
  requireNoOthers(caller, others, 'OnnxOfOptions');
  requireOneOf(caller, 'dtype', dtype, ['float32', 'float64']);
  if (network.latent !== undefined) {
    const used = usedWeights(network, params);
    return onnxOf(used.network, used.params, { dtype });
  }
  const weights = unflatten(network, params);
  networkToData(network);
  const { parameters, buffers = [], inputs, inputShape = [inputs], vocabulary, classes } = network;
  const kept = bufferValues(network, dtype);
  const initializers = new Map<string, OnnxTensor>();
  for (const { name, shape } of [...parameters, ...buffers])
    initializers.set(name, { name, type: dtype, shape, data: weights[name] ?? kept[name] });
  const free = (name: string): string => (initializers.has(name) ? free(`${name}_`) : name);
  const [x, logits] = [free('x'), free('logits')];
  const type = vocabulary === undefined ? dtype : 'int64';
  const examples = { name: x, shape: [BATCH, ...inputShape], type } as const;
  return writeOnnx({
    irVersion: IR,
    producer: 'hyperribbon',
    opsets: new Map([['', OPSET]]),
    graph: {
      name: network.name,
      nodes: nodesOf(programOf(network, dtype), [...initializers.keys()], examples, logits),
      initializers,
      inputs: [{ name: x, type, typeName: type, shape: ['batch', ...inputShape] }],
      outputs: [{ name: logits, type: dtype, typeName: dtype, shape: ['batch', classes] }],
    },
  });
}

/** The network's program with its buffers as inputs, so that they keep their names. */
function programOf(network: Network, dtype: Dtype): Program {
  const spec = dtype === 'float64' ? float64 : float32;
  const { parameters, buffers = [] } = network;
  const specs = (arrays: readonly { readonly shape: readonly number[] }[]): Spec[] =>
    arrays.map(({ shape }) => spec(...shape));
  const evaluated = (weights: readonly Tensor[], kept: readonly Tensor[], x: Tensor): Tensor => {
    const byName = weightsByName(network, weights);
    if (buffers.length === 0) return network.apply(byName, x);
    return network.apply(byName, x, weightsByName({ parameters: buffers }, kept));
  };
  return trace(evaluated, [specs(parameters), specs(buffers), spec(BATCH, network.inputs)]).program;
}
