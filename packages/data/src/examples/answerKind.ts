import { typedArrayName } from '@hyperribbon/contract';
import type { ShapedArray } from './shapedArray.js';

/** What numbers beside inputs are: labels of classes, the probability of each class, or real targets. */
export type AnswerKind = 'classes' | 'probabilities' | 'real';

/** How far a row of probabilities may be from 1, by the type that it was computed in. */
const slack = { Float32Array: 1e-5, Float64Array: 1e-9 };

/**
 * What the numbers beside inputs say of themselves, to people who did not say it: whole numbers, one for each example, and rows with a single 1 among zeros
 * are labels of classes, in whatever type they are kept; other rows of numbers ≥ 0 that add up to 1 are probabilities; all else is real targets.
 *
 * Whole numbers that are measured, such as ages and prices, look like labels: who has these must say so.
 *
 * @param answers (count,) or (count, ...)
 * Cost: one pass.
 * @example
 * answerKind({ shape: [2], data: Float32Array.of(0, 3) }); // 'classes'
 * answerKind({ shape: [2], data: Float32Array.of(0.5, 3) }); // 'real'
 * answerKind({ shape: [1, 2], data: Float32Array.of(0.25, 0.75) }); // 'probabilities'
 */
export function answerKind({ shape, data }: ShapedArray): AnswerKind {
  const [count, columns = 1] = shape;
  if (shape.length > 2) return 'real';
  const values = data as ArrayLike<number | bigint>;
  if (columns === 1) return every(values, (value) => Number.isInteger(value)) ? 'classes' : 'real';
  if (!every(values, (value) => value >= 0 && value <= 1)) return 'real';
  const far = slack[typedArrayName(data) as keyof typeof slack] ?? 0;
  let hot = true;
  for (let row = 0; row < count; row++) {
    let [sum, ones] = [0, 0];
    for (let at = row * columns; at < (row + 1) * columns; at++) {
      sum += Number(values[at]);
      if (Number(values[at]) === 1) ones++;
    }
    if (!(Math.abs(sum - 1) <= far)) return 'real';
    hot &&= ones === 1 && sum === 1;
  }
  return hot ? 'classes' : 'probabilities';
}

function every(values: ArrayLike<number | bigint>, holds: (value: number) => boolean): boolean {
  for (let i = 0; i < values.length; i++) if (!holds(Number(values[i]))) return false;
  return true;
}
