import { refuse, requireCounts, requireFiniteEntries } from '@hyperribbon/contract';
import { type FloatArray, log } from '@hyperribbon/kernels';
import { largestOf, scaleOf, square } from '../numbers/powerOfTwo.js';

/** NC2: how far C vectors are from a simplex equiangular tight frame, whose vectors are equally long and whose angles all have cosine −1/(C − 1). */
export interface SimplexGeometry {
  /** standard deviation (over C − 1) of their norms, divided by the mean norm */
  readonly equinorm: number;
  /** mean over pairs c ≠ c′ of |cos(v_c, v_c′) + 1/(C − 1)| */
  readonly equiangular: number;
  /** ‖G/‖G‖_F − (I − J/C)/√(C − 1)‖_F, G the Gram matrix of the vectors, J of ones [zhu2021] */
  readonly frame: number;
  /**
   * Of the vectors at unit length: mean and variance over pairs of ln(1/‖v_c − v_c′‖), which is least on the sphere where they are spread uniformly
   * [liu2023]; `excess` is the mean above that of the simplex, −½ ln(2C/(C − 1)), and not negative where width ≥ C − 1 [cohn2007]
   */
  readonly hyperspherical: { readonly mean: number; readonly variance: number; readonly excess: number };
}

/**
 * How far vectors are from a simplex equiangular tight frame: 0 at neural collapse.
 *
 * @param vectors (C, width), finite; of features take class means minus their mean
 * @param classes C ≥ 2
 * @returns NaN in place of angles where a vector is zero, of `equinorm` where all are; `hyperspherical.mean` is Infinity where two have the same direction
 * @throws ArgumentError for sizes that do not fit, NaN
 * Cost: C² width.
 * @example
 * const { equinorm, equiangular } = simplexGeometry(Float64Array.of(1, 0, -1, 0), 2, 2); // 0, 0
 * Source: [papyan2020]; the deviation is divided by C − 1, as in the released code.
 */
export function simplexGeometry(vectors: FloatArray, classes: number, width: number): SimplexGeometry {
  requireCounts('simplexGeometry', { classes, width });
  if (classes < 2) refuse('simplexGeometry', 'classes must be ≥ 2, got 1: one vector has no angles');
  requireFiniteEntries('simplexGeometry', 'vectors', vectors, [classes, width]);
  const gram = gramMatrix(vectors, classes, width);
  const norms = Array.from({ length: classes }, (_, c) => Math.sqrt(gram[c * classes + c]));
  const mean = norms.reduce((sum, norm) => sum + norm, 0) / classes;
  const variance = norms.reduce((sum, norm) => sum + square(norm - mean), 0) / (classes - 1);
  return {
    equinorm: Math.sqrt(variance) / mean,
    equiangular: meanOverPairs(classes, (a, b) => Math.abs(cosine(a, b) + 1 / (classes - 1))),
    frame: frameDistance(gram, classes),
    hyperspherical: hyperspherical(classes, cosine),
  };

  function cosine(a: number, b: number): number {
    return gram[a * classes + b] / (norms[a] * norms[b]);
  }
}

/** ‖A/‖A‖_F − (I − J/C)/√(C − 1)‖_F; NaN for zeros. */
export function frameDistance(matrix: Float64Array, classes: number): number {
  const norm = Math.sqrt(matrix.reduce((sum, value) => sum + value * value, 0));
  let sum = 0;
  for (let a = 0; a < classes; a++)
    for (let b = 0; b < classes; b++) {
      const ideal = ((a === b ? 1 : 0) - 1 / classes) / Math.sqrt(classes - 1);
      sum += square(matrix[a * classes + b] / norm - ideal);
    }
  return Math.sqrt(sum);
}

/** V Vᵀ of the vectors at a scale where the largest entry is between 1 and 2. */
function gramMatrix(vectors: FloatArray, classes: number, width: number): Float64Array {
  const scale = scaleOf(largestOf(vectors));
  const gram = new Float64Array(classes * classes);
  for (let a = 0; a < classes; a++)
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let j = 0; j < width; j++) sum += vectors[a * width + j] * scale * (vectors[b * width + j] * scale);
      gram[a * classes + b] = gram[b * classes + a] = sum;
    }
  return gram;
}

function hyperspherical(classes: number, cosine: (a: number, b: number) => number): SimplexGeometry['hyperspherical'] {
  // ln(1/d), d² = 2 − 2 cos
  const kernel = (a: number, b: number): number => {
    const distance = 2 - 2 * cosine(a, b);
    return distance > 0 ? -log(distance) / 2 : distance <= 0 ? Infinity : NaN;
  };
  const mean = meanOverPairs(classes, kernel);
  const variance = meanOverPairs(classes, (a, b) => square(kernel(a, b) - mean));
  return { mean, variance, excess: mean + log((2 * classes) / (classes - 1)) / 2 };
}

function meanOverPairs(classes: number, of: (a: number, b: number) => number): number {
  let sum = 0;
  for (let a = 0; a < classes; a++) for (let b = 0; b < a; b++) sum += of(a, b);
  return (2 * sum) / (classes * (classes - 1));
}
