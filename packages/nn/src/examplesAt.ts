import { type AnyExamples, floatArray, requireInteger } from '@hyperribbon/contract';
import { gatherBatch } from './training/batches.js';

/**
 * Some of the examples, in the order asked for: a batch, a class, a sample with or without repeats.
 *
 * @param rows numbers of examples, integers in [0, count)
 * @returns copies, with labels or targets, and weights where there are some
 * @throws ArgumentError for no rows, or one that there is not
 * @example
 * examplesAt(digits.train, [3, 1, 3]).labels; // those of examples 3, 1 and 3
 */
export function examplesAt<Any extends AnyExamples>(examples: Any, rows: ArrayLike<number>): Any {
  const order = Int32Array.from(rows);
  requireInteger('examplesAt', 'rows.length', order.length, 1);
  for (let i = 0; i < order.length; i++) requireInteger('examplesAt', `rows[${i}]`, rows[i], 0, examples.count - 1);
  const { inputs, weights, features } = examples;
  const dtypeOf = (array: ArrayLike<number> & { readonly BYTES_PER_ELEMENT: number }) =>
    array.BYTES_PER_ELEMENT === 8 ? 'float64' : 'float32';
  const taken = {
    inputs: floatArray(dtypeOf(inputs), order.length * features),
    ...('labels' in examples && { labels: new Int32Array(order.length) }),
    ...('targets' in examples && {
      targets: floatArray(dtypeOf(examples.targets), order.length * examples.outputs),
    }),
    ...(weights && { weights: floatArray(dtypeOf(weights), order.length) }),
  };
  gatherBatch(examples, order, 0, taken);
  return { ...examples, ...taken, count: order.length };
}
