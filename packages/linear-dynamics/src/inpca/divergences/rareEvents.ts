import { exp } from '@hyperribbon/kernels';
import type { Part } from './measure.js';

/**
 * Counts (pair, sample, class) with probability below e^−cap under exactly one model of the pair: pairs (i, j) with i < j and
 * from <= i < to.
 *
 * Per event: with z of the later models below and k not, a model below pairs with k of them and one above with z.
 * Cost: one pass over the models from `from` on.
 */
export function countRareEvents(
  { values, samples, classes, to: models }: Part,
  from: number,
  to: number,
  cap: number,
): number {
  const least = exp(-cap);
  const events = samples * classes;
  const below = new Int32Array(events);
  let count = 0;
  for (let m = models - 1; m >= from; m--) {
    const later = models - 1 - m;
    const start = m * events;
    for (let e = 0; e < events; e++) {
      const rare = values[start + e]! < least;
      if (m < to) count += rare ? later - below[e]! : below[e]!;
      if (rare) below[e] = below[e]! + 1;
    }
  }
  return count;
}

/** The same for all pairs of a model of one set and a model of another. */
export function countCrossRareEvents(a: Part, b: Part, cap: number): number {
  const [inA, inB] = [a, b].map((part) => rareModels(part, cap)) as [Int32Array, Int32Array];
  let count = 0;
  inA.forEach((x, e) => {
    const y = inB[e]!;
    count += x * (b.to - b.from - y) + y * (a.to - a.from - x);
  });
  return count;
}

/** per event how many models give it less than e^−cap */
function rareModels({ values, samples, classes, from, to }: Part, cap: number): Int32Array {
  const least = exp(-cap);
  const events = samples * classes;
  const counts = new Int32Array(events);
  for (let m = from; m < to; m++) {
    for (let e = 0; e < events; e++) if (values[m * events + e]! < least) counts[e] = counts[e]! + 1;
  }
  return counts;
}
