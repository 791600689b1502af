import { refuse, requireFloatArray, requireInteger, requireNoOthers } from '@hyperribbon/contract';
import { type FloatArray, product } from '@hyperribbon/kernels';
import { eigh } from '@hyperribbon/lanczos';
import { classMeans } from './classMeans.js';
import { type LabelledFeatures, rowsOf } from './labelledFeatures.js';
import { largestOf, scaleOf } from '../numbers/powerOfTwo.js';
import { dot } from './spread.js';

export interface OrthogonalityOptions {
  /** principal components of the class examples' features that a share is taken of, integer in [1, width]; default min(width, C − 1) */
  readonly directions?: number;
}

/** How features of examples of no class lie to those of the classes. */
export interface Orthogonality {
  /** (C,) |cos(μ_c, μ_out)| of each class that has examples, of means as they are: not centred */
  readonly cosines: Float64Array;
  /** NC5: their mean; 0 where what is of no class is at a right angle to all classes */
  readonly orthogonality: number;
  /** mean of ‖P h‖/‖h‖ over examples of the classes, and over the others; P the principal components, features not centred */
  readonly share: { readonly inside: number; readonly outside: number };
  /** probability that an example of a class has a larger share than one of none, ties count half: the area under the ROC curve */
  readonly separation: number;
  readonly directions: number;
  /** what the numbers rest on */
  readonly caveats: readonly string[];
}

const caveats = [
  'The cosines are those of the released code of [ammar2024], which returns that of the last class only; here all are listed, and the mean is given.',
  'The share ‖P h‖/‖h‖ follows the formula of [ammar2024] as secondary sources give it; the released detector standardises features first and, for convolutional networks, multiplies by the largest score.',
];

/**
 * NC5: whether examples of no class have features at a right angle to those of the classes.
 *
 * @param data features of examples of the classes
 * @param outside (n, width) features of others
 * @returns NaN and a caveat where a class mean or that of the others is zero
 * @throws ArgumentError for sizes that do not fit, NaN
 * Cost: two passes, the eigenvectors of a matrix (width, width).
 * @example
 * const data = { features: Float64Array.of(1, 0, 0, 0, 1, 0), labels: Int32Array.of(0, 1), count: 2, width: 3, classes: 2 };
 * oodOrthogonality(data, Float64Array.of(0, 0, 3)).orthogonality; // 0
 * Source: [ammar2024].
 */
export function oodOrthogonality(
  data: LabelledFeatures,
  outside: FloatArray,
  { directions, ...others }: OrthogonalityOptions = {},
): Orthogonality {
  requireNoOthers('oodOrthogonality', others, 'OrthogonalityOptions');
  const rows = rowsOf('oodOrthogonality', data);
  const { width, count } = data;
  requireFloatArray('oodOrthogonality', 'outside', outside);
  if (outside.length === 0 || outside.length % width !== 0)
    refuse('oodOrthogonality', `outside must hold rows of width = ${width} numbers, got ${outside.length} numbers`);
  const { present, means } = classMeans('oodOrthogonality', rows);
  const kept = directions ?? Math.min(width, present.length - 1);
  requireInteger('oodOrthogonality', 'directions', kept, 1, width);
  const inside = scaledCopy('features', data.features);
  const foreign = scaledCopy('outside', outside);
  const mean = rowMean(foreign, width);
  const cosines = Float64Array.from(present, (_, row) => {
    const own = means.subarray(row * width, (row + 1) * width);
    const lengths = Math.sqrt(dot(own, own, 0, width)) * Math.sqrt(dot(mean, mean, 0, width));
    // 0/0 where one of the means is zero
    return Math.abs(dot(own, mean, 0, width)) / lengths;
  });
  const axes = principalComponents(inside, count, width).subarray(0, kept * width);
  const shares = [inside, foreign].map((features) => sharesOf(features, width, axes));
  return {
    cosines,
    orthogonality: rowMean(cosines, 1)[0],
    share: { inside: rowMean(shares[0], 1)[0], outside: rowMean(shares[1], 1)[0] },
    separation: aboveProbability(shares[0], shares[1]),
    directions: kept,
    caveats: cosines.some(Number.isNaN)
      ? [...caveats, 'The mean of a class or that of the others is zero: there is no angle between them.']
      : caveats,
  };
}

function scaledCopy(name: string, features: FloatArray): Float64Array {
  const bad = features.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) refuse('oodOrthogonality', `${name} must be finite, got ${features[bad]} at ${bad}`);
  const scale = scaleOf(largestOf(features));
  return Float64Array.from(features, (value) => value * scale);
}

function rowMean(rows: Float64Array, width: number): Float64Array {
  const mean = new Float64Array(width);
  const count = rows.length / width;
  for (let i = 0; i < rows.length; i++) mean[i % width] += rows[i] / count;
  return mean;
}

/** (width, width) eigenvectors of the covariance, row by row, largest variance first. */
function principalComponents(rows: Float64Array, count: number, width: number): Float64Array {
  const mean = rowMean(rows, width);
  const a = rows.map((value, i) => value - mean[i % width]);
  const gram = product({ m: width, n: width, k: count, a, transposeA: true, b: a }, { deterministic: true });
  return eigh(gram, width, { vectors: true, deterministic: true }).vectors;
}

/** ‖P h‖/‖h‖ row by row; 0 of a row of zeros. */
function sharesOf(rows: Float64Array, width: number, axes: Float64Array): Float64Array {
  return Float64Array.from({ length: rows.length / width }, (_, i) => {
    const row = rows.subarray(i * width, (i + 1) * width);
    const whole = dot(row, row, 0, width);
    let kept = 0;
    for (let from = 0; from < axes.length; from += width) {
      const along = dot(row, axes, from, width);
      kept += along * along;
    }
    return whole === 0 ? 0 : Math.sqrt(kept / whole);
  });
}

/** P(a > b) + P(a = b)/2 of a value of each list. */
function aboveProbability(a: Float64Array, b: Float64Array): number {
  const sorted = b.slice().sort();
  const below = (value: number, orEqual: boolean): number => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (orEqual ? sorted[middle] <= value : sorted[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  let sum = 0;
  for (const value of a) sum += (below(value, false) + below(value, true)) / 2;
  return sum / (a.length * b.length);
}
