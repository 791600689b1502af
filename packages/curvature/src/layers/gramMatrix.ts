import { add, compile, float64, int32, matmul, mul, transpose } from '@hyperribbon/autodiff';
import type { Spec, Tensor } from '@hyperribbon/autodiff';
import type { FloatArray } from '@hyperribbon/kernels';
import {
  type Examples,
  type Loss,
  type Network,
  type ParameterTensors,
  assertExamples,
  assertWeights,
  softmaxCrossEntropy,
  unflatten,
} from '@hyperribbon/nn';
import { layerTaps } from './layerTaps.js';
import { logit } from '../operators/logit.js';

export interface GramOptions {
  /** the number per example whose gradients are compared: a loss (default {@link softmaxCrossEntropy}), or a logit by class number */
  readonly of?: Loss | number;
  /** refuse to plan above this many bytes */
  readonly memoryLimit?: number;
  /** true: the same bits in every runtime. Default false */
  readonly deterministic?: boolean;
}

/**
 * K = S Sᵀ/N, where row i of S (N, size) is the gradient of a number of example i by the weights: the dual of the matrix
 * (1/N) Σ s_i s_iᵀ, with the same non-zero eigenvalues.
 *
 * The rows are never formed. In a stack of dense layers the gradient by W_l is a_{l−1,i} δ_{l,i}ᵀ, so
 * K_ij = (1/N) Σ_l (δ_{l,i}·δ_{l,j}) (1 + a_{l−1,i}·a_{l−1,j}), the 1 from the bias. Labels are those of the examples:
 * for the sampled Fisher matrix put sampled ones there. Times N and with `of: c` it is the tangent kernel of logit c.
 *
 * @returns (N, N) row-major, float64
 * @throws TypeError for a network that is not a stack of dense layers
 * Cost: 2 N² Σ widths flops, about 3·8·N² bytes. Source: [yang2022]'s published code, in the product form of [dangel2020].
 */
export function gramMatrix(
  network: Network,
  params: FloatArray,
  examples: Examples,
  { of = softmaxCrossEntropy, memoryLimit, deterministic = false }: GramOptions = {},
): Float64Array {
  const structure = network.dense;
  if (structure === undefined) {
    throw new TypeError(`gramMatrix: network must be a stack of dense layers (mlp), got ${network.name}`);
  }
  assertExamples('gramMatrix', network, examples);
  assertWeights('gramMatrix', 'params', network, params);
  const { count, features } = examples;
  const scalar = typeof of === 'number' ? logit('gramMatrix', network, of) : of;
  const kernel = (weights: ParameterTensors, x: Tensor, labels: Tensor): Tensor => {
    const { inputs, deltas } = layerTaps(structure, scalar, weights, x, labels);
    const terms = deltas.map((delta, i) => mul(selfProduct(delta), add(1, selfProduct(inputs[i]))));
    return mul(
      1 / count,
      terms.reduce((total, term) => add(total, term)),
    );
  };
  const specs: Record<string, Spec> = Object.fromEntries(
    network.parameters.map(({ name, shape }) => [name, float64(...shape)]),
  );
  const planned = compile(kernel, [specs, float64(count, features), int32(count)], {
    deterministic,
    ...(memoryLimit === undefined ? {} : { memoryLimit }),
  });
  const inputs = Float64Array.from(examples.inputs);
  return Float64Array.from(
    planned(unflatten(network, Float64Array.from(params)), inputs, examples.labels) as Float64Array,
  );
}

function selfProduct(x: Tensor): Tensor {
  return matmul(x, transpose(x));
}
