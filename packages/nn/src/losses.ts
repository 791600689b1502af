import {
  type Tensor,
  add,
  compile,
  convert,
  float32,
  float64,
  full,
  gatherRows,
  int32,
  logSoftmax,
  logSumExp,
  mul,
  neg,
  reshape,
  scatterRows,
  select,
  softplus,
  square,
  sub,
  sum,
} from '@hyperribbon/autodiff';
import { floatArray, refuse } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';

/** How a loss reads targets that are token numbers. */
export interface TokenAnswers {
  /** tokens per example: targets are (count, positions), and the network's outputs (count, positions · vocabulary) */
  readonly positions: number;
  /** the number that stands where no token is asked for */
  readonly ignore: number;
  /** over the tokens of an example that are asked for */
  readonly reduction: 'mean' | 'sum';
}

/**
 * A loss per example: logits (batch, outputs) and answers to (batch,). Answers are labels, int32 (batch,), or targets,
 * (batch, outputs) in the dtype of the logits.
 *
 * Any function of tensors will do; its first and second derivatives are taken symbolically.
 */
export interface Loss {
  (logits: Tensor, answers: Tensor): Tensor;
  /** where targets are token numbers, (batch, positions) beside logits (batch, positions · vocabulary) */
  readonly tokens?: TokenAnswers;
}

/**
 * Cross-entropy of the softmax of the logits z, in nats: ln Σ_c e^{z_c} − z_y; for targets t, class probabilities or
 * other weights of classes, Σ_c t_c (ln Σ_k e^{z_k} − z_c).
 *
 * Its Hessian by z is diag p − p pᵀ with p = softmax z, whatever the label: the Gauss-Newton matrix is the Fisher
 * information of the model.
 *
 * For labels it is computed as ln(1 + Σ_{c≠y} e^{z_c − z_y}): loss, gradient and Hessian products keep their relative accuracy however
 * small the loss and however large the logits.
 */
export const softmaxCrossEntropy: Loss = (logits, answers) => {
  if (answers.dtype !== 'int32') return neg(sum(mul(answers, logSoftmax(logits)), 1));
  const [batch, classes] = logits.shape;
  const own = gatherRows(logits, answers);
  if (classes === 1) return sub(own, own);
  const isOwn = scatterRows(full([batch], 1, logits.dtype), answers, classes);
  // e to this power is 0, and its derivatives are
  const never = logits.dtype === 'float32' ? -3e38 : -1e308;
  return softplus(logSumExp(select(isOwn, never, sub(logits, reshape(own, [batch, 1])))));
};

/**
 * Half the squared distance to the target, for a label to its unit vector: ½‖z − t‖², ½‖z − e_y‖².
 *
 * Its Hessian by z is the identity: the Gauss-Newton matrix is JᵀJ, the Fisher information of a unit Gaussian around z.
 */
export const squaredError: Loss = (logits, answers) => {
  const [batch, classes] = logits.shape;
  const isLabel = answers.dtype === 'int32';
  const target = isLabel ? scatterRows(full([batch], 1, logits.dtype), answers, classes) : answers;
  return mul(0.5, sum(square(sub(logits, target)), 1));
};

/**
 * Cross-entropy of yes-or-no questions, one per logit, in nats: Σ_c t_c ln(1 + e^{−z_c}) + (1 − t_c) ln(1 + e^{z_c}).
 *
 * For a network of one logit answers may be labels, 0 or 1; else they are targets in [0, 1], several of which may be 1.
 * Its Hessian by z is diagonal, σ(z)(1 − σ(z)), whatever the target.
 */
export const binaryCrossEntropy: Loss = (logits, answers) => {
  const isLabel = answers.dtype === 'int32';
  if (isLabel && logits.shape[1] !== 1)
    refuse('binaryCrossEntropy', `labels answer one question, got ${logits.shape[1]} logits; hand in targets`);
  const yes = isLabel ? reshape(convert(answers, logits.dtype), logits.shape) : answers;
  return sum(add(mul(yes, softplus(neg(logits))), mul(sub(1, yes), softplus(logits))), 1);
};

/**
 * Checks that a loss gives one number per example, of this example alone: sums over chunks count on it.
 *
 * @throws ArgumentError saying what it gives instead. Cost: plans the loss for one example and for two, milliseconds
 * @example requireLoss('train', softmaxCrossEntropy, 10, 'float32');
 */
export function requireLoss(
  caller: string,
  loss: Loss,
  classes: number,
  dtype: Dtype,
  answers: 'labels' | 'targets' = 'labels',
): void {
  const spec = dtype === 'float64' ? float64 : float32;
  requireAnswersOf(caller, loss, classes, answers);
  // of two examples that look like any others
  const logits = floatArray(
    dtype,
    Float64Array.from({ length: 2 * classes }, (_, i) => ((7 * i + 3) % 11) / 4 - 1),
  );
  const width = loss.tokens?.positions ?? classes;
  const targets = loss.tokens
    ? floatArray(
        dtype,
        Float64Array.from({ length: 2 * width }, (_, i) => i % (classes / width)),
      )
    : logits.map((z) => z / 8 + 0.5);
  const labels = Int32Array.of(0, classes - 1);
  const values = (from: number, to: number): FloatArray => {
    const rows = to - from;
    const checked: Loss = (z, y) => {
      const losses = loss(z, y);
      if (losses.shape.length !== 1 || losses.shape[0] !== rows)
        refuse(caller, `loss must give one number per example, (${rows},), got (${losses.shape.join(', ')})`);
      return losses;
    };
    const [answerSpec, given] =
      answers === 'labels'
        ? [int32(rows), labels.subarray(from, to)]
        : [spec(rows, width), targets.subarray(from * width, to * width)];
    const planned = compile(checked, [spec(rows, classes), answerSpec], { engine: 'typescript', deterministic: true });
    return planned(logits.subarray(from * classes, to * classes), given) as FloatArray;
  };
  const both = values(0, 2);
  for (const i of [0, 1]) {
    const [alone] = values(i, i + 1);
    if (Math.abs(both[i] - alone) > 1e-4 * Math.abs(alone))
      refuse(caller, `loss of an example must not depend on the others, got ${both[i]} beside one, ${alone} alone`);
  }
}

/** @throws ArgumentError for labels in place of token numbers, and outputs that are not the same for every position */
function requireAnswersOf(caller: string, { tokens }: Loss, classes: number, answers: 'labels' | 'targets'): void {
  if (tokens === undefined) return;
  if (answers === 'labels')
    refuse(caller, 'loss asks for tokens: examples must have targets (count, positions), got labels');
  if (classes % tokens.positions !== 0)
    refuse(caller, `loss asks for ${tokens.positions} tokens, which ${classes} outputs cannot be shared among`);
}
