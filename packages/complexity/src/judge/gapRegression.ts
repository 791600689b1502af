import { requireFinite, requireNoOthers } from '@hyperribbon/contract';
import { codesOf, type MeasuredRuns, requireNames, requireRuns, type Setting } from './runs.js';

export interface RegressionEnvironment {
  readonly axis: string;
  readonly value: Setting[string];
  readonly networks: number;
  /** mean squared error of the gaps there */
  readonly error: number;
}

export interface GapRegression {
  /** gap ≈ intercept + slope · z, z the measure minus its mean over its standard deviation */
  readonly slope: number;
  readonly intercept: number;
  /** share of the gaps' variance that the line explains; NaN where all gaps are equal */
  readonly rSquared: number;
  /** over all networks */
  readonly error: number;
  /** networks with one value of one setting */
  readonly environments: readonly RegressionEnvironment[];
  /** the largest of their errors */
  readonly worst: number;
}

/**
 * A straight line from a measure, standardised, to the gap: its errors over all networks and over those with one value of a setting.
 *
 * @param runs networks, their measure (finite) and gaps; a measure that is constant gives slope 0
 * @param options `axes`: settings whose values are environments, default all
 * @throws ArgumentError as {@link MeasuredRuns} demands, for a measure that is not finite
 * @example
 * gapRegression({ settings: [{ width: 1 }, { width: 2 }, { width: 4 }], measure: [1, 2, 3], gaps: [0.3, 0.2, 0.1] }).rSquared; // 1
 * Source: single-network regression of [dziugaite2020].
 */
export function gapRegression(runs: MeasuredRuns, options: { readonly axes?: readonly string[] } = {}): GapRegression {
  const caller = 'gapRegression';
  const names = requireRuns(caller, runs);
  const { axes = names, ...others } = options;
  requireNoOthers(caller, others, 'the options of gapRegression');
  requireNames(caller, 'axes', axes, names);
  const { settings, measure, gaps } = runs;
  for (let i = 0; i < measure.length; i++) requireFinite(caller, `measure[${i}]`, measure[i]);
  const [x, y] = [centred(measure), centred(gaps)];
  const spread = Math.sqrt(dot(x.values, x.values) / measure.length);
  const slope = spread > 0 ? dot(x.values, y.values) / measure.length / spread : 0;
  const left = y.values.map((value, i) => value - (spread > 0 ? (slope * x.values[i]) / spread : 0));
  const environments = axes.flatMap((axis) => environmentsOf(settings, axis, left));
  const variance = dot(y.values, y.values);
  return {
    slope,
    intercept: y.mean,
    rSquared: variance > 0 ? 1 - dot(left, left) / variance : NaN,
    error: dot(left, left) / measure.length,
    environments,
    worst: environments.reduce((most, { error }) => Math.max(most, error), 0),
  };
}

function environmentsOf(settings: readonly Setting[], axis: string, left: Float64Array): RegressionEnvironment[] {
  const sums: { value: Setting[string]; networks: number; total: number }[] = [];
  codesOf(settings, [axis]).forEach((code, i) => {
    const own = (sums[code] ??= { value: settings[i][axis], networks: 0, total: 0 });
    own.networks++;
    own.total += left[i] * left[i];
  });
  return sums.map(({ value, networks, total }) => ({ axis, value, networks, error: total / networks }));
}

function centred(numbers: ArrayLike<number>): { readonly values: Float64Array; readonly mean: number } {
  const values = Float64Array.from(numbers);
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  return { values: values.map((value) => value - mean), mean };
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
