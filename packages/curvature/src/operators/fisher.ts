import type { FloatArray } from '@hyperribbon/kernels';
import { refuse, requireOneOf, requireSeed } from '@hyperribbon/contract';
import {
  type AnyExamples,
  answersOf,
  binaryCrossEntropy,
  isTargeted,
  type Loss,
  type Network,
  softmaxCrossEntropy,
  squaredError,
} from '@hyperribbon/nn';
import type { CurvatureOptions } from '../curvatureOptions.js';
import { type OperatorMaker, operatorMaker, type OperatorRecipe } from './buildOperator.js';
import { drawLabels, drawTokens } from './drawLabels.js';
import { gaussNewtonProduct, outerProduct } from './products.js';
import { sampledTokenLoss } from './sampledTokenLoss.js';

export interface FisherOptions extends CurvatureOptions {
  /**
   * exact: the expectation over the model's own labels, Σ_c p_c g_c g_cᵀ. sampled: one label per example drawn from the
   * model, once. empirical: the data's labels. Default 'exact'
   */
  readonly kind?: 'exact' | 'sampled' | 'empirical';
  /** names the stream of sampled labels, default 0 */
  readonly seed?: number;
}

/**
 * The Fisher information matrix F = (1/n) Σ_i E[g_i g_iᵀ] of a network's model over a data set, as an operator; g_i is the
 * gradient of the loss of example i and `kind` says whose labels the expectation is over. Positive semidefinite.
 *
 * The exact matrix equals the Gauss-Newton matrix for softmax cross-entropy (a categorical model) and for
 * {@link squaredError} (a unit Gaussian around the logits), and for {@link binaryCrossEntropy} (a coin per logit). Sampled and empirical products are one tangent pass, which
 * gives all g_i·v, and one cotangent pass, which weighs the g_i by them.
 *
 * For tokens the exact matrix is the mean over examples of the mean (or sum, as their loss) over an example's tokens of what each of them tells about the
 * weights given the input; sampled draws every token for itself and has that matrix as its mean over draws; empirical takes the gradients of whole
 * examples.
 *
 * @param params flat weights (size,)
 * @throws ArgumentError for kind 'exact' or 'sampled' with a loss that names no model, and as {@link hessian}
 * Cost: as a Gauss-Newton product. Source: [kunstner2019].
 */
export const fisher: OperatorMaker<FisherOptions> = /* @__PURE__ */ operatorMaker(
  'fisher',
  ({ network, params, examples, loss }, { kind = 'exact', seed = 0 }) => {
    requireOneOf('fisher', 'kind', kind, ['exact', 'sampled', 'empirical']);
    requireSeed('fisher', seed);
    if (kind === 'empirical') return { kind: 'fisherEmpirical', product: outerProduct(network, loss) };
    if (kind === 'sampled') return { kind: 'fisherSampled', ...sampled(network, params, examples, loss, seed), seed };
    if (loss.tokens === undefined && ![softmaxCrossEntropy, squaredError, binaryCrossEntropy].includes(loss)) {
      const known = 'softmaxCrossEntropy, tokenCrossEntropy, binaryCrossEntropy or squaredError, whose model is known';
      refuse('fisher', `kind 'exact' needs ${known}; for other losses use gaussNewton`);
    }
    if (isTargeted(examples) && loss === softmaxCrossEntropy)
      refuse('fisher', "kind 'exact' is over labels that the model draws, got targets; use gaussNewton");
    return { kind: 'fisherExact', product: gaussNewtonProduct(network, loss) };
  },
  ['kind', 'seed'],
);

/** Answers drawn once, and the number per example whose gradient's outer product has the exact matrix as its mean over draws. */
function sampled(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  loss: Loss,
  seed: number,
): Pick<OperatorRecipe, 'product' | 'drawn'> {
  const { tokens } = loss;
  if (tokens !== undefined && isTargeted(examples)) {
    const targets = drawTokens(network, params, examples, tokens, seed);
    const scalar = sampledTokenLoss(tokens);
    return { product: outerProduct(network, scalar), drawn: (dtype) => answersOf({ ...examples, targets }, dtype) };
  }
  if (loss !== softmaxCrossEntropy)
    refuse('fisher', "kind 'sampled' draws class labels or tokens and needs softmaxCrossEntropy or tokenCrossEntropy");
  if (isTargeted(examples)) refuse('fisher', "kind 'sampled' draws labels in the place of labels, got targets");
  const labels = drawLabels(network, params, examples, seed);
  return { product: outerProduct(network, loss), drawn: (dtype) => answersOf({ ...examples, labels }, dtype) };
}
