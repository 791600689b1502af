import type { FloatArray } from '@hyperribbon/kernels';

/**
 * How many rows of logits (rows, classes) have their largest entry elsewhere than at the label.
 *
 * The one rule for ties: of equal largest entries the first counts, as in argmax of NumPy and PyTorch. So equal logits of all classes are right
 * for examples of class 0 and wrong for all others. A row with a NaN is a mistake. Every error that training, evaluation, bounds and recorded
 * runs report is counted here. One logit stands for two classes: class 1 where it is above 0.
 *
 * @param labels (rows,)
 * @param weights (rows,) what each mistake counts, default 1
 */
export function countMistakes(logits: FloatArray, labels: Int32Array, classes: number, weights?: FloatArray): number {
  let mistakes = 0;
  for (let i = 0; i < labels.length; i++) {
    const right =
      classes === 1 ? isRightSign(logits[i], labels[i]) : isRightClass(logits, i * classes, labels[i], classes);
    if (!right) mistakes += weights === undefined ? 1 : weights[i];
  }
  return mistakes;
}

function isRightSign(logit: number, label: number): boolean {
  return label === 1 ? logit > 0 : logit <= 0;
}

function isRightClass(logits: FloatArray, row: number, label: number, classes: number): boolean {
  const chosen = logits[row + label];
  let right = chosen === chosen;
  // an earlier equal entry wins over the label's, a later one does not; NaN compares as false
  for (let c = 0; c < classes && right; c++) {
    const other = logits[row + c];
    right = c < label ? other < chosen : other <= chosen;
  }
  return right;
}
