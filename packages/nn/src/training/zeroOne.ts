import type { FloatArray } from '@hyperribbon/kernels';

/**
 * How many rows of logits (count, classes) have their largest entry elsewhere than at the label.
 *
 * Of equal largest entries the first counts; a row with NaN is a mistake.
 */
export function countMistakes(logits: FloatArray, labels: Int32Array, count: number, classes: number): number {
  let mistakes = 0;
  for (let i = 0; i < count; i++) {
    const row = i * classes;
    const chosen = logits[row + labels[i]];
    let right = chosen === chosen;
    for (let c = 0; c < classes; c++) {
      const other = logits[row + c];
      // an earlier equal entry wins over the label's, a later one does not
      if (c < labels[i] ? !(other < chosen) : !(other <= chosen)) right = false;
    }
    if (!right) mistakes++;
  }
  return mistakes;
}
