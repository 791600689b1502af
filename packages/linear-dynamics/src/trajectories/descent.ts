import { refuse, refuseType, requireInteger, requireOneOf, requirePositive } from '@hyperribbon/contract';
import { UnstableStepError } from './unstableStepError.js';

/** Which clock runs: gradient descent with T steps, or gradient flow over the time η T. */
export type Dynamics = 'descent' | 'flow';

/** What decides how fast each eigendirection of the input correlation is learned. */
export interface Descent {
  /** (d,) eigenvalues λ of Σ = X Xᵀ/n (or of K/n for a kernel), all ≥ 0, any order */
  readonly eigenvalues: ArrayLike<number>;
  /** η > 0; for descent below 2/λ₁ */
  readonly learningRate: number;
  /** T, the number of recorded points t = 0..T − 1: an integer ≥ 1 for descent, any number > 0 for flow */
  readonly steps: number;
  /** default 'descent' */
  readonly dynamics?: Dynamics;
}

/** A {@link Descent} that has been checked. */
export interface ResolvedDescent extends Required<Descent> {
  readonly eigenvalues: Float64Array;
}

/** Checks the numbers of a descent and copies the eigenvalues. @throws ArgumentError, UnstableStepError */
export function resolveDescent(
  caller: string,
  { eigenvalues, learningRate, steps, dynamics = 'descent' }: Descent,
): ResolvedDescent {
  const values = eigenvaluesOf(caller, eigenvalues);
  requirePositive(caller, 'learningRate', learningRate);
  requireOneOf(caller, 'dynamics', dynamics, ['descent', 'flow']);
  if (dynamics === 'flow') requirePositive(caller, 'steps', steps);
  else {
    requireInteger(caller, 'steps', steps, 1);
    requireStable(caller, values, learningRate);
  }
  return { eigenvalues: values, learningRate, steps, dynamics };
}

/** @throws UnstableStepError when η ≥ 2/λ₁ */
export function requireStable(caller: string, eigenvalues: Float64Array, learningRate: number): void {
  const largest = eigenvalues.reduce((a, b) => Math.max(a, b), 0);
  // the product, not the quotient, decides: it is what the recursion uses
  if (!(learningRate * largest < 2)) {
    throw new UnstableStepError(caller, learningRate, 2 / largest, `2/λ₁ with λ₁ = ${largest}`);
  }
}

/** Copies eigenvalues. @throws ArgumentError when there are none or one is negative or not finite */
export function eigenvaluesOf(caller: string, eigenvalues: ArrayLike<number>): Float64Array {
  if (typeof eigenvalues?.length !== 'number') refuseType(caller, 'eigenvalues', 'an array of numbers', eigenvalues);
  const values = Float64Array.from(eigenvalues);
  if (values.length === 0) refuse(caller, 'eigenvalues must not be empty');
  values.forEach((value, i) => {
    if (value >= 0 && value < Infinity) return;
    const remedy = value < 0 ? '; if this is the rounding of a zero, replace it by 0' : '';
    refuse(
      caller,
      `eigenvalues of a correlation or Gram matrix must be finite and >= 0, got eigenvalues[${i}]=${value}${remedy}`,
    );
  });
  return values;
}
