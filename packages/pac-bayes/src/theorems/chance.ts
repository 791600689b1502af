import { requireInteger, refuse } from '@hyperribbon/contract';

/** What the best constant answer costs, and which answer it is. */
export interface Chance {
  /** Share of the labels that differ from `answer`. */
  readonly error: number;
  /** The most frequent label; the smallest of several. */
  readonly answer: number;
  /** Labels behind it. */
  readonly count: number;
}

/**
 * The error of guessing: of always giving the most frequent label. A bound that is not below it says nothing.
 *
 * Every record of this package means this by chance. Its labels must not be those of the bound's own examples: a statement that holds with
 * probability 1 - delta over them may not be compared with a number that they chose, unless that is paid for. Labels of the prior's
 * examples, of held-out or of test examples are free.
 *
 * @param labels integers in [0, classes), at least one
 * @throws ArgumentError for labels that are none
 * @example errorOfGuessing(Int32Array.of(0, 1, 1, 2), 3); // { error: 0.5, answer: 1, count: 4 }
 */
export function errorOfGuessing(labels: ArrayLike<number>, classes: number): Chance {
  requireInteger('errorOfGuessing', 'classes', classes, 1);
  if (labels.length === 0) return refuse('errorOfGuessing', 'labels must not be empty, got none');
  const counts = new Float64Array(classes);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (!(Number.isInteger(label) && label >= 0 && label < classes))
      return refuse('errorOfGuessing', `labels[${i}] must be an integer from 0 to ${classes - 1}, got ${label}`);
    counts[label]++;
  }
  let answer = 0;
  for (let c = 1; c < classes; c++) if (counts[c] > counts[answer]) answer = c;
  return { error: (labels.length - counts[answer]) / labels.length, answer, count: labels.length };
}
