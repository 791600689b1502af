import { refuse, requireFiniteEntries, requireNoOthers } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { type ClassMeans, classMeans } from './classMeans.js';
import { type FeatureRows, type LabelledFeatures, rowsOf } from './labelledFeatures.js';
import { largestOf, square } from '../numbers/powerOfTwo.js';
import { frameDistance, type SimplexGeometry, simplexGeometry } from './simplexGeometry.js';
import { spread } from './spread.js';
import { meanDirections, type Variability, variability } from './variability.js';

/** The affine map that makes scores of features, z = W h + b. */
export interface LinearClassifier {
  /** W (classes, width), row-major */
  readonly weights: FloatArray;
  /** b (classes,); default zeros */
  readonly biases?: FloatArray;
  /** (count,) the class that is decided for, where this is not the first largest entry of W h + b */
  readonly decisions?: Int32Array;
}

/** How far the features of a layer, and the classifier that reads them, have collapsed. */
export interface NeuralCollapse {
  readonly count: number;
  readonly width: number;
  /** C, classes that have examples; `absent` are the numbers of those that have none, which no measure counts */
  readonly classes: number;
  readonly absent: readonly number[];
  /** NC1 */
  readonly variability: Variability;
  /** NC2 of the class means minus their mean; how many directions these span, C − 1 where width allows it, and their singular values (min(C, width),) */
  readonly means: SimplexGeometry & { readonly rank: number; readonly singularValues: Float64Array };
  /** NC2 of the rows of W */
  readonly classifier?: SimplexGeometry;
  /** NC3: ‖Wᵀ/‖W‖_F − M/‖M‖_F‖_F², squared, M the centred means as columns; and ‖W M/‖W M‖_F − (I − J/C)/√(C − 1)‖_F [zhu2021] */
  readonly duality?: { readonly distance: number; readonly frame: number };
  /** NC4: share of examples for which the classifier does not decide for the class whose mean is nearest */
  readonly disagreement?: number;
  /** share of examples that are nearest to the mean of another class than their own */
  readonly nearestCentreError: number;
  /** share of examples that the classifier decides wrongly */
  readonly error?: number;
  /** a sentence for everything that is NaN or left out */
  readonly notes: readonly string[];
}

/**
 * Neural collapse, NC1 to NC4, of features and the linear classifier above them.
 *
 * All classes count the same: the centre of the means is their unweighted mean, whatever the numbers of examples; Σ_W is a mean over examples. Every
 * measure is 0 at collapse (of `hyperspherical` the variance and the excess), and unchanged when features are turned together with W, or
 * multiplied by a number that W is divided by.
 *
 * @param data features, of all training examples in evaluation mode
 * @param classifier the last layer; without it there are NC1, NC2 of the means and the nearest-class-mean error
 * @returns NaN and a note for what has no value: equal class means, zero vectors
 * @throws ArgumentError for sizes that do not fit, NaN, examples of one class alone
 * Cost: two passes over the features, about 3 · count · width · C multiplications, and the singular values of the means (C, width).
 * @example
 * const data = { features: Float64Array.of(2, 0.1, 2, -0.1, -2, 0.1, -2, -0.1), labels: Int32Array.of(0, 0, 1, 1), count: 4, width: 2, classes: 2 };
 * const { variability, disagreement } = neuralCollapse(data, { weights: Float64Array.of(1, 0, -1, 0) });
 * // variability.trace is 0, disagreement 0: what varies is at a right angle to what tells classes apart
 * Source: [papyan2020] and its released code; variants as their docstrings say.
 */
export function neuralCollapse(data: LabelledFeatures, classifier?: LinearClassifier): NeuralCollapse {
  const rows = rowsOf('neuralCollapse', data);
  return collapseOf('neuralCollapse', rows, classifier);
}

/** The same of features that come in parts; they are asked for twice, and a third time for decisions that are not given. */
export function collapseOf(caller: string, rows: FeatureRows, classifier?: LinearClassifier): NeuralCollapse {
  const { count, width, labels } = rows;
  if (classifier !== undefined) requireClassifier(caller, rows, classifier);
  const means = classMeans(caller, rows);
  const directions = meanDirections(means);
  const about = spread(rows, means, directions.directions);
  const notes: string[] = [];
  if (means.absent.length > 0)
    notes.push(
      `no example has ${means.absent.length === 1 ? 'class' : 'one of the classes'} ${means.absent.join(', ')}`,
    );
  const geometry = geometryOf(means.centred, means, 'a class mean is that of all classes', notes);
  return {
    count,
    width,
    classes: means.present.length,
    absent: means.absent,
    variability: variability(means, directions, about, notes),
    means: { ...geometry, rank: directions.rank, singularValues: directions.values.map((x) => x / means.scale) },
    ...(classifier && classifierMeasures(rows, classifier, means, about.nearest, notes)),
    nearestCentreError: shareOf(count, (i) => about.nearest[i] !== labels[i]),
    notes,
  };
}

function geometryOf(vectors: Float64Array, means: ClassMeans, why: string, notes: string[]): SimplexGeometry {
  const geometry = simplexGeometry(vectors, means.present.length, means.width);
  if (Number.isNaN(geometry.equiangular)) notes.push(`angles have no value: ${why}`);
  return geometry;
}

function classifierMeasures(
  rows: FeatureRows,
  classifier: LinearClassifier,
  means: ClassMeans,
  nearest: Int32Array,
  notes: string[],
): Pick<NeuralCollapse, 'classifier' | 'duality' | 'disagreement' | 'error'> {
  const { width, present } = means;
  const weights = new Float64Array(present.length * width);
  present.forEach((c, row) => weights.set(classifier.weights.subarray(c * width, (c + 1) * width), row * width));
  const decisions = classifier.decisions ?? decide(rows, classifier);
  const geometry = geometryOf(weights, means, 'a row of the classifier is zero', notes);
  const [w, m] = [unit(weights), unit(means.centred)];
  if (Number.isNaN(w[0] + m[0])) notes.push('duality has no value: the classifier or all centred means are zero');
  return {
    classifier: geometry,
    duality: {
      distance: w.reduce((sum, value, i) => sum + square(value - m[i]), 0),
      frame: frameDistance(scores(w, m, present.length, width), present.length),
    },
    disagreement: shareOf(rows.count, (i) => decisions[i] !== nearest[i]),
    error: shareOf(rows.count, (i) => decisions[i] !== rows.labels[i]),
  };
}

/** A vector of length 1 in the same direction; NaN of zeros. */
function unit(vector: Float64Array): Float64Array {
  const largest = largestOf(vector);
  const scaled = vector.map((x) => x / largest);
  const norm = Math.sqrt(scaled.reduce((sum, x) => sum + x * x, 0));
  return scaled.map((x) => x / norm);
}

/** W Mᵀ (classes, classes). */
function scores(w: Float64Array, m: Float64Array, classes: number, width: number): Float64Array {
  const out = new Float64Array(classes * classes);
  for (let a = 0; a < classes; a++)
    for (let b = 0; b < classes; b++)
      for (let j = 0; j < width; j++) out[a * classes + b] += w[a * width + j] * m[b * width + j];
  return out;
}

/** The first class with the largest score. */
function decide(rows: FeatureRows, { weights, biases }: LinearClassifier): Int32Array {
  const { count, width, classes } = rows;
  const decisions = new Int32Array(count);
  rows.each((features, first) => {
    for (let i = 0; i * width < features.length; i++) {
      let most = -Infinity;
      for (let c = 0; c < classes; c++) {
        let score = biases?.[c] ?? 0;
        for (let j = 0; j < width; j++) score += weights[c * width + j] * features[i * width + j];
        if (score > most) {
          most = score;
          decisions[first + i] = c;
        }
      }
    }
  });
  return decisions;
}

function shareOf(count: number, holds: (i: number) => boolean): number {
  let number = 0;
  for (let i = 0; i < count; i++) if (holds(i)) number++;
  return number / count;
}

function requireClassifier(
  caller: string,
  { classes, width, count }: FeatureRows,
  { weights, biases, decisions, ...others }: LinearClassifier,
): void {
  requireNoOthers(caller, others, 'LinearClassifier');
  requireFiniteEntries(caller, 'weights', weights, [classes, width]);
  if (biases !== undefined) requireFiniteEntries(caller, 'biases', biases, classes);
  if (decisions === undefined) return;
  if (decisions.length !== count)
    refuse(caller, `decisions must hold count = ${count} classes, got ${decisions.length}`);
  const bad = decisions.findIndex((decision) => decision < 0 || decision >= classes);
  if (bad >= 0) refuse(caller, `decisions[${bad}] must be in [0, ${classes}), got ${decisions[bad]}`);
}
