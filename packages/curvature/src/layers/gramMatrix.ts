import { requireNoOthers } from '@hyperribbon/contract';
import { reshape } from '@hyperribbon/autodiff';
import type { FloatArray } from '@hyperribbon/kernels';
import { type AnyExamples, type Network, softmaxCrossEntropy } from '@hyperribbon/nn';
import type { ExampleJacobianOptions } from './exampleJacobian.js';
import { scoped } from '../operators/scoped.js';
import { gramAtOnce } from './gramInSteps.js';
import { numberPerExample } from './numberPerExample.js';

export type GramOptions = Pick<ExampleJacobianOptions, 'of' | 'memoryLimit' | 'deterministic' | 'parameters'>;

/**
 * K = S Sᵀ/N, where row i of S (N, size) is the gradient of a number of example i by the weights: the dual of the matrix
 * (1/N) Σ s_i s_iᵀ, with the same non-zero eigenvalues.
 *
 * Of dense layers the rows are never formed: the gradient by W_l is a_{l−1,i} δ_{l,i}ᵀ, so they add
 * Σ_l (δ_{l,i}·δ_{l,j}) (1 + a_{l−1,i}·a_{l−1,j}), the 1 from the bias. Convolutions and layers of tokens go by products of their rows where that is
 * cheaper than forming the gradients; those, and gradients of all other parameters (scales, weights used twice), are formed by groups of parameters.
 * Labels are those of the examples: for the sampled Fisher matrix put sampled ones there. Times N and with `of: c` it is the tangent kernel of logit c;
 * {@link logitGramInSteps} is that of all logits.
 *
 * @returns (N, N) row-major, float64
 * @throws MemoryLimitError before anything runs, default limit 2 GiB
 * Cost: 2 N² Σ widths flops for dense layers and at most N² + 2 N positions a weight for others; 8·N² bytes, and what fits 0.5 GB of factors.
 * Source: [yang2022]'s published code, in the product form of [dangel2020].
 */
export function gramMatrix(
  whole: Network,
  wholeParams: FloatArray,
  examples: AnyExamples,
  { of = softmaxCrossEntropy, memoryLimit = 2 ** 31, deterministic = false, parameters, ...unknown }: GramOptions = {},
): Float64Array {
  requireNoOthers('gramMatrix', unknown, 'GramOptions');
  const caller = 'gramMatrix';
  const { network, params } = scoped(caller, whole, wholeParams, { parameters });
  const scalar = numberPerExample(caller, network, examples, of, { dtype: 'float64', deterministic });
  const K = gramAtOnce({
    caller,
    network,
    params,
    examples,
    deterministic,
    memoryLimit,
    numbers: (logits, answers) => reshape(scalar(logits, answers), [-1, 1]),
    count: 1,
    rows: 'each',
    dtype: 'float64',
  });
  const scale = 1 / examples.count;
  for (let i = 0; i < K.length; i++) K[i] *= scale;
  return K;
}
