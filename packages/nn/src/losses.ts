import {
  type Tensor,
  compile,
  float32,
  float64,
  full,
  gatherRows,
  int32,
  logSumExp,
  mul,
  scatterRows,
  square,
  sub,
  sum,
} from '@hyperribbon/autodiff';
import { floatArray, refuse } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';

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

/**
 * Checks that a loss gives one number per example, of this example alone: sums over chunks count on it.
 *
 * @throws ArgumentError saying what it gives instead. Cost: plans the loss for one example and for two, milliseconds
 * @example requireLoss('train', softmaxCrossEntropy, 10, 'float32');
 */
export function requireLoss(caller: string, loss: Loss, classes: number, dtype: Dtype): void {
  const spec = dtype === 'float64' ? float64 : float32;
  // of two examples that look like any others
  const logits = floatArray(
    dtype,
    Float64Array.from({ length: 2 * classes }, (_, i) => ((7 * i + 3) % 11) / 4 - 1),
  );
  const values = (from: number, to: number): FloatArray => {
    const rows = to - from;
    const checked: Loss = (z, y) => {
      const losses = loss(z, y);
      if (losses.shape.length !== 1 || losses.shape[0] !== rows)
        refuse(caller, `loss must give one number per example, (${rows},), got (${losses.shape.join(', ')})`);
      return losses;
    };
    const planned = compile(checked, [spec(rows, classes), int32(rows)], { engine: 'typescript', deterministic: true });
    const labels = Int32Array.of(0, classes - 1).subarray(from, to);
    return planned(logits.subarray(from * classes, to * classes), labels) as FloatArray;
  };
  const both = values(0, 2);
  for (const i of [0, 1]) {
    const [alone] = values(i, i + 1);
    if (Math.abs(both[i] - alone) > 1e-4 * Math.abs(alone))
      refuse(caller, `loss of an example must not depend on the others, got ${both[i]} beside one, ${alone} alone`);
  }
}
