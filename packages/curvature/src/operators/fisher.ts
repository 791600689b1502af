import { refuse, requireOneOf, requireSeed } from '@hyperribbon/contract';
import { binaryCrossEntropy, isTargeted, softmaxCrossEntropy, squaredError } from '@hyperribbon/nn';
import type { CurvatureOptions } from '../curvatureOptions.js';
import { type OperatorMaker, operatorMaker } from './buildOperator.js';
import { drawLabels } from './drawLabels.js';
import { gaussNewtonProduct, outerProduct } from './products.js';

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
    if (kind === 'sampled') {
      if (loss !== softmaxCrossEntropy)
        refuse('fisher', "kind 'sampled' draws class labels and needs softmaxCrossEntropy");
      if (isTargeted(examples)) refuse('fisher', "kind 'sampled' draws labels in the place of labels, got targets");
      const drawn = drawLabels(network, params, examples, seed);
      return { kind: 'fisherSampled', product: outerProduct(network, loss), drawn, seed };
    }
    if (loss !== softmaxCrossEntropy && loss !== squaredError && loss !== binaryCrossEntropy) {
      const known = 'softmaxCrossEntropy, binaryCrossEntropy or squaredError, whose model is known';
      refuse('fisher', `kind 'exact' needs ${known}; for other losses use gaussNewton`);
    }
    if (isTargeted(examples) && loss === softmaxCrossEntropy)
      refuse('fisher', "kind 'exact' is over labels that the model draws, got targets; use gaussNewton");
    return { kind: 'fisherExact', product: gaussNewtonProduct(network, loss) };
  },
  ['kind', 'seed'],
);
