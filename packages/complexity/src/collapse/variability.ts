import { svd } from '@hyperribbon/lanczos/svd';
import { type ClassMeans, roundingOf } from './classMeans.js';
import type { Spread } from './spread.js';

/**
 * NC1: how far features vary within their classes, measured by how far classes lie apart. 0 at collapse; unchanged by rotations and scales. Σ_W is the mean
 * of (h − μ_c)(h − μ_c)ᵀ over examples, Σ_B that of (μ_c − μ_G)(μ_c − μ_G)ᵀ over classes.
 */
export interface Variability {
  /** Tr(Σ_W Σ_B⁺), the pseudo-inverse over exactly min(width, C − 1) directions: what the released code of [papyan2020] computes */
  readonly trace: number;
  /** trace/C, what papers draw */
  readonly perClass: number;
  /** directions that the pseudo-inverse keeps */
  readonly directions: number;
  /** Tr(Σ_W Σ_B⁺)/C over the eigenvalues of Σ_B above width · 2⁻⁵² of the largest, as numerical libraries invert */
  readonly pinv: number;
  readonly pinvDirections: number;
  /** Tr Σ_W/Tr Σ_B [hui2022] */
  readonly quotient: number;
  /** class-distance normalised variance: mean over pairs of classes of (v_c + v_c′)/(2‖μ_c − μ_c′‖²), v_c = mean ‖h − μ_c‖² [galanti2022] */
  readonly cdnv: number;
}

/** Singular vectors of the centred means, which are the eigenvectors of Σ_B. */
export interface MeanDirections {
  /** (r,) descending, r = min(C, width), 0 beyond C − 1; Σ_B has eigenvalues values²/C */
  readonly values: Float64Array;
  /** (min(C − 1, width), width): the centred means sum to zero, so one direction of C is none */
  readonly directions: Float64Array;
  /** number of values above rounding: max(C, width) · 2⁻⁵² of the largest, and what sums of the features leave */
  readonly rank: number;
}

export function meanDirections({ means, centred, width, present }: ClassMeans): MeanDirections {
  const classes = present.length;
  const { values, v } = svd(centred, classes, width, { vectors: true });
  const kept = Math.min(classes - 1, width);
  // the centred means sum to zero but for rounding
  values.fill(0, kept);
  const limit = Math.max(
    values[0] * Math.max(classes, width) * Number.EPSILON,
    Math.sqrt(width) * roundingOf(means, width),
  );
  return {
    values,
    directions: v.slice(0, kept * width),
    rank: values.filter((value) => value > limit).length,
  };
}

/**
 * @param notes receives a sentence for every number that has no value
 */
export function variability(
  means: ClassMeans,
  { values, rank }: MeanDirections,
  { along, within, variances }: Spread,
  notes: string[],
): Variability {
  const classes = means.present.length;
  const directions = along.length;
  const part = (d: number): number => (classes * along[d]) / (values[d] * values[d]);
  const sum = (kept: number): number => Array.from({ length: kept }, (_, d) => part(d)).reduce((a, b) => a + b, 0);
  const limit = Math.sqrt(means.width * Number.EPSILON) * values[0];
  const pinvDirections = values.subarray(0, rank).filter((value) => value > limit).length;
  const between = values.reduce((total, value) => total + value * value, 0) / classes;
  if (rank < directions)
    notes.push(
      `trace and perClass have no value: the means of ${classes} classes span ${rank} of ${directions} directions, Σ_B has no inverse on them; pinv leaves the others out`,
    );
  if (rank === 0) notes.push('quotient and pinv have no value: the means of all classes are equal');
  const trace = rank < directions ? NaN : sum(directions);
  return {
    trace,
    perClass: trace / classes,
    directions,
    pinv: rank === 0 ? NaN : sum(pinvDirections) / classes,
    pinvDirections,
    quotient: rank === 0 ? NaN : within / between,
    cdnv: distanceNormalised(means, variances, notes),
  };
}

function distanceNormalised({ means, present, width }: ClassMeans, variances: Float64Array, notes: string[]): number {
  const least = Math.sqrt(width) * roundingOf(means, width);
  let sum = 0;
  for (let a = 0; a < present.length; a++)
    for (let b = 0; b < a; b++) {
      let distance = 0;
      for (let j = 0; j < width; j++) {
        const difference = means[a * width + j] - means[b * width + j];
        distance += difference * difference;
      }
      if (distance <= least * least) {
        notes.push(`cdnv has no value: classes ${present[b]} and ${present[a]} have the same mean`);
        return NaN;
      }
      sum += (variances[a] + variances[b]) / (2 * distance);
    }
  return (2 * sum) / (present.length * (present.length - 1));
}
