import { UnstableStepError } from './unstableStepError.js';

/** Which clock runs: gradient descent with T steps, or gradient flow over the time η T. */
export type Dynamics = 'descent' | 'flow';

/** What decides how fast each eigendirection of the input correlation is learned. */
export interface Descent {
  /** (d,) eigenvalues λ of Σ = X Xᵀ/n (or of K/n for a kernel), all ≥ 0, any order */
  readonly eigenvalues: ArrayLike<number>;
  /** η > 0; for descent below 2/λ₁ */
  readonly stepSize: number;
  /** T, the number of recorded points t = 0..T − 1: an integer ≥ 1 for descent, any number > 0 for flow */
  readonly steps: number;
  /** default 'descent' */
  readonly dynamics?: Dynamics;
}

/** A {@link Descent} that has been checked. */
export interface CheckedDescent {
  readonly eigenvalues: Float64Array;
  readonly stepSize: number;
  readonly steps: number;
  readonly dynamics: Dynamics;
}

/** Checks the numbers of a descent and copies the eigenvalues. @throws RangeError, TypeError, UnstableStepError */
export function checkDescent(
  caller: string,
  { eigenvalues, stepSize, steps, dynamics = 'descent' }: Descent,
): CheckedDescent {
  const values = checkEigenvalues(caller, eigenvalues);
  checkPositive(caller, 'stepSize', stepSize);
  if (dynamics !== 'descent' && dynamics !== 'flow') {
    throw new RangeError(`${caller}: dynamics must be 'descent' or 'flow', got ${String(dynamics)}`);
  }
  checkPositive(caller, 'steps', steps);
  if (dynamics === 'descent') {
    if (!Number.isInteger(steps)) {
      throw new RangeError(`${caller}: steps must be an integer >= 1 for gradient descent, got steps=${steps}`);
    }
    checkStable(caller, values, stepSize);
  }
  return { eigenvalues: values, stepSize, steps, dynamics };
}

/** @throws UnstableStepError when η ≥ 2/λ₁ */
export function checkStable(caller: string, eigenvalues: Float64Array, stepSize: number): void {
  const largest = eigenvalues.reduce((a, b) => Math.max(a, b), 0);
  // the product, not the quotient, decides: it is what the recursion uses
  if (!(stepSize * largest < 2)) {
    throw new UnstableStepError(caller, stepSize, 2 / largest, `2/λ₁ with λ₁ = ${largest}`);
  }
}

/** Copies eigenvalues. @throws RangeError when there are none or one is negative or not finite */
export function checkEigenvalues(caller: string, eigenvalues: ArrayLike<number>): Float64Array {
  if (eigenvalues === undefined || eigenvalues === null || typeof eigenvalues.length !== 'number') {
    throw new TypeError(`${caller}: eigenvalues must be an array of numbers, got ${typeof eigenvalues}`);
  }
  const values = Float64Array.from(eigenvalues);
  if (values.length === 0) throw new RangeError(`${caller}: eigenvalues must not be empty`);
  for (let i = 0; i < values.length; i++) {
    if (!(values[i] >= 0 && values[i] < Infinity)) {
      throw new RangeError(
        `${caller}: eigenvalues of a correlation or Gram matrix must be finite and >= 0, got eigenvalues[${i}]=${values[i]}` +
          (values[i] < 0 ? '; if this is the rounding of a zero, replace it by 0' : ''),
      );
    }
  }
  return values;
}

/** @throws TypeError, RangeError unless 0 < value < ∞ */
export function checkPositive(caller: string, name: string, value: number): void {
  if (typeof value !== 'number') throw new TypeError(`${caller}: ${name} must be a number, got ${typeof value}`);
  if (!(value > 0 && value < Infinity)) {
    throw new RangeError(`${caller}: ${name} must be finite and > 0, got ${name}=${value}`);
  }
}

/** @throws TypeError, RangeError unless 0 ≤ value < ∞ */
export function checkNonNegative(caller: string, name: string, value: number): void {
  if (typeof value !== 'number') throw new TypeError(`${caller}: ${name} must be a number, got ${typeof value}`);
  if (!(value >= 0 && value < Infinity)) {
    throw new RangeError(`${caller}: ${name} must be finite and >= 0, got ${name}=${value}`);
  }
}

/** Copies a vector. @throws RangeError when its length is wrong or an entry is not finite */
export function checkVector(caller: string, name: string, vector: ArrayLike<number>, length: number): Float64Array {
  if (vector.length !== length) {
    throw new RangeError(`${caller}: ${name} must have ${length} entries, got ${vector.length}`);
  }
  const copy = Float64Array.from(vector);
  const bad = copy.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new RangeError(`${caller}: ${name} must be finite, got ${name}[${bad}]=${copy[bad]}`);
  return copy;
}

/** @throws RangeError unless value is an integer in [low, high] */
export function checkInteger(caller: string, name: string, value: number, low: number, high: number = Infinity): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    const range = high === Infinity ? `>= ${low}` : `in [${low}, ${high}]`;
    throw new RangeError(`${caller}: ${name} must be an integer ${range}, got ${name}=${value}`);
  }
}
