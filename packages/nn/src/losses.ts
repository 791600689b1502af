import { full, gatherRows, logSumExp, mul, scatterRows, square, sub, sum } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';

/**
 * A loss per example: logits (batch, classes) and labels (batch,) int32 to (batch,).
 *
 * Any function of tensors will do; its first and second derivatives are taken symbolically.
 */
export type Loss = (logits: Tensor, labels: Tensor) => Tensor;

/**
 * Cross-entropy of the softmax of the logits z, in nats: ln Σ_c e^{z_c} − z_y.
 *
 * Its Hessian by z is diag p − p pᵀ with p = softmax z, whatever the label: the Gauss-Newton matrix is the Fisher
 * information of the model.
 */
export const softmaxCrossEntropy: Loss = (logits, labels) => sub(logSumExp(logits), gatherRows(logits, labels));

/**
 * Half the squared distance to the label's unit vector: ½‖z − e_y‖².
 *
 * Its Hessian by z is the identity: the Gauss-Newton matrix is JᵀJ, the Fisher information of a unit Gaussian around z.
 */
export const squaredError: Loss = (logits, labels) => {
  const [batch, classes] = logits.shape;
  const target = scatterRows(full([batch], 1, logits.dtype), labels, classes);
  return mul(0.5, sum(square(sub(logits, target)), 1));
};
