import type { ClassMeans } from './classMeans.js';
import type { FeatureRows } from './labelledFeatures.js';
import { square } from '../numbers/powerOfTwo.js';

/** How examples lie about the means of their classes, in the scale of the means. */
export interface Spread {
  /** (C,) mean ‖h − μ_c‖² over the examples of a class */
  readonly variances: Float64Array;
  /** Tr Σ_W: mean ‖h − μ_c‖² over all examples */
  readonly within: number;
  /** (k,) mean (u·(h − μ_c))² over all examples, along each of the directions given */
  readonly along: Float64Array;
  /** (count,) class whose mean is nearest, the first of equals */
  readonly nearest: Int32Array;
}

/**
 * One pass over the features: k + 2C numbers of work for each.
 *
 * @param directions (k, width) unit vectors
 */
export function spread(rows: FeatureRows, means: ClassMeans, directions: Float64Array): Spread {
  const { labels, count, width } = rows;
  const { present, counts, rowOf, scale } = means;
  const classes = present.length;
  const k = directions.length / width;
  const variances = new Float64Array(classes);
  const along = new Float64Array(k);
  const nearest = new Int32Array(count);
  const own = new Float64Array(width);
  const row = new Float64Array(width);
  rows.each((features, first) => {
    for (let i = 0; i * width < features.length; i++) {
      const c = rowOf[labels[first + i]];
      for (let j = 0; j < width; j++) {
        row[j] = features[i * width + j] * scale;
        own[j] = row[j] - means.means[c * width + j];
      }
      variances[c] += dot(own, own, 0, width);
      for (let d = 0; d < k; d++) along[d] += square(dot(own, directions, d * width, width));
      nearest[first + i] = present[nearestRow(row, means.means, classes, width)];
    }
  });
  let within = 0;
  for (let c = 0; c < classes; c++) {
    within += variances[c] / count;
    variances[c] /= counts[c];
  }
  for (let d = 0; d < k; d++) along[d] /= count;
  return { variances, within, along, nearest };
}

function nearestRow(row: Float64Array, means: Float64Array, classes: number, width: number): number {
  let best = 0;
  let least = Infinity;
  for (let c = 0; c < classes; c++) {
    let sum = 0;
    for (let j = 0, at = c * width; j < width; j++, at++) {
      const difference = row[j] - means[at];
      sum += difference * difference;
    }
    if (sum < least) {
      least = sum;
      best = c;
    }
  }
  return best;
}

/** a · b[from, from + width). */
export function dot(a: Float64Array, b: Float64Array, from: number, width: number): number {
  let sum = 0;
  for (let j = 0; j < width; j++) sum += a[j] * b[from + j];
  return sum;
}
