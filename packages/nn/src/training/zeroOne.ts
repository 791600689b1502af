import type { FloatArray } from '@hyperribbon/kernels';
import type { TokenAnswers } from '../losses.js';

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

/** Mistakes at tokens. */
export interface TokenMistakes {
  /** how many tokens that are asked for are not the most likely ones */
  readonly mistakes: number;
  /** Σ over examples of their share among the tokens that the example asks for, times its weight */
  readonly wrong: number;
}

/**
 * Mistakes of logits (rows, positions · vocabulary) at token numbers (rows, positions): a token is right where it would be as a label.
 *
 * @param classes positions · vocabulary
 * @param weights (rows,) what each example counts, default 1
 */
export function countTokenMistakes(
  logits: FloatArray,
  targets: FloatArray,
  { positions, ignore }: TokenAnswers,
  classes: number,
  weights?: FloatArray,
): TokenMistakes {
  const vocabulary = classes / positions;
  let [mistakes, wrong] = [0, 0];
  for (let first = 0; first < targets.length; first += positions) {
    let [asked, missed] = [0, 0];
    for (let i = first; i < first + positions; i++) {
      if (targets[i] === ignore) continue;
      asked++;
      if (!isRightClass(logits, i * vocabulary, targets[i], vocabulary)) missed++;
    }
    mistakes += missed;
    if (asked > 0) wrong += ((weights?.[first / positions] ?? 1) * missed) / asked;
  }
  return { mistakes, wrong };
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
