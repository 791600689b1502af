import { refuse } from '@hyperribbon/contract';
import type { FeatureRows } from './labelledFeatures.js';
import { largestOf, scaleOf } from '../numbers/powerOfTwo.js';

/**
 * Means of the classes that have examples. They are multiplied by a power of two, so that squares neither overflow nor vanish: everything that is made
 * of them is the same at every scale.
 */
export interface ClassMeans {
  readonly width: number;
  /** classes that have examples, ascending: C of them; and those that have none */
  readonly present: readonly number[];
  readonly absent: readonly number[];
  /** (C,) examples of each */
  readonly counts: Float64Array;
  /** (classes,) row of a class among those present, −1 where it has no examples */
  readonly rowOf: Int32Array;
  /** (C, width) */
  readonly means: Float64Array;
  /** (width,) their mean, every class counted once however many examples it has */
  readonly global: Float64Array;
  /** (C, width) means − global */
  readonly centred: Float64Array;
  /** what features are multiplied by */
  readonly scale: number;
}

/**
 * One pass over the features.
 *
 * @throws ArgumentError for features that are not finite, and for examples of one class alone: collapse is about how classes lie to each other
 */
export function classMeans(caller: string, rows: FeatureRows): ClassMeans {
  const { labels, width, classes } = rows;
  const all = new Float64Array(classes).fill(0);
  for (const label of labels) all[label]++;
  const present = [...all.keys()].filter((c) => all[c] > 0);
  if (present.length < 2)
    refuse(caller, `examples must be of two classes at least, got only class ${present[0]}; add examples of another`);
  const rowOf = new Int32Array(classes).fill(-1);
  present.forEach((c, row) => (rowOf[c] = row));
  const { sums, largest } = classSums(caller, rows, rowOf, present.length);
  const scale = scaleOf(largest);
  const counts = Float64Array.from(present, (c) => all[c]);
  const global = new Float64Array(width);
  const means = sums;
  for (let row = 0; row < present.length; row++)
    for (let j = 0; j < width; j++) {
      const mean = (means[row * width + j] / counts[row]) * scale;
      means[row * width + j] = mean;
      global[j] += mean / present.length;
    }
  const centred = centredRows(means, global, width);
  const absent = [...all.keys()].filter((c) => all[c] === 0);
  return { width, present, absent, counts, rowOf, means, global, centred, scale };
}

function classSums(
  caller: string,
  rows: FeatureRows,
  rowOf: Int32Array,
  classes: number,
): { readonly sums: Float64Array; readonly largest: number } {
  const { labels, width } = rows;
  const sums = new Float64Array(classes * width);
  let largest = 0;
  rows.each((features, first) => {
    for (let i = 0, at = 0; at < features.length; i++) {
      const to = rowOf[labels[first + i]] * width;
      for (let j = 0; j < width; j++, at++) {
        const value = features[at];
        // x − x is 0 for finite x only
        if (value - value !== 0)
          refuse(caller, `features must be finite, got ${value} in example ${first + i}, feature ${j}`);
        if (value > largest) largest = value;
        else if (-value > largest) largest = -value;
        sums[to + j] += value;
      }
    }
  });
  return { sums, largest };
}

/** A mean that differs from the centre by rounding alone becomes zero: its direction would be noise. */
function centredRows(means: Float64Array, global: Float64Array, width: number): Float64Array {
  const centred = means.map((mean, i) => mean - global[i % width]);
  for (let from = 0; from < centred.length; from += width) {
    const row = centred.subarray(from, from + width);
    if (largestOf(row) <= roundingOf(means, width)) row.fill(0);
  }
  return centred;
}

/** What sums of examples leave of numbers that should be zero. */
export function roundingOf(means: Float64Array, width: number): number {
  return 4 * Number.EPSILON * Math.sqrt(means.length / width) * largestOf(means);
}
