import { requireNoOthers } from '@hyperribbon/contract';
import { add, compile, float64, matmul, mul, transpose } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import type { AffineMap } from '@hyperribbon/autodiff/walk';
import type { FloatArray } from '@hyperribbon/kernels';
import {
  type AnyExamples,
  answersOf,
  type Network,
  type ParameterTensors,
  networkProgram,
  parameterSpecs,
  softmaxCrossEntropy,
  unflatten,
} from '@hyperribbon/nn';
import type { ExampleJacobianOptions } from './exampleJacobian.js';
import { gradientRows } from './gradientRows.js';
import { mapFactors } from './mapFactors.js';
import { scoped } from '../operators/scoped.js';
import { numberPerExample } from './numberPerExample.js';

export type GramOptions = Pick<ExampleJacobianOptions, 'of' | 'memoryLimit' | 'deterministic' | 'parameters'>;

/**
 * K = S Sᵀ/N, where row i of S (N, size) is the gradient of a number of example i by the weights: the dual of the matrix
 * (1/N) Σ s_i s_iᵀ, with the same non-zero eigenvalues.
 *
 * Of dense layers the rows are never formed: the gradient by W_l is a_{l−1,i} δ_{l,i}ᵀ, so they add
 * Σ_l (δ_{l,i}·δ_{l,j}) (1 + a_{l−1,i}·a_{l−1,j}), the 1 from the bias. Of all other parameters (convolutions, scales, weights used twice) every
 * example's gradient is formed. Labels are those of the examples: for the sampled Fisher matrix put sampled ones there. Times N and with
 * `of: c` it is the tangent kernel of logit c.
 *
 * @returns (N, N) row-major, float64
 * Cost: 2 N² Σ widths flops and about 3·8·N² bytes for dense layers; for other parameters 2 N² flops and 8 N bytes a weight.
 * Source: [yang2022]'s published code, in the product form of [dangel2020].
 */
export function gramMatrix(
  whole: Network,
  wholeParams: FloatArray,
  examples: AnyExamples,
  { of = softmaxCrossEntropy, memoryLimit, deterministic = false, parameters, ...unknown }: GramOptions = {},
): Float64Array {
  requireNoOthers('gramMatrix', unknown, 'GramOptions');
  const { network, params } = scoped('gramMatrix', whole, wholeParams, { parameters });
  const scalar = numberPerExample('gramMatrix', network, examples, of, { dtype: 'float64', deterministic });
  const { count, features } = examples;
  const answers = answersOf(examples, 'float64');
  const program = networkProgram(network, count);
  const factored = program.maps.map(isDenseLayer);
  const inFactors = new Set(program.maps.flatMap(({ weight, bias }, i) => (factored[i] ? [weight, bias] : [])));
  const others = network.parameters.flatMap(({ name }, i) => (inFactors.has(i) ? [] : [name]));
  const kernel = (weights: ParameterTensors, x: Tensor, labels: Tensor): Tensor => {
    const { inputs, deltas } = mapFactors(program, scalar, weights, x, labels);
    const terms = program.maps.flatMap(({ bias }, i) => {
      if (!factored[i]) return [];
      const alike = selfProduct(inputs[i]);
      return [mul(selfProduct(deltas[i]), bias === undefined ? alike : add(1, alike))];
    });
    const rows = others.length === 0 ? [] : gradientRows(network, scalar, weights, others, x, labels);
    return mul(1 / count, [...terms, ...rows.map(selfProduct)].reduce(add));
  };
  const planned = compile(kernel, [parameterSpecs(network, 'float64'), float64(count, features), answers.spec(count)], {
    deterministic,
    ...(memoryLimit === undefined ? {} : { memoryLimit }),
  });
  const inputs = Float64Array.from(examples.inputs);
  return Float64Array.from(
    planned(unflatten(network, Float64Array.from(params)), inputs, answers.data) as Float64Array,
  );
}

/** Whether an example's gradient by the weights is one product of a column and a row. */
function isDenseLayer({ positions, alone }: AffineMap): boolean {
  return positions === 1 && alone;
}

function selfProduct(x: Tensor): Tensor {
  return matmul(x, transpose(x));
}
