import type { FloatArray } from './floatArray.js';

/** Labelled inputs: what networks are trained, evaluated and certified on. */
export interface Examples {
  /** (count, features), row-major */
  readonly inputs: FloatArray;
  /** (count,), each in [0, classes) */
  readonly labels: Int32Array;
  readonly count: number;
  readonly features: number;
  readonly classes: number;
}
