import type { FloatArray } from '@hyperribbon/kernels';

/**
 * How many rows of logits (rows, classes) have their largest entry elsewhere than at the label.
 *
 * The one rule for ties: of equal largest entries the first counts, as in argmax of NumPy and PyTorch. So equal logits of all classes are right
 * for examples of class 0 and wrong for all others. A row with a NaN is a mistake. Every error that training, evaluation, bounds and recorded
 * runs report is counted here.
 *
 * @param labels (rows,)
 */
export function countMistakes(logits: FloatArray, labels: Int32Array, classes: number): number {
  let mistakes = 0;
  for (let i = 0; i < labels.length; i++) {
    const row = i * classes;
    const chosen = logits[row + labels[i]];
    let right = chosen === chosen;
    // an earlier equal entry wins over the label's, a later one does not; NaN compares as false
    for (let c = 0; c < classes && right; c++) {
      const other = logits[row + c];
      right = c < labels[i] ? other < chosen : other <= chosen;
    }
    if (!right) mistakes++;
  }
  return mistakes;
}
