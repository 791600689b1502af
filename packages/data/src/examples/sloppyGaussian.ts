import { requireInteger, requireNonNegative, requireOneOf, requirePositive } from '@hyperribbon/contract';
import { exp, type Dtype } from '@hyperribbon/kernels';
import { stream } from '@hyperribbon/random';
import { type DataSet, makeExamples } from './examples.js';
import { teacher } from './teacher.js';

export interface SloppyGaussianOptions {
  /** number of features (default 200) */
  readonly dimension?: number;
  /** c of the eigenvalues e^(−c i): 0 is white, 0.5 very sloppy; finite, >= 0 */
  readonly decay: number;
  readonly count: number;
  readonly seed: number;
  /** which independent sample of the same population and teacher, integer >= 0: 0 (default) to train on, 1 to test on */
  readonly sample?: number;
  /** sum of the eigenvalues, > 0 (default 100) */
  readonly trace?: number;
  /** of the teacher: hidden width (default 50) and classes (default 10) */
  readonly hidden?: number;
  readonly classes?: number;
  /** default 'float32' */
  readonly dtype?: Dtype;
}

/**
 * Eigenvalues of the input correlation: λᵢ = trace e^(−c i) / Σⱼ e^(−c j), i = 0..dimension − 1, descending.
 *
 * @throws ArgumentError when dimension is not a positive integer, decay not in [0, ∞) or trace not in (0, ∞)
 * @example
 * sloppySpectrum(3, Math.LN2, 7).map(Math.round); // [4, 2, 1]
 */
export function sloppySpectrum(dimension: number, decay: number, trace = 100): Float64Array {
  requireInteger('sloppySpectrum', 'dimension', dimension, 1);
  requireNonNegative('sloppySpectrum', 'decay', decay);
  requirePositive('sloppySpectrum', 'trace', trace);
  const spectrum = Float64Array.from({ length: dimension }, (_, i) => exp(-decay * i));
  let sum = 0;
  for (let i = dimension - 1; i >= 0; i--) sum += spectrum[i]; // smallest first
  for (let i = 0; i < dimension; i++) spectrum[i] *= trace / sum;
  return spectrum;
}

/**
 * Synthetic classification data whose sloppiness is a dial: x ~ N(0, diag(λ)) with exponentially decaying λ and a fixed
 * trace, labelled by a random two-layer teacher.
 *
 * Samples 0, 1, 2, ... of one seed share the teacher and are independent; the first examples of a longer sample are those of
 * a shorter one. Labels belong to the inputs as stored, after rounding to dtype.
 *
 * @param options decay, count, seed; dimension, sample, trace, hidden, classes, dtype
 * @returns examples
 * @throws ArgumentError when an option is out of range
 * Cost: count · dimension normals and one teacher pass: about a second for 20 000 examples of dimension 200.
 * @example
 * const train = sloppyGaussian({ dimension: 20, decay: 0.5, count: 100, seed: 1 });
 * const test = sloppyGaussian({ dimension: 20, decay: 0.5, count: 100, seed: 1, sample: 1 });
 * Source: [yang2022, code of the random-data experiment]; the fixed trace is ours, so that only the decay differs between data sets.
 */
export function sloppyGaussian(options: SloppyGaussianOptions): DataSet {
  const {
    dimension = 200,
    decay,
    count,
    seed,
    sample = 0,
    trace = 100,
    hidden = 50,
    classes = 10,
    dtype = 'float32',
  } = options;
  requireInteger('sloppyGaussian', 'dimension', dimension, 1);
  requireInteger('sloppyGaussian', 'count', count, 1);
  requireInteger('sloppyGaussian', 'sample', sample, 0);
  requireOneOf('sloppyGaussian', 'dtype', dtype, ['float32', 'float64']);
  const deviations = sloppySpectrum(dimension, decay, trace).map((value) => Math.sqrt(value));
  const inputs = dtype === 'float32' ? new Float32Array(count * dimension) : new Float64Array(count * dimension);
  const z = stream({ seed, purpose: 'data.inputs', index: sample });
  const row = new Float64Array(dimension);
  for (let n = 0; n < count; n++) {
    z.normal(row);
    for (let i = 0; i < dimension; i++) inputs[n * dimension + i] = row[i] * deviations[i];
  }
  const labels = teacher({ dimension, hidden, classes, seed }).label(inputs);
  return makeExamples(
    `sloppy Gaussian, dimension ${dimension}, decay ${decay}, seed ${seed}, sample ${sample}`,
    inputs,
    labels,
    classes,
  );
}
