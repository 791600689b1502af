import type { FloatArray } from './floatArray.js';

/** Inputs of examples, and how much each counts. */
export interface ExampleInputs {
  /** (count, features), row-major */
  readonly inputs: FloatArray;
  readonly count: number;
  readonly features: number;
  /** of one example, row-major; images are [channels, height, width]. Absent: [features], or not known */
  readonly shape?: readonly number[];
  /** (count,), each ≥ 0 and not all 0: means over examples become Σ wᵢ ℓᵢ / Σ wᵢ. Default all 1 */
  readonly weights?: FloatArray;
}

/** Labelled inputs: what networks are trained, evaluated and certified on. */
export interface Examples extends ExampleInputs {
  /** (count,), each in [0, classes) */
  readonly labels: Int32Array;
  readonly classes: number;
}

/** Inputs with real targets: regression, class probabilities, several yes-or-no questions at once. */
export interface TargetExamples extends ExampleInputs {
  /** (count, outputs), row-major */
  readonly targets: FloatArray;
  readonly outputs: number;
}

/** Examples of either kind. */
export type AnyExamples = Examples | TargetExamples;
