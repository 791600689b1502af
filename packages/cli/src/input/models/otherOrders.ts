import { exp, log } from '@hyperribbon/kernels';
import { logits, networkFromData, type Examples } from '@hyperribbon/nn';
import type { Model } from '../model.js';
import type { Reading } from '../otherReadings.js';
import { head } from '../splits.js';

/** A loss this much smaller is no accident of a network that was trained with the classes in the order of their names. */
const clearly = 0.8;

/** Of six classes all 720 orders are tried; of more none. */
const mostClasses = 6;

/**
 * The order of classes that suits a network clearly better than that of their names: labels that are words do not say which of them is class 0.
 *
 * @param names what the data call class 0, 1, …; undefined where labels are numbers of classes
 * Cost: one forward pass over at most 1,000 examples.
 */
export function betterOrder(
  { network, params }: Model,
  examples: Examples,
  names: readonly (number | string)[] | undefined,
): Reading | undefined {
  if (names === undefined || names.length < 2 || names.length > mostClasses) return undefined;
  const some = head(examples, 1000);
  const { losses, mistakes } = costs(logits(networkFromData(network), params, some), some);
  const { classes, count } = some;
  const of = (table: Float64Array, order: readonly number[]): number =>
    order.reduce((sum, label, c) => sum + table[label * classes + c], 0) / count;
  const orders = permutations(names.map((_, i) => i));
  const [given] = orders;
  const best = orders.reduce((a, b) => (of(losses, b) < of(losses, a) ? b : a));
  const [loss, error] = [of(losses, best), of(mistakes, best)];
  if (!(loss < clearly * of(losses, given)) || !(error < of(mistakes, given))) return undefined;
  const order = best.map((label) => names[label]);
  return { how: `with classes in the order ${order.join(', ')} (--classes ${order.join(',')})`, loss, error };
}

/** (classes, classes): losses and mistakes of the examples with one label, if that label were one class. */
function costs(
  z: ArrayLike<number>,
  { labels, classes, count }: Examples,
): { readonly losses: Float64Array; readonly mistakes: Float64Array } {
  const [losses, mistakes] = [new Float64Array(classes * classes), new Float64Array(classes * classes)];
  for (let i = 0; i < count; i++) {
    const row = Array.from({ length: classes }, (_, c) => z[i * classes + c]);
    const top = row.reduce((a, b) => Math.max(a, b));
    const total = top + log(row.reduce((sum, value) => sum + exp(value - top), 0));
    for (const [c, value] of row.entries()) {
      losses[labels[i] * classes + c] += total - value;
      if (value < top) mistakes[labels[i] * classes + c] += 1;
    }
  }
  return { losses, mistakes };
}

/** All orders, the given one first. */
function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}
